//! The five questions over a real archive that follows a real store. The figures of the small set were worked out by hand.

mod places;
mod rhythm;
mod shares;
mod trust;
mod understanding;
mod words;

use molva_domain::{SourceId, Timestamp};
use serde_json::{Value, json};

use crate::actors::{Actor, World, id};

struct Bench {
    world: World,
    owner: Actor,
    source: SourceId,
    own: String,
    competitor: String,
    market: String,
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

/// A selection with more parts.
fn with(selection: &Value, parts: &Value) -> Value {
    let mut selection = selection.clone();
    for (part, value) in parts.as_object().expect("parts") {
        selection[part] = value.clone();
    }
    selection
}

fn posts() -> Value {
    json!([
        {"id": "1", "text": "звенора: нет связи сегодня", "published": "2026-03-02T06:00:00Z", "network": "vk",
         "author": {"handle": "anna", "name": "Анна", "followers": 100, "city": "Гродно", "region": "Гродненская область", "country": "BY"},
         "community": {"key": "city", "title": "Наш город"}, "url": "https://www.host.example/1"},
        {"id": "2", "text": "звенора: нет связи опять", "published": "2026-03-02T07:30:00Z", "network": "vk",
         "author": {"handle": "anna", "name": "Анна", "followers": 150}},
        {"id": "3", "text": "звенора хорошая #тариф 😡", "published": "2026-03-10T12:00:00Z", "network": "forum",
         "author": {"handle": "boris", "followers": 50}, "engagement": {"views": 40}, "links": ["https://status.example/a?b"]},
        {"id": "4", "text": "брамтел: нет связи вечером", "published": "2026-03-10T12:10:00Z", "network": "forum", "author": {"handle": "clara"}},
        {"id": "5", "text": "брамтел дешёвый", "published": "2026-03-20T00:00:00Z", "network": "mastodon",
         "author": {"handle": "dora", "followers": 700}},
        {"id": "6", "text": "звенора и брамтел", "published": "2026-03-20T10:00:00Z", "network": "vk",
         "author": {"handle": "anna", "name": "Анна", "followers": 120}},
        {"id": "7", "text": "звенора: нет связи сегодня", "published": "2026-03-21T10:00:00Z", "network": "vk", "author": {"handle": "egor"}},
        {"id": "8", "text": "звенора реклама пакетов", "published": "2026-03-22T10:00:00Z", "network": "vk", "author": {"handle": "egor"}}
    ])
}

impl Bench {
    async fn start(posts: Value) -> Self {
        Self::in_world(World::start().await, posts).await
    }

    async fn in_world(world: World, posts: Value) -> Self {
        let owner = world.owner().await;
        let topic = async |name: &str, kind: &str, query: &str| {
            let topic = json!({"name": name, "level": "brand", "kind": kind, "query": query});
            id(&owner.post("/api/topics", topic).await.expect(201))
        };
        let own = topic("Звенора", "own", "звенора").await;
        let competitor = topic("Брамтел", "competitor", "брамтел").await;
        let market = topic("Связь", "market", "связь").await;
        let source = owner.post("/api/sources", json!({"connector": "push", "name": "Отзывы"})).await.expect(201);
        let program = world.token(&["push"]).await;
        let sent = program.post(&format!("/api/push/{}", id(&source)), posts.clone()).await.expect(202);
        assert_eq!(sent["stored"], posts.as_array().expect("posts").len(), "{sent}");
        let source = SourceId(id(&source).parse().expect("digits"));
        let bench = Self { world, owner, source, own, competitor, market };
        bench.owner.archive_caught_up().await;
        bench
    }

    async fn small() -> Self {
        Self::judged_by_people(World::start().await).await
    }

    async fn judged_by_people(world: World) -> Self {
        let bench = Self::in_world(world, posts()).await;
        let judge = async |query: &str, change: Value| {
            let change = json!({"selection": {"topic": [bench.own], "query": query, "include": ["spam"]}, "change": change, "expected": 1});
            assert_eq!(bench.owner.post("/api/search/change", change).await.expect(200)["changed"], 1, "{query}");
        };
        judge("сегодня", json!({"tone": "negative"})).await;
        judge("опять", json!({"tone": "negative"})).await;
        judge("хорошая", json!({"tone": "positive"})).await;
        judge("реклама", json!({"state": "binned"})).await;
        bench.owner.archive_caught_up().await;
        bench
    }

    async fn ask(&self, question: &str, body: Value) -> Value {
        self.owner.post(&format!("/api/questions/{question}"), body).await.expect(200)
    }

    async fn count(&self, selection: &Value) -> u64 {
        let counted = self.owner.post("/api/search/count", json!({"selection": selection})).await.expect(200);
        counted["count"].as_u64().expect("a count")
    }

    fn march(&self) -> Value {
        json!({"topic": [self.own], "from": "2026-03-01T00:00:00Z", "to": "2026-03-31T00:00:00Z"})
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn close(value: &Value, expected: f64) -> bool {
    (number(value) - expected).abs() < 1e-9
}
