//! The labelling game by two people, and what it says of the figures.

use std::time::{Duration, Instant};

use molva_domain::{MachineJudgement, MentionId, ModelId, Timestamp};
use molva_storage::mention::MentionFilter;
use serde_json::{Value, json};

use crate::actors::{Actor, World, id};

/// Mentions of a week; of every ten the machine calls four negative and people three.
const MENTIONS: usize = 400;

struct Bench {
    world: World,
    owner: Actor,
    topic: String,
}

fn text(number: usize) -> String {
    format!("звенора: запись {number}, {}", if number % 10 < 3 { "всё плохо" } else { "всё как всегда" })
}

impl Bench {
    async fn start() -> Self {
        let world = World::start().await;
        let owner = world.owner().await;
        let topic = json!({"name": "Звенора", "level": "brand", "kind": "own", "query": "звенора"});
        let topic = id(&owner.post("/api/topics", topic).await.expect(201));
        let source = owner.post("/api/sources", json!({"connector": "push", "name": "Отзывы"})).await.expect(201);
        let begin = Timestamp::parse("2026-03-02T06:00:00Z").expect("a Monday");
        let post = |number: usize| {
            let published = begin.plus(Duration::from_secs(number as u64 * 600)).to_rfc3339();
            json!({"id": number.to_string(), "text": text(number), "published": published, "network": "vk"})
        };
        let posts: Vec<Value> = (0..MENTIONS).map(post).collect();
        let program = world.token(&["push"]).await;
        program.post(&format!("/api/push/{}", id(&source)), json!(posts)).await.expect(202);
        let bench = Self { world, owner, topic };
        bench.judge().await;
        bench.owner.archive_caught_up().await;
        bench
    }

    /// The machine also calls negative what speaks of one post in ten more.
    async fn judge(&self) {
        let (storage, workspace) = (&self.world.storage, self.world.workspace);
        let mut cursor: Option<String> = None;
        loop {
            let page =
                storage.mentions(workspace, &MentionFilter::default(), cursor.as_deref(), 200).await.expect("a page");
            let judged: Vec<(MentionId, MachineJudgement)> = page
                .mentions
                .iter()
                .map(|mention| {
                    let number: usize =
                        mention.post.urn.to_string().rsplit(':').next().expect("an id").parse().expect("digits");
                    let short = match number % 10 {
                        0..4 => "t-70,20,10 iC80 x1",
                        4 => "t+10,20,70 x1",
                        _ => "t=10,80,10 x1",
                    };
                    (mention.id, MachineJudgement::from_compact(short).expect("a judgement"))
                })
                .collect();
            storage.write_judgements(workspace, ModelId::SHIPPED, judged, None).await.expect("written");
            cursor = page.next;
            if cursor.is_none() {
                return;
            }
        }
    }

    fn march(&self) -> Value {
        json!({"topic": [self.topic], "from": "2026-03-01T00:00:00Z", "to": "2026-03-31T00:00:00Z"})
    }

    async fn ask(&self, question: &str) -> Value {
        let body = json!({"selection": self.march()});
        self.owner.post(&format!("/api/questions/{question}"), body).await.expect(200)
    }
}

/// What an honest person says.
fn honest(shown: &Value) -> Value {
    let bad = shown["mention"]["text"].as_str().expect("a text").contains("плохо");
    json!({"tone": if bad { "negative" } else { "neutral" }, "intents": if bad { json!(["complaint"]) } else { json!([]) }, "seconds": 4})
}

