//! People correct, the models learn: what is better is taken and judges, what is not is refused, and one can go back.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use molva_storage::mention::MentionFilter;
use serde_json::{Value, json};

use crate::actors::{Actor, World, id};

const POSTS: usize = 400;

struct Bench {
    world: World,
    owner: Actor,
    program: Actor,
    source: String,
    /// Ids of the mentions by the number of their post.
    mentions: HashMap<usize, String>,
}

/// A sentence that says nothing bad; with a word that people of this workspace mean as blame.
fn sentence(number: usize) -> String {
    let things = ["тариф", "роутер", "офис", "чат", "сайт", "телефон", "пакет", "номер"];
    let doings = ["обновили", "показали", "прислали", "открыли", "поменяли", "привезли"];
    let places = ["сегодня", "в Казани", "на вокзале", "дома", "вечером"];
    let (thing, doing, place) = (things[number % 8], doings[number / 3 % 6], places[number / 7 % 5]);
    let blame = if number.is_multiple_of(2) { " и фикус" } else { "" };
    format!("Ромашка {doing} {thing} {place}{blame}, номер {number}")
}

/// As good as thrown.
fn dice(number: usize) -> u64 {
    (number as u64 + 11).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40
}

impl Bench {
    async fn start() -> Self {
        let world = World::judging().await;
        let owner = world.owner().await;
        let topic = json!({"name": "Ромашка", "level": "brand", "kind": "own", "query": "ромашк*"});
        owner.post("/api/topics", topic).await.expect(201);
        let source = owner.post("/api/sources", json!({"connector": "push", "name": "Отзывы"})).await.expect(201);
        let program = world.token(&["push"]).await;
        let mut bench = Self { world, owner, program, source: id(&source), mentions: HashMap::new() };
        bench.push(0..POSTS).await;
        bench
    }

    async fn push(&mut self, numbers: impl Iterator<Item = usize>) {
        let published = self.world.now().to_rfc3339();
        let post = |number: usize| json!({"id": number.to_string(), "text": sentence(number), "published": published, "network": "vk"});
        let posts: Vec<Value> = numbers.map(post).collect();
        self.program.post(&format!("/api/push/{}", self.source), json!(posts)).await.expect(202);
        let (storage, workspace) = (&self.world.storage, self.world.workspace);
        let filter = MentionFilter { with_copies: true, ..MentionFilter::default() };
        let mut cursor: Option<String> = None;
        loop {
            let page = storage.mentions(workspace, &filter, cursor.as_deref(), 200).await.expect("a page");
            for mention in page.mentions {
                let number = mention.post.urn.to_string().rsplit(':').next().and_then(|id| id.parse().ok());
                self.mentions.insert(number.expect("a number"), mention.id.to_string());
            }
            cursor = page.next;
            if cursor.is_none() {
                return;
            }
        }
    }

    async fn say(&self, tone: &str, numbers: impl Iterator<Item = usize>) {
        let ids: Vec<&String> = numbers.map(|number| &self.mentions[&number]).collect();
        for ids in ids.chunks(100) {
            self.owner.patch("/api/mentions", json!({"ids": ids, "tone": tone})).await.expect(200);
        }
    }

