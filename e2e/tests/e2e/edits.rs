//! What people change and take back where they said it changes here too: text, earlier versions, search, ledger.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use molva_e2e::api::{Api, id};
use molva_e2e::emulator::Emulator;
use molva_e2e::environment::eventually;
use molva_e2e::place::Place;
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(60);

/// What is listened to, and how fast its time goes.
struct Listened {
    network: &'static str,
    settings: Value,
    secrets: Value,
    /// What is said there.
    kind: &'static str,
    deletes: bool,
    time_scale: &'static str,
}

#[tokio::test]
async fn edits_and_deletions_of_comments_on_vk_follow() -> anyhow::Result<()> {
    let (settings, secrets) = (json!({"what": "own"}), json!({"access_token": "community-token-1"}));
    follow(Listened { network: "vk", settings, secrets, kind: "comment", deletes: true, time_scale: "20" }).await
}

/// VK tells nobody of edited posts: they are looked up again, the first time after 20 minutes. It leaves out what was deleted as it
/// leaves out what is hidden, so that nothing is known of deletions.
#[tokio::test]
async fn posts_on_vk_are_looked_up_again() -> anyhow::Result<()> {
    let settings = json!({"what": "walls", "communities": "club1"});
    let secrets = json!({"access_token": "user-token"});
    follow(Listened { network: "vk", settings, secrets, kind: "post", deletes: false, time_scale: "100" }).await
}

#[tokio::test]
async fn edits_and_deletions_on_max_follow() -> anyhow::Result<()> {
    let secrets = json!({"bot_token": "emulator-token-of-max"});
    follow(Listened { network: "max", settings: json!({}), secrets, kind: "post", deletes: true, time_scale: "20" })
        .await
}

/// A bot is not told of deletions.
#[tokio::test]
async fn edits_on_telegram_follow() -> anyhow::Result<()> {
    let secrets = json!({"bot_token": "7000001:emulator-token"});
    let settings = json!({});
    follow(Listened { network: "telegram", settings, secrets, kind: "post", deletes: false, time_scale: "20" }).await
}

async fn follow(listened: Listened) -> anyhow::Result<()> {
    let Listened { network: name, mut settings, secrets, kind, deletes, time_scale } = listened;
    let place = Place::embedded()?;
    let network = Emulator::start(&place, name, &["--items", "0", "--time-scale", time_scale]).await?;
    let arguments = ["--time-scale", time_scale, "--allow-private-host", "127.0.0.1"];
    let (molva, api) = place.serve(&arguments).await?;
    let topic = json!({"name": "Звенора", "level": "brand", "kind": "own", "query": "звенора"});
    api.post("/api/topics", &topic).await?;
    settings["api_url"] = network.address.as_str().into();
    let draft = json!({"connector": name, "name": name, "settings": settings, "secrets": secrets});
    let source = id(&api.post("/api/sources", &draft).await?)?;
    // What was said before it listens may come without its former versions.
    eventually(PATIENCE, "the source to listen", || async {
        let source = api.get(&format!("/api/sources/{source}")).await?;
        Ok(if source["state"] == "running" { Ok(()) } else { Err(source["state"].to_string()) })
    })
    .await?;
    let first = "Звенора, где мой заказ?";
    let under = match kind {
        "comment" => {
            network.tell("/_say", &json!({"place": 1, "kind": "post", "text": "Новости дня"})).await?["id"].clone()
        }
        _ => Value::Null,
    };
    let said = network.tell("/_say", &json!({"place": 1, "kind": kind, "text": first, "under": under})).await?;
    let mention = mention(&api, "the mention", |mention| mention["post"]["text"] == first).await?;
    ensure!(mention["edits"] == 0 && mention["post"]["deleted"] == false, "{mention}");

    let second = "Звенора, посылка приехала, спасибо";
    network.tell("/_edit", &json!({"place": 1, "id": said["id"], "text": second})).await?;
    let edited = self::mention(&api, "the edit", |mention| mention["post"]["text"] == second).await?;
    ensure!((&edited["id"], &edited["edits"]) == (&mention["id"], &json!(1)), "{edited}");
    let versions = api.get(&format!("/api/mentions/{}/versions", id(&edited)?)).await?;
    let texts: Vec<&Value> = versions["items"].as_array().context("versions")?.iter().map(|one| &one["text"]).collect();
    ensure!(texts == [first], "{versions}");
    eventually(PATIENCE, "the archive to follow", || async {
        let mut counts = Vec::new();
        for word in ["посылка", "заказ"] {
            let found = api.post("/api/search/count", &json!({"selection": {"query": word}})).await?;
            counts.push(found["count"].as_u64());
        }
        Ok(if counts == [Some(1), Some(0)] { Ok(()) } else { Err(format!("{counts:?}")) })
    })
    .await?;
    let ledger = api.ledger().await?;
    ensure!((ledger.stored, ledger.updated, ledger.rejected) == (1, 1, 0), "{ledger:?}");

    if deletes {
        network.tell("/_delete", &json!({"place": 1, "id": said["id"]})).await?;
        self::mention(&api, "the deletion", |mention| mention["post"]["deleted"] == true).await?;
        let versions = api.get(&format!("/api/mentions/{}/versions", id(&edited)?)).await?;
        ensure!(versions["items"] == json!([]), "what was deleted leaves no versions: {versions}");
    }
    molva.stop().await?;
    Ok(())
}

/// The one mention, once it is like that.
async fn mention(api: &Api, what: &str, wanted: impl Fn(&Value) -> bool) -> anyhow::Result<Value> {
    eventually(PATIENCE, what, || async {
        let mentions = api.mentions("").await?;
        let found = mentions.iter().find(|mention| wanted(mention));
        Ok(found.cloned().ok_or_else(|| format!("{mentions:?}")))
    })
    .await
}