/// Answers until nothing is left; audits and mentions in the order they were shown.
async fn label_all(person: &Actor) -> Vec<(String, String)> {
    let mut shown = person.get("/api/labelling/next").await.expect(200);
    let mut seen = Vec::new();
    while shown.is_object() {
        let [audit, mention] = ["audit_id", "mention_id"].map(|id| shown[id].as_str().expect("an id").to_owned());
        shown = person.post(&format!("/api/labelling/{audit}"), honest(&shown)).await.expect(200);
        seen.push((audit, mention));
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn people_label_blind_and_figures_get_intervals() {
    let bench = Bench::start().await;
    let nobody = bench.ask("volume").await;
    assert_eq!((&nobody["estimates"], nobody["tones"]["negative"].as_u64()), (&Value::Null, Some(160)), "{nobody}");
    let trust = bench.ask("trust").await;
    assert_eq!(trust["audited"], json!({"mentions": 0, "people": 0, "agreement": null, "since": null}));
    assert!(trust["reasons"].to_string().contains("Nobody has labelled"), "{}", trust["reasons"]);

    // The newest week with mentions is drawn: 1 March is a Sunday.
    let game = bench.owner.get("/api/labelling").await.expect(200);
    let round = &game["round"];
    assert_eq!((round["size"].as_u64(), round["answered_by_me"].as_u64()), (Some(60), Some(0)), "{game}");
    assert_eq!(
        (&round["from"], &round["to"]),
        (&json!("2026-03-02T00:00:00.000Z"), &json!("2026-03-09T00:00:00.000Z"))
    );
    assert_eq!((game["minutes_estimate"].as_u64(), game["streak_weeks"].as_u64()), (Some(6), Some(0)));
    let again = bench.owner.get("/api/labelling").await.expect(200);
    assert_eq!(again["round"]["id"], round["id"]);

    let shown = bench.owner.get("/api/labelling/next").await.expect(200);
    let told: Vec<&str> = shown.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(told, ["audit_id", "mention", "mention_id", "object", "spans"]);
    let told: Vec<&str> = shown["mention"].as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(told, ["language", "network", "published_at", "text", "title", "url"]);
    assert_eq!(shown["object"], json!({"topic_id": bench.topic, "name": "Звенора"}));
    assert_eq!(shown["spans"], json!([{"in_title": false, "start": 0, "end": 7}]));

    let shown = label_all(&bench.owner).await;
    let (first, mentions): (Vec<String>, Vec<String>) = shown.into_iter().unzip();
    assert_eq!(first.len(), 60);
    let boris = bench.world.person("boris", "Борис", "analyst").await;
    let second: Vec<String> = label_all(&boris).await.into_iter().map(|(audit, _)| audit).collect();
    assert_eq!(second, first[..20]);
    let game = bench.owner.get("/api/labelling").await.expect(200);
    let counts = ["answered_by_me", "answered", "double"].map(|count| game["round"][count].as_u64());
    assert_eq!(counts, [Some(60), Some(60), Some(20)], "{game}");
    assert_eq!((game["streak_weeks"].as_u64(), game["minutes_estimate"].as_u64()), (Some(1), Some(0)));
    assert_eq!((&game["agreement"]["mentions"], &game["agreement"]["tone"]), (&json!(20), &json!(1.0)), "{game}");
    assert_eq!((&game["agreement"]["intents"], &game["agreement"]["stage"]), (&json!(1.0), &Value::Null));
    // Of ten mentions the machine is wrong of two: one is called negative, one positive.
    let accuracy = game["history"][0]["accuracy_of_model"]["tone"].as_f64().expect("an accuracy");
    assert!((accuracy - 0.8).abs() < 0.2, "{accuracy}");

    bench.covers_the_truth(&mentions).await;
}

impl Bench {
    async fn covers_the_truth(&self, labelled: &[String]) {
        let volume = self.ask("volume").await;
        for estimates in [&volume["estimates"], &volume["topics"][0]["estimates"]] {
            let negative = &estimates["negative"];
            let [value, low, high] = ["value", "low", "high"].map(|field| negative[field].as_f64().expect("a number"));
            // Which mentions were drawn is chance: one interval of twenty misses the truth, hardly any by its own width.
            assert!(low < value && value < high && (value - 0.3).abs() < high - low && value < 0.4, "{negative}");
            assert_eq!((negative["audited"].as_u64(), negative["covered"].as_f64()), (Some(60), Some(1.0)));
            assert_eq!(negative["method"], "prediction_powered");
            // People saw nothing positive.
            assert_eq!(
                (&estimates["positive"]["method"], &estimates["positive"]["low"]),
                (&json!("wilson"), &json!(0.0))
            );
            let net = &estimates["net_sentiment"];
            let [value, low, high] = ["value", "low", "high"].map(|field| net[field].as_f64().expect("a number"));
            assert!(low < value && value < high && (value + 30.0).abs() < high - low && high - low < 30.0, "{net}");
        }
        for question in ["rhythm", "places"] {
            assert_eq!(self.ask(question).await["estimates"], volume["estimates"], "{question}");
        }
        let trust = self.ask("trust").await;
        let audited = &trust["audited"];
        assert_eq!(
            (&audited["mentions"], &audited["people"], &audited["agreement"]),
            (&json!(60), &json!(2), &json!(1.0))
        );
        assert!(
            trust["reasons"].to_string().contains("Mentions that people labelled blind: 60."),
            "{}",
            trust["reasons"]
        );
        // Fewer mentions hold fewer labels.
        let half = json!({"selection": {"topic": [self.topic], "query": "плохо"}});
        let half = self.owner.post("/api/questions/volume", half).await.expect(200);
        assert_eq!((&half["mentions"], &half["estimates"]), (&json!(120), &Value::Null), "{half}");
        self.corrections_are_told_apart(&volume, labelled).await;
    }

    async fn corrections_are_told_apart(&self, volume: &Value, labelled: &[String]) {
        let negative = |volume: &Value| volume["estimates"]["negative"].clone();
        let value = |estimate: &Value| estimate["value"].as_f64().expect("a number");
        // What people set right after their answers does not pass for what the machine says of the others.
        let change = json!({"ids": labelled, "tone": "neutral"});
        self.owner.patch("/api/mentions", change).await.expect(200);
        self.owner.archive_caught_up().await;
        let applied = self.ask("volume").await;
        let changed = volume["tones"]["negative"].as_u64() > applied["tones"]["negative"].as_u64();
        assert!(changed && (value(&negative(&applied)) - 0.3).abs() < 0.12, "{applied}");
        let begun = Instant::now();
        for _ in 0..10 {
            self.ask("trust").await;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_undone_skipped_and_refused() {
    let bench = Bench::start().await;
    bench.owner.get("/api/labelling").await.expect(200);
    let shown = bench.owner.get("/api/labelling/next").await.expect(200);
    let path = format!("/api/labelling/{}", shown["audit_id"].as_str().expect("an id"));
    let mention = format!("/api/mentions/{}", shown["mention_id"].as_str().expect("an id"));
    let before = bench.owner.get(&mention).await.expect(200);
    let next = bench.owner.post(&path, json!({"tone": "positive", "stage": "use", "seconds": 3})).await.expect(200);
    assert_ne!(next["audit_id"], shown["audit_id"]);
    assert_eq!(bench.owner.get(&mention).await.expect(200), before);
    assert_eq!(bench.owner.delete(&path).await.expect(200), shown);
    assert_eq!(bench.owner.delete(&path).await.problem(), (404, "not_found"));
    assert_eq!(bench.owner.get("/api/labelling/next").await.expect(200), shown);
    bench.owner.post(&path, json!({"skipped": true, "seconds": 90_000})).await.expect(200);
    let game = bench.owner.get("/api/labelling").await.expect(200);
    assert_eq!((&game["round"]["answered_by_me"], &game["round"]["answered"]), (&json!(1), &json!(0)));
    assert_eq!(game["history"], json!([]));

    // Of spam, and of what is not about the object, no tone needs to be said.
    for toneless in [json!({"spam": true, "intents": ["spam"], "seconds": 2}), json!({"relevant": false, "seconds": 2})]
    {
        bench.owner.post(&path, toneless).await.expect(200);
    }
    let game = bench.owner.get("/api/labelling").await.expect(200);
    assert_eq!((&game["round"]["answered_by_me"], &game["round"]["answered"]), (&json!(1), &json!(1)));

    for wrong in [json!({"seconds": 3}), json!({"tone": "glad", "seconds": 3}), json!({"tone": "neutral"})] {
        assert_eq!(bench.owner.post(&path, wrong.clone()).await.problem(), (422, "invalid_fields"), "{wrong}");
    }
    let right = json!({"tone": "neutral", "seconds": 3});
    assert_eq!(bench.owner.post("/api/labelling/17", right.clone()).await.problem(), (404, "not_found"));
    // Everything was drawn: earlier than this week there is nothing.
    assert_eq!(bench.owner.post("/api/labelling", json!({})).await.problem(), (409, "nothing_to_label"));

    // Labels are a person's; no program gives them.
    let program = bench.world.token(&["read", "write"]).await;
    for path in ["/api/labelling", "/api/labelling/next"] {
        assert_eq!(bench.world.anonymous().get(path).await.status.as_u16(), 401);
        assert_eq!(program.get(path).await.status.as_u16(), 403, "{path}");
    }
    assert_eq!(program.post(&path, right).await.status.as_u16(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_without_mentions_has_nothing_to_label() {
    let world = World::start().await;
    let owner = world.owner().await;
    let game = owner.get("/api/labelling").await.expect(200);
    assert_eq!((&game["round"], &game["history"]), (&Value::Null, &json!([])));
    assert_eq!(owner.get("/api/labelling/next").await.expect(200), Value::Null);
}
