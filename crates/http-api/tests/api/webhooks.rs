//! Networks that call us: what is believed, what is kept, what is answered.

use molva_http_api::ConnectionLimits;
use molva_storage::webhook::WaitingWebhook;
use reqwest::Method;
use ring::hmac;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

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
        let webhook = owner.get(&format!("/api/sources/{source}/webhook")).await.expect(200);
        let path = webhook["path"].as_str().expect("a path").to_owned();
        Self { actor: world.anonymous(), path, source }
    }

    async fn call(&self, secret: &str, signed: &str, body: &str) -> Answer {
        let request = self
            .actor
            .request(Method::POST, &self.path)
            .header("x-discourse-event-signature", signature(secret, signed))
            // Not signed, so that it must not matter.
            .header("x-discourse-event", "post_destroyed")
            .body(body.to_owned());
        Answer::to(request).await
    }
}

fn signature(secret: &str, signed: &str) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), signed.as_bytes());
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={hex}")
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
async fn an_address_is_never_guessed_and_a_new_one_ends_the_old_one() {
    let world = World::start().await;
    let owner = world.owner().await;
    // Nobody entered a secret: Molva makes one.
    let mut forum = Forum::new(&world, &owner, json!({})).await;
    assert_eq!(forum.call("", BODY, BODY).await.problem(), (401, "bad_signature"));
    let address = format!("/api/sources/{}/webhook", forum.source);
    let made = owner.post(&address, json!({})).await.expect(200);
    let (path, secret) =
        (made["path"].as_str().expect("a path"), made["secret"].as_str().expect("a secret").to_owned());
    let key = path.strip_prefix(&format!("/api/webhooks/discourse/{}-", forum.source)).expect("a key behind the id");
    assert!(key.len() == 32 && secret.len() == 32 && key != secret, "{made}");
    let bare = path.trim_end_matches(key).trim_end_matches('-').to_owned();
    for wrong in [std::mem::replace(&mut forum.path, path.to_owned()), bare, format!("{path}x")] {
        let right = std::mem::replace(&mut forum.path, wrong);
        assert_eq!(forum.call(&secret, BODY, BODY).await.problem(), (404, "not_found"));
        forum.path = right;
    }
    assert_eq!(forum.call(&secret, BODY, BODY).await.expect(200), json!("ok"));
    assert_eq!(forum.call(&secret, BODY, BODY).await.expect(200), json!("ok"));
    let told = owner.get(&address).await.expect(200);
    assert_eq!((told.get("secret"), &told["address"], &told["wanted"]), (None, &Value::Null, &json!(true)));
    let sums = ["taken", "repeated", "refused"].map(|name| told[name].as_u64());
    assert_eq!((sums, told["last_refusal"].as_str()), ([Some(1), Some(1), Some(4)], Some("wrong_address")));
    assert!(told["last_call_at"].is_string() && told["guide"].as_str().is_some_and(|guide| guide.contains("API")));
    let source = owner.get(&format!("/api/sources/{}", forum.source)).await.expect(200);
    assert_eq!(source["secret_keys"], json!(["webhook_secret"]));
}

#[tokio::test]
async fn a_paused_source_answers_and_keeps_nothing() {
    let world = World::start().await;
    let owner = world.owner().await;
    let forum = Forum::new(&world, &owner, json!({"webhook_secret": SECRET})).await;
    owner.post(&format!("/api/sources/{}/pause", forum.source), json!({})).await.expect(200);
    assert_eq!(forum.call(SECRET, BODY, BODY).await.expect(200), json!("ok"));
    assert_eq!(kept(&world).await, []);
}

#[tokio::test]
async fn a_call_is_taken_while_strangers_hold_every_connection() {
    let crowded = ConnectionLimits { most: 16, ..ConnectionLimits::default() };
    let world = World::behind(crowded, false, |options| options).await;
    let owner = world.owner().await;
    let forum = Forum::new(&world, &owner, json!({"webhook_secret": SECRET})).await;
    let address = world.base.trim_start_matches("http://");
    let mut strangers = Vec::new();
    for _ in 0..3 * crowded.most {
        let mut stranger = TcpStream::connect(address).await.expect("a connection");
        // One that was cut already hears nothing of it.
        let _ = stranger.write_all(b"POST /api/session HTTP/1.1\r\nx-slow: ").await;
        strangers.push(stranger);
    }
    let mut network = TcpStream::connect(address).await.expect("a connection");
    let (path, signature, length) = (&forum.path, signature(SECRET, BODY), BODY.len());
    let call = format!(
        "POST {path} HTTP/1.1\r\nhost: molva\r\nconnection: close\r\ncontent-type: application/json\r\n\
         x-discourse-event-signature: {signature}\r\ncontent-length: {length}\r\n\r\n{BODY}"
    );
    network.write_all(call.as_bytes()).await.expect("taken");
    let mut answer = String::new();
    network.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("ok"), "{answer}");
    assert_eq!(kept(&world).await.len(), 1);
}
