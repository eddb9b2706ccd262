//! A POST that is sent twice is done once.

use serde_json::json;

use crate::actors::World;

fn topic(name: &str) -> serde_json::Value {
    json!({"name": name, "level": "brand", "kind": "own", "query": "билайн"})
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer_and_another_request_a_conflict() {
    let world = World::start().await;
    let owner = world.owner().await.with("idempotency-key", "9d1c");
    let first = owner.post("/api/topics", topic("Билайн")).await.expect(201);
    let again = owner.post("/api/topics", topic("Билайн")).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.expect(201), first);
    let other = owner.post("/api/topics", topic("МТС")).await;
    assert_eq!(other.problem(), (409, "idempotency_key_reused"));
    let topics = owner.get("/api/topics").await.expect(200);
    assert_eq!(topics["items"].as_array().map(Vec::len), Some(1));

    let without_key = owner.clone().without("idempotency-key");
    assert_eq!(without_key.post("/api/topics", topic("Билайн")).await.problem(), (409, "name_taken"));
    let bad_key = owner.with("idempotency-key", "k".repeat(256));
    assert_eq!(bad_key.post("/api/topics", topic("МТС")).await.problem(), (400, "invalid_idempotency_key"));
}

#[tokio::test]
async fn the_same_key_of_two_callers_is_two_keys() {
    let world = World::start().await;
    let owner = world.owner().await.with("idempotency-key", "1");
    let program = world.token(&["write"]).await.with("idempotency-key", "1");
    owner.post("/api/topics", topic("Билайн")).await.expect(201);
    program.post("/api/topics", topic("МТС")).await.expect(201);
}

#[tokio::test]
async fn requests_at_the_same_time_under_one_key_do_the_work_once() {
    let world = World::start().await;
    let owner = world.owner().await.with("idempotency-key", "at once");
    let tries = (0..8).map(|_| {
        let owner = owner.clone();
        tokio::spawn(async move { owner.post("/api/topics", topic("Билайн")).await.status.as_u16() })
    });
    let mut statuses = Vec::new();
    for one in tries.collect::<Vec<_>>() {
        statuses.push(one.await.expect("a status"));
    }
    assert!(statuses.contains(&201), "{statuses:?}");
    assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
    let topics = owner.get("/api/topics").await.expect(200);
    assert_eq!(topics["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_secret_is_shown_once_and_not_kept_for_a_repeated_request() {
    let world = World::start().await;
    let owner = world.owner().await.with("idempotency-key", "secret");
    let new = json!({"name": "bot", "scopes": ["read"]});
    owner.post("/api/tokens", new.clone()).await.expect(201);
    assert_eq!(owner.post("/api/tokens", new).await.problem(), (409, "secret_shown_once"));
    let tokens = owner.get("/api/tokens").await.expect(200);
    assert_eq!(tokens["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_request_that_failed_may_be_corrected_under_its_key() {
    let world = World::start().await;
    let owner = world.owner().await.with("idempotency-key", "again");
    let unfinished = owner.post("/api/topics", topic(" ")).await;
    assert_eq!(unfinished.problem(), (422, "invalid_fields"));
    owner.post("/api/topics", topic("Билайн")).await.expect(201);
}
