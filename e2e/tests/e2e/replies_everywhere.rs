//! `kill -9` at random moments while replies go to several networks at once: each arrives exactly once, as counted on the other side.
//!
//! Mastodon is the stand-in that loses answers and forgets keys; Bluesky and WordPress are real servers; VK, Telegram, MAX and
//! Odnoklassniki are played by `molva emulator`, with their limits. Telegram knows no keys and cannot be looked through by a bot: a
//! reply that was cut off there is left to a person and never sent twice.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use molva_e2e::api::{Api, client, id};
use molva_e2e::emulator::Emulator;
use molva_e2e::environment::{eventually, in_ci, number, server};
use molva_e2e::place::Place;
use molva_e2e::process::Launch;
use rand::RngExt as _;
use serde_json::{Value, json};

use crate::replies::Instance;

const TIME_SCALE: &str = "10";
const PATIENCE: Duration = Duration::from_secs(240);
const MENTIONS: Duration = Duration::from_secs(60);
/// Long past: it is sent at once.
const NOW: &str = "2020-01-01T00:00:00Z";
const PARENTS: usize = 8;
/// Answers everything that is brought in.
const EVERYTHING: &str = "мегафон OR не OR что OR на OR и OR the OR a OR с OR для OR в OR с";

/// One network: what is connected, and how its other end is read.
struct Side {
    connector: &'static str,
    /// Of the account.
    settings: Value,
    secrets: Value,
    /// What has to be listened to for mentions; `None` where they are imported.
    source: Option<Value>,
    other_end: OtherEnd,
}

enum OtherEnd {
    Instance(Instance),
    Emulator(Emulator),
    Bluesky { server: String, did: String },
    WordPress { site: String, login: String, password: String },
}

#[tokio::test]
async fn replies_to_several_networks_arrive_once_though_molva_is_killed() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let mut sides = vec![mastodon(&place).await?];
    for network in ["vk", "telegram", "max", "ok"] {
        sides.push(emulator(&place, network).await?);
    }
    if let Some(server) = server("MOLVA_TEST_PDS") {
        sides.push(bluesky(&place, server).await?);
    }
    if let Some(site) = server("MOLVA_TEST_WORDPRESS") {
        sides.push(wordpress(site)?);
    }
    let (replies, kills) = (number("MOLVA_E2E_REPLIES_EVERYWHERE", 60), number("MOLVA_E2E_KILLS", 6));
    let mut arguments = vec!["--time-scale", TIME_SCALE];
    ["127.0.0.1", "localhost"].into_iter().for_each(|host| arguments.extend(["--allow-private-host", host]));

    // Something to answer.
    let (molva, api) = place.serve(&arguments).await?;
    api.add_topic("Всё", EVERYTHING).await?;
    let mut accounts = BTreeMap::new();
    for side in &sides {
        accounts.insert(side.connector, connect(&api, side).await?);
    }
    let mut parents = BTreeMap::new();
    for side in &sides {
        parents.insert(side.connector, answerable(&api, side.connector, &accounts[side.connector]).await?);
    }
    molva.stop().await?;

    // Written while nothing is sent, so that the kills meet replies on their way.
    let (molva, api) = place.serve(&[&arguments[..], &["--no-collect"]].concat()).await?;
    let mut written: HashMap<String, &'static str> = HashMap::new();
    for number in 0..usize::try_from(replies)? {
        let side = sides[number % sides.len()].connector;
        let mention = &parents[side][number / sides.len() % parents[side].len()];
        let text = format!("Спасибо, уже разбираемся, обращение {number:05}");
        let draft = json!({"account_id": accounts[side], "text": text, "send_after": NOW});
        api.post(&format!("/api/mentions/{mention}/replies"), &draft).await?;
        written.insert(text, side);
    }
    molva.stop().await?;

    let started = Instant::now();
    let mut molva = Launch::new(&place).arguments(&arguments).start().await?;
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(rand::rng().random_range(50..900))).await;
        molva.kill().await?;
        molva = Launch::new(&place).arguments(&arguments).start().await?;
    }
    let killing = started.elapsed();
    let api = api.moved_to(molva.base());
    let ended = eventually(PATIENCE, "every reply to be sent", || async {
        let ended = api.all("/api/replies?limit=200").await?;
        let waiting = ended.iter().filter(|reply| !is_ended(reply)).count();
        Ok(if waiting == 0 { Ok(ended) } else { Err(format!("{waiting} wait: {:?}", states(&ended))) })
    })
    .await?;
    let took = started.elapsed();
    ensure!(ended.len() == written.len(), "{} replies of {}", ended.len(), written.len());
    let unsure: Vec<String> = ended.iter().filter(|reply| reply["state"] != "sent").filter_map(text_of).collect();
    molva.stop().await?;

    // VK knows a reply by its id.
    let keys: HashMap<String, String> =
        ended.iter().filter_map(|reply| Some((reply["id"].as_str()?.to_owned(), text_of(reply)?))).collect();
    let mut arrived: HashMap<String, u64> = HashMap::new();
    for side in &sides {
        let here = side.other_end.arrived(&keys).await?;
        eprintln!("  {:<10} {} replies arrived", side.connector, here.values().sum::<u64>());
        here.into_iter().for_each(|(text, times)| *arrived.entry(text).or_default() += times);
    }
    let doubled: Vec<_> = arrived.iter().filter(|(_, times)| **times > 1).take(5).collect();
    // What Telegram was being told when Molva died may have arrived or not; it is told as such and never sent again.
    let lost: Vec<_> =
        written.keys().filter(|text| !arrived.contains_key(*text) && !unsure.contains(text)).take(5).collect();
    assert_eq!((lost, doubled), (Vec::new(), Vec::new()), "some lost, some doubled");
    assert!(unsure.iter().all(|text| written.get(text) == Some(&"telegram")), "not known: {unsure:?}");
    eprintln!(
        "{replies} replies over {} networks, killed {kills} times in {:.1} s, all there after {:.1} s; of {} cut off at Telegram it is told that nobody can know",
        sides.len(),
        killing.as_secs_f64(),
        took.as_secs_f64(),
        unsure.len(),
    );
    Ok(())
}

