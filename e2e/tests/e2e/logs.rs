//! Nothing that people wrote, nothing secret and no address appears in the logs.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use axum::Router;
use axum::routing::get;
use molva_e2e::api::Api;
use molva_e2e::environment::eventually;
use molva_e2e::place::Place;
use molva_e2e::process::Launch;
use molva_e2e::web_server::{Entry, WebServer, now_s, rss};
use serde_json::json;

const TEXT: &str = "кенарловыйтекст";
const AUTHOR: &str = "canary_author_73";
const ADDRESS: &str = "canary-token-in-address-41";
const PASSWORD: &str = "canary password 9 lines";
/// Everything of ours down to the last detail; libraries as in production.
const LEVEL: &str =
    "info,molva=trace,molva_connectors=trace,molva_http_api=trace,molva_pipeline=trace,molva_storage=trace";

#[tokio::test]
async fn no_text_no_secret_and_no_address_is_logged() -> anyhow::Result<()> {
    let feed = WebServer::start(Router::new().fallback(get(|| async {
        let entry = Entry {
            guid: format!("{ADDRESS}-guid"),
            title: TEXT.to_owned(),
            text: format!("мегафон {TEXT}"),
            published_s: now_s() - 60,
        };
        rss("feed", None, [entry].iter())
    })))
    .await?;
    let place = Place::embedded()?;
    // The host as such: of the port where nobody listens, the refusal is to be logged too.
    let molva = Launch::new(&place).arguments(&["--allow-private-host", "127.0.0.1", "--log", LEVEL]).start().await?;
    let setup_url = molva.setup_url().context("no one-time link")?.to_owned();
    let owner = Api::create_owner(molva.base(), &setup_url, PASSWORD).await?;
    let push = provoke(&owner, &feed).await?;
    let token = owner.post("/api/tokens", &json!({"name": "t", "scopes": ["read"]})).await?;
    let token = token["secret"].as_str().context("no token")?.to_owned();
    Api::with_token(molva.base(), &token)?.mentions("").await?;
    let words = molva.stop().await?;

    let (_, link_secret) = setup_url.split_once('#').context("no secret in the link")?;
    let canaries = [TEXT, AUTHOR, ADDRESS, PASSWORD, owner.proof(), &push, &token, link_secret];
    // The link is shown on purpose, in the line for whoever started it.
    for line in words.lines().filter(|line| !line.contains("\"event\":\"ready\"")) {
        for canary in canaries {
            ensure!(!line.contains(canary), "`{canary}` is in the log: {line}");
        }
    }
    ensure!(words.lines().count() >= 4, "a log this short proves nothing: {words}");
    Ok(())
}

/// Good and bad input by every way in, all with canaries. Answers the secret of the push source.
async fn provoke(api: &Api, feed: &WebServer) -> anyhow::Result<String> {
    api.add_topic("Мегафон", "мегафон").await?;
    api.add_source("feed", "good", json!({"url": feed.url(&format!("/{ADDRESS}"))})).await?;
    let refused = format!("http://127.0.0.1:9/{ADDRESS}");
    api.add_source("feed", "refused", json!({"url": refused})).await?;
    let push = api.add_push_source("crm").await?;
    let post = json!({"id": "1", "text": format!("мегафон {TEXT}"), "author": AUTHOR, "published": "2026-03-01T09:30:00Z",
        "url": format!("https://example.com/{ADDRESS}")});
    push.deliver(post.to_string()).await?;
    push.deliver(format!("{{\"id\":\"2\",\"text\":\"{TEXT}")).await?;
    push.send(format!("{TEXT} {AUTHOR}")).await?;
    push.request("forged", Duration::from_secs(9_999), TEXT.to_owned()).send().await?;
    api.post("/api/queries/preview", &json!({"query": TEXT, "limit": 5})).await?;
    api.mentions(&format!("text={TEXT}&author={AUTHOR}")).await?;
    eventually(Duration::from_secs(60), "both feeds to be tried", || async {
        let (good, refused) = (api.source("good").await?, api.source("refused").await?);
        let done = good["tally"]["stored"] == 1 && !refused["problem"].is_null();
        Ok(if done { Ok(()) } else { Err(format!("{} {}", good["state"], refused["state"])) })
    })
    .await?;
    Ok(push.secret().to_owned())
}
