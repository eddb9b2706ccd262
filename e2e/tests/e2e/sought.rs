//! What topics look for is asked of the network, and what it finds becomes a mention of the topic: the real server, sources as a person adds
//! them, networks played by `molva emulator`. When a topic changes the network is asked for the new words, and no more for the old ones.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use molva_e2e::api::{Api, client, id};
use molva_e2e::emulator::Emulator;
use molva_e2e::environment::eventually;
use molva_e2e::place::Place;
use molva_e2e::process::Launch;
use reqwest::Method;
use serde_json::{Value, json};

const TIME_SCALE: &str = "200";
const PATIENCE: Duration = Duration::from_secs(600);

/// Topics, and what somebody says that each means: other forms of the words, another case, `е` for `ё`.
const TOPICS: [(&str, &str, &str); 3] = [
    ("Связь", "ростелеком (сбой OR авария)", "У Ростелекома вторые сутки сбои, звонили трижды"),
    ("Кошка", "\"hello kitty\"", "Купила дочке рюкзак Hello Kitty и не жалею"),
    ("Селезнёв", "Селезнёв", "Концерт Селезнева в субботу, билеты ещё есть"),
];
/// What the first of them is about later.
const LATER: (&str, &str) = ("верфь", "На верфях заложили ледокол");

#[tokio::test]
async fn vk_is_asked_for_the_topics_and_what_it_finds_becomes_their_mention() -> anyhow::Result<()> {
    sought("vk", "api_url", json!({}), json!({"access_token": "service-token"})).await
}

#[tokio::test]
async fn reddit_is_asked_for_the_topics_and_what_it_finds_becomes_their_mention() -> anyhow::Result<()> {
    let settings = json!({"client_id": "reddit-app", "login": "person1001"});
    sought("reddit", "api_url", settings, json!({"client_secret": "reddit-secret"})).await
}

#[tokio::test]
async fn youtube_is_asked_for_the_topics_and_what_it_finds_becomes_their_mention() -> anyhow::Result<()> {
    sought("youtube", "url", json!({}), json!({"api_key": "youtube-key"})).await
}

#[tokio::test]
async fn x_searches_for_the_topics_and_what_it_finds_becomes_their_mention() -> anyhow::Result<()> {
    sought("x", "api_url", json!({"what": "search"}), json!({"bearer_token": "app-token"})).await
}

#[tokio::test]
async fn x_streams_what_the_topics_look_for_and_it_becomes_their_mention() -> anyhow::Result<()> {
    sought("x", "api_url", json!({"what": "stream"}), json!({"bearer_token": "app-token"})).await
}

