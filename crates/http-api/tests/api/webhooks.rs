//! Networks that call us: what is believed, what is kept, what is answered.

use molva_storage::webhook::WaitingWebhook;
use reqwest::Method;
use ring::hmac;
use serde_json::{Value, json};

use crate::actors::{Actor, Answer, World, id};

const SECRET: &str = "It's a Secret to Everybody";
const BODY: &str = r#"{"post": {"id": 91, "topic_id": 12, "post_number": 4, "created_at": "2026-03-01T09:30:00Z", "cooked": "<p>нет связи</p>"}}"#;

/// A forum that calls its source.
struct Forum {
    actor: Actor,
    path: String,
    source: String,
}

impl Forum {
    async fn new(world: &World, owner: &Actor, secrets: Value) -> Self {
        let settings = json!({"url": "https://forum.example"});
        let body = json!({"connector": "discourse", "name": "Форум", "settings": settings, "secrets": secrets});
        let source = id(&owner.post("/api/sources", body).await.expect(201));
        Self { actor: world.anonymous(), path: format!("/api/webhooks/discourse/{source}"), source }
    }

    async fn call(&self, secret: &str, signed: &str, body: &str) -> Answer {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), signed.as_bytes());
        let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let request = self
            .actor
            .request(Method::POST, &self.path)
            .header("x-discourse-event-signature", format!("sha256={hex}"))
            // Not signed, so that it must not matter.
            .header("x-discourse-event", "post_destroyed")
            .body(body.to_owned());
        Answer::to(request).await
    }
}

async fn kept(world: &World) -> Vec<WaitingWebhook> {
    world.storage.waiting_webhooks(world.workspace, 10).await.expect("the store answers")
}

#[tokio::test]
async fn a_call_is_kept_as_it_came_before_it_is_answered_and_only_once() {
    let world = World::start().await;
    let owner = world.owner().await;
    let forum = Forum::new(&world, &owner, json!({"webhook_secret": SECRET})).await;
    for _ in 0..3 {
        assert_eq!(forum.call(SECRET, BODY, BODY).await.expect(200), json!("ok"));
    }
    let calls = kept(&world).await;
    assert_eq!((calls.len(), calls[0].source.to_string()), (1, forum.source.clone()));
    assert_eq!(calls[0].body, BODY.as_bytes());
    assert_eq!(forum.call(SECRET, "{}", "{}").await.expect(200), json!("ok"));
    assert_eq!(kept(&world).await.len(), 2);
}

#[tokio::test]
async fn a_call_that_is_not_the_networks_is_refused_and_nothing_of_it_is_kept() {
    let world = World::start().await;
    let owner = world.owner().await;
    let forum = Forum::new(&world, &owner, json!({"webhook_secret": SECRET})).await;
    assert_eq!(forum.call("guess", BODY, BODY).await.problem(), (401, "bad_signature"));
    assert_eq!(forum.call(SECRET, BODY, &BODY.replace("91", "92")).await.problem(), (401, "bad_signature"));
    let unsigned = forum.actor.request(Method::POST, &forum.path).body(BODY);
    assert_eq!(Answer::to(unsigned).await.problem(), (401, "missing_signature_header"));
    let huge = "x".repeat((1 << 20) + 1);
    assert_eq!(forum.call(SECRET, &huge, &huge).await.problem(), (413, "body_too_large"));
    for path in ["/api/webhooks/mastodon/1", "/api/webhooks/discourse/none", "/api/webhooks/discourse/999"] {
        assert_eq!(forum.actor.post(path, json!({})).await.problem(), (404, "not_found"), "{path}");
    }
    let other = forum.path.replace("discourse", "mastodon");
    assert_eq!(forum.actor.post(&other, json!({})).await.problem(), (404, "not_found"));
    assert_eq!(forum.actor.get(&forum.path).await.problem(), (422, "malformed_call"));
    assert_eq!(kept(&world).await, []);
}

#[tokio::test]
async fn a_source_without_a_secret_believes_nobody_and_a_paused_one_keeps_nothing() {
    let world = World::start().await;
    let owner = world.owner().await;
    let forum = Forum::new(&world, &owner, json!({})).await;
    assert_eq!(forum.call("", BODY, BODY).await.problem(), (409, "webhook_not_set_up"));

    let world = World::start().await;
    let owner = world.owner().await;
    let forum = Forum::new(&world, &owner, json!({"webhook_secret": SECRET})).await;
    owner.post(&format!("/api/sources/{}/pause", forum.source), json!({})).await.expect(200);
    assert_eq!(forum.call(SECRET, BODY, BODY).await.expect(200), json!("ok"));
    assert_eq!(kept(&world).await, []);
}