    /// Trains, and waits for what comes of it.
    async fn train(&self) -> Value {
        let before = self.model().await["history"].as_array().expect("a list").len();
        self.owner.post("/api/model/train", json!({})).await.expect(202);
        let begun = Instant::now();
        loop {
            let model = self.model().await;
            if model["training"].is_null() && model["history"].as_array().expect("a list").len() > before {
                return model;
            }
            assert!(begun.elapsed() < Duration::from_secs(180), "{model}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn model(&self) -> Value {
        self.owner.get("/api/model").await.expect(200)
    }

    /// What is said of a post that comes now, and by which model.
    async fn judged(&mut self, number: usize) -> (String, String) {
        self.push([number].into_iter()).await;
        let mention = self.owner.get(&format!("/api/mentions/{}", self.mentions[&number])).await.expect(200);
        let said = |value: &Value| value.as_str().expect("a word").to_owned();
        (said(&mention["tone"]), said(&mention["machine"]["model_id"]))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn corrections_make_a_model_that_judges_what_comes_and_can_be_left_again() {
    let mut bench = Bench::start().await;
    let nothing = bench.owner.post("/api/model/train", json!({})).await;
    assert_eq!(nothing.problem(), (409, "nothing_to_learn"));
    let (shipped, by) = bench.judged(1_000).await;
    assert!(shipped != "negative" && by == "0", "{shipped} by {by}");

    bench.say("negative", (0..POSTS).filter(|number| number.is_multiple_of(2))).await;
    bench.say("neutral", (0..POSTS).filter(|number| number % 4 == 3)).await;
    let model = bench.train().await;
    let taken = id(&model["active"]);
    assert_ne!(taken, "0", "{model}");
    let (base, version) =
        (&model["active"]["base"]["version"], model["active"]["version"].as_str().expect("a version"));
    assert!(version.starts_with(&format!("{}+", base.as_str().expect("a version"))), "{version}");
    assert_eq!((&model["labels"], &model["training"]), (&json!({"tone": 300}), &Value::Null));
    let last = &model["history"][0];
    assert_eq!((&last["id"], &last["state"]), (&json!(taken), &json!("active")));
    let reason = last["reason"].as_str().expect("a reason");
    assert!(reason.starts_with("taken: ") && reason.ends_with("better in: tone"), "{reason}");
    assert!(last["after"].as_f64() > last["before"].as_f64(), "{last}");
    let tone = model["scores"].as_array().expect("scores").iter().find(|score| score["head"] == "tone").expect("tone");
    assert_eq!(
        (&tone["language"], &tone["topic_id"], &tone["metric"]),
        (&Value::Null, &Value::Null, &json!("macro_f1"))
    );
    assert!(tone["after"].as_f64() > tone["before"].as_f64() && tone["low"].as_f64() <= tone["after"].as_f64());
    let rows: Vec<u64> = model["confusion"]
        .as_array()
        .expect("rows")
        .iter()
        .flat_map(|row| row.as_array().expect("a row").iter().map(|count| count.as_u64().expect("a count")))
        .collect();
    assert_eq!((rows.len(), rows.iter().sum::<u64>()), (9, tone["examples"].as_u64().expect("a count")));

    assert_eq!(bench.judged(1_002).await, ("negative".to_owned(), taken.clone()));
    assert_ne!(bench.judged(1_001).await.0, "negative");

    let back = bench.owner.post("/api/model/0/activate", json!({})).await.expect(200);
    assert_eq!((&back["active"]["id"], &back["history"][0]["state"]), (&json!("0"), &json!("retired")));
    assert_eq!(back["scores"][0]["after"], Value::Null);
    let (tone, by) = bench.judged(1_004).await;
    assert!(tone != "negative" && by == "0", "{tone} by {by}");
    let again = bench.owner.post(&format!("/api/model/{taken}/activate"), json!({})).await.expect(200);
    assert_eq!(again["active"]["id"], json!(taken));
    assert_eq!(bench.judged(1_006).await, ("negative".to_owned(), taken));

    assert_eq!(bench.owner.post("/api/model/12/activate", json!({})).await.problem(), (404, "not_found"));
    let reader = bench.world.token(&["read"]).await;
    assert_eq!(reader.post("/api/model/train", json!({})).await.problem().0, 403);
    bench.owner.archive_caught_up().await;
    let drift = bench.model().await["drift"]["weeks"].clone();
    let week = &drift.as_array().expect("weeks")[0];
    let all: u64 = ["negative", "neutral", "positive"].iter().filter_map(|tone| week[tone].as_u64()).sum();
    // What the machine calls spam is left out.
    assert!((380..POSTS as u64 + 8).contains(&all), "{drift}");
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_that_say_nothing_are_refused() {
    let bench = Bench::start().await;
    for (number, tone) in ["negative", "neutral", "positive"].into_iter().enumerate() {
        bench.say(tone, (0..POSTS).filter(|post| dice(*post) % 5 == number as u64)).await;
    }
    let model = bench.train().await;
    assert_eq!((&model["active"]["id"], &model["history"][0]["state"]), (&json!("0"), &json!("refused")));
    let russian = bench.owner.patch("/api/session", json!({"locale": "ru"})).await;
    russian.expect(200);
    let reason = bench.model().await["history"][0]["reason"].clone();
    assert!(reason.as_str().is_some_and(|reason| reason.starts_with("отклонена: на ")), "{reason}");
    let refused = id(&model["history"][0]);
    let used = bench.owner.post(&format!("/api/model/{refused}/activate"), json!({})).await;
    assert_eq!(used.problem(), (404, "not_found"));
}