/// Nothing more will come of it soon.
fn is_ended(reply: &Value) -> bool {
    reply["state"] == "sent" || reply["problem"]["code"] == "not_known" && reply["account"]["connector"] == "telegram"
}

fn states(replies: &[Value]) -> BTreeMap<String, usize> {
    let mut states = BTreeMap::new();
    for reply in replies {
        let problem = reply["problem"]["message"].as_str().unwrap_or_default();
        *states.entry(format!("{} {} {problem}", reply["account"]["connector"], reply["state"])).or_default() += 1;
    }
    states
}

fn text_of(reply: &Value) -> Option<String> {
    Some(reply["text"].as_str()?.to_owned())
}

async fn connect(api: &Api, side: &Side) -> anyhow::Result<String> {
    if let Some(settings) = &side.source {
        let secrets = side.source_secrets();
        let draft =
            json!({"connector": side.connector, "name": side.connector, "settings": settings, "secrets": secrets});
        api.post("/api/sources", &draft).await?;
    }
    let draft = json!({"connector": side.connector, "name": side.connector, "settings": side.settings, "secrets": side.secrets});
    id(&api.post("/api/accounts", &draft).await?)
}

/// Mentions of the network that the account may answer.
async fn answerable(api: &Api, network: &str, account: &str) -> anyhow::Result<Vec<String>> {
    eventually(MENTIONS, &format!("mentions of {network}"), || async {
        let mut found = Vec::new();
        for mention in api.mentions(&format!("network={network}")).await? {
            let mention = id(&mention)?;
            let options = api.get(&format!("/api/mentions/{mention}/reply-options")).await?;
            let may = options["accounts"].as_array().is_some_and(|accounts| {
                accounts.iter().any(|one| one["account"]["id"] == account && one["may"].is_null())
            });
            if may {
                found.push(mention);
            }
            if found.len() == PARENTS {
                break;
            }
        }
        Ok(if found.is_empty() { Err("none can be answered".to_owned()) } else { Ok(found) })
    })
    .await
}

async fn mastodon(place: &Place) -> anyhow::Result<Side> {
    let instance = Instance::start().await?;
    instance.import_parents(place).await?;
    Ok(Side {
        connector: "mastodon",
        settings: json!({"instance": instance.server.url("/")}),
        secrets: json!({"access_token": "token-1"}),
        source: None,
        other_end: OtherEnd::Instance(instance),
    })
}

/// A network that is played, with the clock of the test.
async fn emulator(place: &Place, network: &'static str) -> anyhow::Result<Side> {
    let played = Emulator::start(place, network, &["--time-scale", TIME_SCALE]).await?;
    let address = played.address.clone();
    let api = json!({"api_url": address});
    let (secrets, source) = match network {
        "vk" => (
            json!({"access_token": "community-token-1"}),
            json!({"api_url": address, "what": "walls", "communities": "club1", "history_days": "2"}),
        ),
        "max" => (json!({"bot_token": "emulator-token-of-max"}), api.clone()),
        "ok" => (
            json!({"application_secret": "EMULATORSECRET", "access_token": "emulator-token-of-ok"}),
            json!({"api_url": address, "application_key": "CEMULATORKEY", "groups": "70000000000001", "history_days": "2"}),
        ),
        _ => (json!({"bot_token": "7000001:emulator-token"}), api.clone()),
    };
    let settings = if network == "ok" { json!({"api_url": address, "application_key": "CEMULATORKEY"}) } else { api };
    let other_end = OtherEnd::Emulator(played);
    Ok(Side { connector: network, settings, secrets, source: Some(source), other_end })
}

