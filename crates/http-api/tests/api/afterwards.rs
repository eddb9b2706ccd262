//! What happens to a post after it was heard: it is edited, counted, answered, answered again, taken away.

use std::time::Duration;

use serde_json::{Value, json};

use crate::actors::id;
use crate::replies::{Bench, account};

/// Hands a post in, and says how it ended.
async fn told(bench: &Bench, post: Value) -> (Value, Value) {
    let pushing = bench.world.token(&["push"]).await;
    let tally = pushing.post(&bench.push, json!([post])).await.expect(202);
    (tally["stored"].clone(), tally["updated"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_post_said_before_it_was_edited_can_be_read() {
    let bench = Bench::start().await;
    let address = format!("/api/mentions/{}", bench.mentions[0]);
    let versions = async || bench.owner.get(&format!("{address}/versions")).await.expect(200)["items"].clone();
    assert_eq!(versions().await, json!([]));
    bench.world.clock.advance(Duration::from_secs(60));
    let edited = |text: &str, at: &str| json!({"id": "1", "text": text, "published": "2026-03-01T10:00:00Z", "edited": at, "network": "toy"});
    assert_eq!(told(&bench, edited("звенора: заказ приехал", "2026-03-01T12:00:00Z")).await, (json!(0), json!(1)));
    assert_eq!(told(&bench, edited("звенора: спасибо!", "2026-03-01T13:00:00Z")).await, (json!(0), json!(1)));
    let told_again = told(&bench, edited("звенора: заказ приехал", "2026-03-01T12:00:00Z")).await;
    assert_eq!(told_again, (json!(0), json!(0)), "how it was before is no edit");

    let mention = bench.owner.get(&address).await.expect(200);
    assert_eq!((&mention["post"]["text"], &mention["edits"]), (&json!("звенора: спасибо!"), &json!(2)));
    let versions = versions().await;
    let said = |index: usize| [&versions[index]["version"], &versions[index]["text"], &versions[index]["said_at"]];
    assert_eq!(said(0), [&json!(1), &json!("звенора: где мой заказ?"), &json!("2026-03-01T10:00:00.000Z")]);
    assert_eq!(said(1), [&json!(2), &json!("звенора: заказ приехал"), &json!("2026-03-01T12:00:00.000Z")]);
    assert_eq!(versions.as_array().map(Vec::len), Some(2));
    let reader = bench.world.token(&["read"]).await;
    assert_eq!(reader.get(&format!("{address}/versions")).await.expect(200)["items"], versions);
    assert_eq!(bench.owner.get("/api/mentions/1/versions").await.problem(), (404, "not_found"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_holds_what_was_said_what_we_answered_and_what_was_answered_to_that() {
    let bench = Bench::start().await;
    let owner = &bench.owner;
    let made = owner.post("/api/accounts", account("Мы", "good us")).await.expect(201);
    let thread = async |mention: &str| {
        let told = owner.get(&format!("/api/mentions/{mention}/thread")).await.expect(200);
        let entries = told["items"].as_array().expect("entries").clone();
        let said = |entry: &Value| match entry["kind"].as_str() {
            Some("mention") => entry["mention"]["post"]["text"].clone(),
            _ => entry["reply"]["text"].clone(),
        };
        entries.iter().map(|entry| (entry["kind"].clone(), said(entry))).collect::<Vec<_>>()
    };
    let asked = (json!("mention"), json!("звенора: где мой заказ?"));
    assert_eq!(thread(&bench.mentions[0]).await, std::slice::from_ref(&asked));
    let draft = json!({"account_id": made["id"], "text": "Уже везём!", "send_after": "2020-01-01T00:00:00Z"});
    let reply = id(&owner.post(&bench.replies(), draft).await.expect(201));
    bench.wait_for(&reply, "sent").await;
    // What answers us is a mention, whatever it says.
    let thanks =
        json!({"id": "9", "text": "спасибо", "network": "toy", "in_reply_to": format!("urn:smm:toy:post:{reply}")});
    assert_eq!(told(&bench, thanks).await, (json!(1), json!(0)));
    let whole = [asked, (json!("reply"), json!("Уже везём!")), (json!("mention"), json!("спасибо"))];
    assert_eq!(thread(&bench.mentions[0]).await, whole);
    let newest = owner.get("/api/mentions?limit=10").await.expect(200);
    let items = newest["items"].as_array().expect("mentions");
    let answer = items.iter().find(|mention| mention["post"]["text"] == "спасибо").expect("the answer");
    assert_eq!(thread(&id(answer)).await, whole, "it is the same thread from wherever it is asked for");
    assert_eq!(owner.get("/api/mentions/1/thread").await.problem(), (404, "not_found"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_comes_too_late_is_refused_with_a_way_out() {
    let bench = Bench::start().await;
    let owner = &bench.owner;
    let made = owner.post("/api/accounts", account("Мы", "good us")).await.expect(201);
    let draft = json!({"account_id": made["id"], "text": "too late", "send_after": "2020-01-01T00:00:00Z"});
    let reply = id(&owner.post(&bench.replies(), draft).await.expect(201));
    let refused = bench.wait_for(&reply, "refused").await;
    assert_eq!((&refused["problem"]["code"], &refused["may"]["send_again"]), (&json!("window_closed"), &json!(true)));
    let told = refused["problem"]["advice"].as_str().unwrap_or_default();
    assert!(told.starts_with("The time in which the network lets one answer"), "{}", refused["problem"]);
}
