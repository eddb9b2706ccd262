//! Stories over a real store, index and archive, and why a mention was judged as it was.

use serde_json::{Value, json};

use crate::actors::{Actor, World, id};

const NEWS: &str =
    "Оператор Звенора с первого марта поднимает цены на все архивные тарифы, абоненты получат сообщения заранее";

struct Bench {
    owner: Actor,
    _world: World,
}

fn post(number: usize, network: &str, day: usize, text: &str) -> Value {
    json!({"id": number.to_string(), "text": text, "published": format!("2026-03-{day:02}T10:00:00Z"), "network": network,
        "author": {"handle": format!("anna{number}")}})
}

impl Bench {
    async fn start() -> Self {
        let world = World::judging().await;
        let owner = world.owner().await;
        let topic = json!({"name": "Звенора", "level": "brand", "kind": "own", "query": "звенора"});
        owner.post("/api/topics", topic).await.expect(201);
        let source = owner.post("/api/sources", json!({"connector": "push", "name": "Отзывы"})).await.expect(201);
        let program = world.token(&["push"]).await;
        let posts = json!([
            post(1, "vk", 1, NEWS),
            post(2, "telegram", 1, &format!("RT @news: {NEWS}")),
            post(3, "vk", 2, &format!("{NEWS} https://news.example/7")),
            post(4, "forum", 5, "звенора: пропал интернет, верните деньги!"),
        ]);
        program.post(&format!("/api/push/{}", id(&source)), posts).await.expect(202);
        owner.archive_caught_up().await;
        Self { owner, _world: world }
    }

    async fn mention(&self, words: &str) -> Value {
        let body = json!({"selection": {"query": words, "include": ["copies", "spam"]}, "order": "oldest"});
        self.owner.post("/api/search", body).await.expect(200)["items"][0].clone()
    }

    async fn stories(&self) -> Vec<Value> {
        let page = self.owner.get("/api/stories?order=largest").await.expect(200);
        page["items"].as_array().expect("items").clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_is_told_with_its_spread_and_members() {
    let bench = Bench::start().await;
    let stories = bench.stories().await;
    let [story] = &stories[..] else { panic!("{stories:?}") };
    assert_eq!((&story["title"], &story["posts"], &story["mentions"]), (&json!(NEWS), &json!(3), &json!(3)));
    assert_eq!(story["networks"], json!([{"network": "vk", "posts": 2}, {"network": "telegram", "posts": 1}]));
    let story_id = id(story);
    let told = bench.owner.get(&format!("/api/stories/{story_id}")).await.expect(200);
    assert_eq!((&told["id"], &told["posts"], &told["incomplete"]), (&story["id"], &json!(3), &Value::Null));
    assert_eq!(told["first"]["post"]["text"], NEWS);
    assert_eq!(told["first"]["story"], json!({"id": story_id, "posts": 3}));
    let buckets = told["timeline"]["buckets"].as_array().expect("buckets");
    let sum = |of: &dyn Fn(&Value) -> u64| buckets.iter().map(of).sum::<u64>();
    assert_eq!(sum(&|bucket| bucket["mentions"].as_u64().unwrap_or(99)), 3);
    assert_eq!(sum(&|bucket| bucket["networks"]["vk"].as_u64().unwrap_or(0)), 2);
    assert_eq!(sum(&|bucket| bucket["networks"]["telegram"].as_u64().unwrap_or(0)), 1);
    let selection = json!({"story": [story_id], "include": ["copies", "spam", "binned"]});
    let counted = bench.owner.post("/api/search/count", json!({"selection": selection})).await.expect(200);
    assert_eq!(counted["count"], 3);
    let facets = json!({"selection": {"include": ["copies", "spam"]}, "facets": ["story"]});
    let facets = bench.owner.post("/api/search/facets", facets).await.expect(200);
    let value = &facets["facets"][0]["values"][0];
    assert_eq!((&value["value"], &value["label"], &value["mentions"]), (&json!(story_id), &json!(NEWS), &json!(3)));
    let listed = bench.owner.get(&format!("/api/mentions?story={story_id}&copies=true")).await.expect(200);
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(3));
    let one_each = bench.owner.get("/api/mentions?one_per_story=true&copies=true").await.expect(200);
    assert_eq!(one_each["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(bench.owner.get("/api/stories/7").await.problem(), (404, "not_found"));
}

#[tokio::test(flavor = "multi_thread")]
async fn people_take_stories_apart_and_put_them_together() {
    let bench = Bench::start().await;
    let story = id(&bench.stories().await[0]);
    let last = bench.mention("звенора published:2026-03-02").await;
    let post = last["post"]["id"].clone();
    let path = format!("/api/stories/{story}");
    let split = bench.owner.post(&format!("{path}/split"), json!({"post_ids": ["1"]})).await;
    assert_eq!(split.problem(), (422, "invalid_fields"));
    let own = bench.owner.post(&format!("{path}/split"), json!({"post_ids": [post]})).await.expect(200);
    assert_eq!((&own["posts"], &own["split_by_people"]), (&json!(1), &json!(true)));
    assert_eq!(bench.owner.get(&path).await.expect(200)["posts"], 2);
    let same = bench.owner.post(&format!("{path}/merge"), json!({"with": story})).await;
    assert_eq!(same.problem(), (422, "invalid_fields"));
    let unknown = bench.owner.post(&format!("{path}/merge"), json!({"with": "7"})).await;
    assert_eq!(unknown.problem(), (404, "not_found"));
    let merged = bench.owner.post(&format!("{path}/merge"), json!({"with": own["id"]})).await.expect(200);
    assert_eq!((&merged["id"], &merged["posts"]), (&json!(story), &json!(3)));
    let led = bench.owner.get(&format!("/api/stories/{}", id(&own))).await.expect(200);
    assert_eq!(led["id"], story);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judgement_is_explained_by_words_and_signs_in_the_readers_language() {
    let bench = Bench::start().await;
    let mention = bench.mention("деньги").await;
    let path = format!("/api/mentions/{}/explanation", id(&mention));
    let told = bench.owner.get(&path).await.expect(200);
    let machine = &mention["machine"];
    assert_eq!((&told["tone"]["label"], &told["stage"]["stage"]), (&machine["tone"], &machine["stage"]));
    assert_eq!((&told["model"]["id"], &told["motive"]), (&machine["model_id"], &machine["motive"]));
    let decided: Vec<&Value> = told["intents"].as_array().expect("intents").iter().map(|row| &row["intent"]).collect();
    assert_eq!(json!(decided), machine["decided"]);
    let reasons = told["tone"]["reasons"].as_array().expect("reasons");
    assert!(!reasons.is_empty(), "{told}");
    let text: Vec<u16> = mention["post"]["text"].as_str().expect("a text").encode_utf16().collect();
    for reason in reasons {
        let spans = reason["spans"].as_array().expect("spans");
        assert_eq!(reason["kind"] == "sign", spans.is_empty() && reason["sign"].is_string(), "{reason}");
        if let Some(span) = spans.first() {
            let place = |end: &str| usize::try_from(span[end].as_u64().expect("a place")).expect("small");
            assert_eq!(
                String::from_utf16_lossy(&text[place("start")..place("end")]),
                reason["text"].as_str().expect("words")
            );
        }
    }
    assert_eq!(bench.owner.get("/api/mentions/7/explanation").await.problem(), (404, "not_found"));
}