async fn sought(name: &str, address: &str, mut settings: Value, secrets: Value) -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let network = Emulator::start(&place, name, &["--items", "0", "--time-scale", TIME_SCALE]).await?;
    let arguments = ["--time-scale", TIME_SCALE, "--allow-private-host", "127.0.0.1"];
    let molva = Launch::new(&place).arguments(&arguments).start().await?;
    let api = Api::with_token(molva.base(), &place.token().await?)?;
    let mut topics = Vec::new();
    for (title, query, _) in TOPICS {
        topics.push(api.add_topic(title, query).await?);
    }
    settings[address] = network.address.as_str().into();
    if name == "reddit" {
        settings["site_url"] = network.address.as_str().into();
    }
    let draft = json!({"connector": name, "name": name, "settings": settings, "secrets": secrets});
    let source = id(&api.post("/api/sources", &draft).await?)?;
    let rules = (settings["what"] == "stream").then(|| format!("{}/2/tweets/search/stream/rules", network.address));
    let there = Asked { api: &api, network: &network, source, rules };

    // Every topic is asked for whole, and nobody had to name a word.
    for (topic, (title, ..)) in topics.iter().zip(TOPICS) {
        let asked = there.of(topic).await?;
        ensure!(asked["missing"] == json!([]) && asked["queries"] != json!([]), "{title}: {asked}");
    }
    there.looked().await?;
    there.streams("kitty", "верф").await?;
    for (topic, (.., text)) in topics.iter().zip(TOPICS) {
        there.say(text).await?;
        there.heard(topic, text).await?;
    }
    ensure!(api.mentions("").await?.len() == TOPICS.len(), "each post is a mention of its own topic and of no other");

    let (query, text) = LATER;
    let draft = json!({"name": TOPICS[0].0, "level": "brand", "kind": "own", "query": query});
    let changed = api.request(Method::PUT, &format!("/api/topics/{}", topics[0])).json(&draft);
    changed.send().await?.error_for_status()?;
    there.streams("верф", "ростелеком").await?;
    there.say(text).await?;
    there.heard(&topics[0], text).await?;
    let before = api.ledger().await?;
    let queries = there.of(&topics[0]).await?["queries"].to_string();
    ensure!(queries.contains("верф") && !queries.contains("ростелеком"), "{queries}");
    // The old words would still bring this, which no topic means now; all others bring what comes after it.
    there.say("Авария у Ростелекома, весь район без связи").await?;
    for (topic, text) in [(0, "Вернулись с верфи"), (1, "Моя Hello Kitty"), (2, "Селезнёв уехал")]
    {
        there.say(text).await?;
        there.heard(&topics[topic], text).await?;
    }
    let (after, heard) = (api.ledger().await?, 3);
    ensure!(after.stored == before.stored + heard, "{before:?} {after:?}");
    ensure!(after.unmatched == before.unmatched, "the old words are still asked for: {before:?} {after:?}");
    ensure!(after.rejected == 0, "{after:?}");
    Ok(())
}

/// A source that asks for the topics.
struct Asked<'a> {
    api: &'a Api,
    network: &'a Emulator,
    source: String,
    /// Where X tells the rules of its stream. What is said before a rule is there does not come.
    rules: Option<String>,
}

impl Asked<'_> {
    /// What is asked for one topic.
    async fn of(&self, topic: &str) -> anyhow::Result<Value> {
        let search = self.api.get(&format!("/api/sources/{}/search", self.source)).await?;
        ensure!(search["by_topics"] == true, "{search}");
        let topics = search["topics"].as_array().context("topics")?;
        topics.iter().find(|asked| asked["topic_id"] == topic).cloned().with_context(|| format!("{topic} in {search}"))
    }

    /// The first look is over.
    async fn looked(&self) -> anyhow::Result<()> {
        eventually(PATIENCE, "the first look", || async {
            let source = self.api.get(&format!("/api/sources/{}", self.source)).await?;
            Ok(if source["last_success_at"].is_string() { Ok(()) } else { Err(source.to_string()) })
        })
        .await
    }

    /// X streams what holds the one word, and no more what holds the other.
    async fn streams(&self, this: &str, not_that: &str) -> anyhow::Result<()> {
        let Some(address) = &self.rules else { return Ok(()) };
        eventually(PATIENCE, "the rules of the stream", || async {
            let rules = client()?.get(address).bearer_auth("app-token").send().await?.error_for_status()?;
            let rules = rules.text().await?;
            Ok(if rules.contains(this) && !rules.contains(not_that) { Ok(()) } else { Err(rules) })
        })
        .await
    }

    async fn say(&self, text: &str) -> anyhow::Result<()> {
        self.network.tell("/_say", &json!({"place": 1, "kind": "post", "person": 1_007, "text": text})).await?;
        Ok(())
    }

    /// It is a mention of the topic.
    async fn heard(&self, topic: &str, text: &str) -> anyhow::Result<()> {
        eventually(PATIENCE, &format!("a mention: {text}"), || async {
            let mentions = self.api.mentions(&format!("topic={topic}")).await?;
            let said = |mention: &Value| mention["post"]["text"].as_str().is_some_and(|said| said.contains(text));
            let ledger = self.api.ledger().await?;
            Ok(if mentions.iter().any(said) { Ok(()) } else { Err(format!("{ledger:?} {mentions:?}")) })
        })
        .await
    }
}