async fn bluesky(place: &Place, server: String) -> anyhow::Result<Side> {
    let name = format!("r{:08x}.test", rand::rng().random::<u32>());
    let password = "not a secret";
    let account = json!({"handle": name, "email": format!("{name}@example.com"), "password": password});
    let call = async |method: &str, key: Option<&str>, body: &Value| -> anyhow::Result<Value> {
        let request = client()?.post(format!("{server}/xrpc/{method}")).json(body);
        let request = if let Some(key) = key { request.bearer_auth(key) } else { request };
        Ok(request.send().await?.error_for_status()?.json().await?)
    };
    let session = call("com.atproto.server.createAccount", None, &account).await?;
    let (did, key) = (session["did"].as_str().context("no did")?, session["accessJwt"].as_str());
    let mut lines = String::new();
    for number in 0..PARENTS {
        let text = format!("Мегафон, где связь? {number}");
        let record = json!({"$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-03-01T09:30:00.000Z"});
        let body = json!({"repo": did, "collection": "app.bsky.feed.post", "record": record});
        let made = call("com.atproto.repo.createRecord", key, &body).await?;
        let row = json!({"id": made["uri"], "network": "bluesky", "author": name, "published": "2026-03-01T09:30:00Z", "text": text});
        lines.push_str(&format!("{row}\n"));
    }
    let path = place.write("bluesky.jsonl", lines)?;
    place.run_json(&["import", &path]).await?;
    let settings = json!({"identifier": name, "service": server});
    let did = did.to_owned();
    let secrets = json!({"app_password": password});
    Ok(Side { connector: "bluesky", settings, secrets, source: None, other_end: OtherEnd::Bluesky { server, did } })
}

fn wordpress(site: String) -> anyhow::Result<Side> {
    let login = server("MOLVA_TEST_WORDPRESS_USER").context("no user")?;
    let password = server("MOLVA_TEST_WORDPRESS_PASSWORD").context("no password")?;
    ensure!(in_ci() || !site.is_empty(), "no site");
    Ok(Side {
        connector: "wordpress",
        settings: json!({"url": site, "login": login}),
        secrets: json!({"password": password}),
        source: Some(json!({"url": site, "history_days": "3650"})),
        other_end: OtherEnd::WordPress { site, login, password },
    })
}

impl Side {
    fn source_secrets(&self) -> Value {
        match self.connector {
            "vk" => json!({"access_token": "user-token"}),
            "telegram" | "max" | "ok" => self.secrets.clone(),
            _ => json!({}),
        }
    }
}

impl OtherEnd {
    /// The texts that arrived, and how often; `keys` are those of texts that the network knows by a key.
    async fn arrived(&self, keys: &HashMap<String, String>) -> anyhow::Result<HashMap<String, u64>> {
        let mut texts = Vec::new();
        match self {
            Self::Instance(instance) => texts = instance.arrived(),
            Self::Emulator(network) => {
                let counts = network.counts().await?;
                assert_eq!(counts["limits_exceeded"], 0, "{counts}");
                let replies = counts["replies"].as_object().context("no replies are counted")?;
                return Ok(replies
                    .iter()
                    .map(|(key, received)| {
                        (keys.get(key).unwrap_or(key).clone(), received["made"].as_u64().unwrap_or_default())
                    })
                    .collect());
            }
            Self::Bluesky { server, did } => {
                let mut cursor = String::new();
                loop {
                    let address = format!(
                        "{server}/xrpc/com.atproto.repo.listRecords?repo={did}&collection=app.bsky.feed.post&limit=100&cursor={cursor}"
                    );
                    let page: Value = client()?.get(address).send().await?.error_for_status()?.json().await?;
                    let records = page["records"].as_array().context("no records")?;
                    let replies = records.iter().filter(|record| !record["value"]["reply"].is_null());
                    texts.extend(replies.filter_map(|record| text_of(&record["value"])));
                    match page["cursor"].as_str().filter(|_| !records.is_empty()) {
                        Some(next) => next.clone_into(&mut cursor),
                        None => break,
                    }
                }
            }
            Self::WordPress { site, login, password } => {
                for page in 1.. {
                    let comments: Value = client()?
                        .get(format!(
                            "{site}/?rest_route=/wp/v2/comments&per_page=100&context=edit&status=all&page={page}"
                        ))
                        .basic_auth(login, Some(password))
                        .send()
                        .await?
                        .json()
                        .await?;
                    let Some(comments) = comments.as_array().filter(|comments| !comments.is_empty()) else { break };
                    texts.extend(
                        comments.iter().filter_map(|comment| text_of(&json!({"text": comment["content"]["raw"]}))),
                    );
                }
                texts.retain(|text| text.starts_with("Спасибо, уже разбираемся, обращение"));
            }
        }
        let mut arrived = HashMap::new();
        texts.into_iter().for_each(|text| *arrived.entry(text).or_default() += 1);
        Ok(arrived)
    }
}
