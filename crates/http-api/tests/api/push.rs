//! Posts that are handed in.

use std::time::Duration;

use molva_connectors::push::sign;
use molva_domain::Secret;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::actors::{Actor, Answer, World};

/// A sender that knows a source's secret.
struct Sender {
    actor: Actor,
    path: String,
    secret: Secret,
    now_s: i64,
}

impl Sender {
    async fn new(world: &World, owner: &Actor, name: &str) -> Self {
        let made = owner.post("/api/sources", json!({"connector": "push", "name": name})).await.expect(201);
        let id = made["id"].as_str().expect("an id");
        let secret = made["push_secret"].as_str().expect("a secret");
        assert!(secret.starts_with("whsec_"), "{secret}");
        let shown = owner.get(&format!("/api/sources/{id}")).await.expect(200);
        assert_eq!((&shown["push_secret"], &shown["secret_keys"]), (&Value::Null, &json!(["secret"])));
        Self {
            actor: world.anonymous(),
            path: format!("/api/push/{id}"),
            secret: Secret::new(secret),
            now_s: world.now().as_secs(),
        }
    }

    async fn send(&self, id: &str, signed_at_s: i64, signed: &str, body: &str) -> Answer {
        let signature = sign(&self.secret, id, signed_at_s, signed.as_bytes());
        let request = self
            .actor
            .request(Method::POST, &self.path)
            .header("webhook-id", id)
            .header("webhook-timestamp", signed_at_s)
            .header("webhook-signature", signature)
            .body(body.to_owned());
        Answer::to(request).await
    }

    async fn push(&self, id: &str, body: &str) -> Answer {
        self.send(id, self.now_s, body, body).await
    }
}

#[tokio::test]
async fn a_delivery_is_stored_once_however_often_it_comes() {
    let world = World::start().await;
    let owner = world.owner().await;
    let sender = Sender::new(&world, &owner, "Отзывы").await;
    let body = "{\"id\": \"1\", \"text\": \"первый\"}\n{\"id\": \"2\", \"text\": \"второй\"}\n{\"id\": 3, \"text\"";
    let tally = json!({"received": 3, "stored": 0, "unmatched": 2, "duplicate": 0, "updated": 0, "rejected": 1});
    assert_eq!(sender.push("delivery-1", body).await.expect(202), tally);
    assert_eq!(sender.push("delivery-1", body).await.expect(202), tally);
    let one = sender.push("delivery-2", r#"{"id": "1", "text": "первый"}"#).await.expect(202);
    assert_eq!(one, json!({"received": 1, "stored": 0, "unmatched": 0, "duplicate": 1, "updated": 0, "rejected": 0}));

    let ledger = owner.get("/api/ledger").await.expect(200);
    let total = json!({"received": 4, "stored": 0, "unmatched": 2, "duplicate": 1, "updated": 0, "rejected": 1});
    assert_eq!((&ledger["total"], &ledger["balances"]), (&total, &json!(true)));
    assert_eq!(ledger["kept"]["posts"], 2);
    let of_source = owner.get(&sender.path.replace("push", "sources")).await;
    assert_eq!(of_source.expect(200)["tally"], total);
    let ledger = owner.get(&format!("{}/ledger", sender.path.replace("push", "sources"))).await.expect(200);
    assert_eq!((&ledger["total"], &ledger["hours"][0]["received"]), (&total, &json!(4)));
    assert_eq!(ledger["rejections"], json!([{"reason": "malformed", "count": 1}]));
    assert_eq!(ledger["quarantine"][0]["reason"], "malformed");
}

#[tokio::test]
async fn what_is_not_signed_right_is_refused() {
    let world = World::start().await;
    let owner = world.owner().await;
    let sender = Sender::new(&world, &owner, "Отзывы").await;
    let body = r#"{"id": "1", "text": "x"}"#;
    let other_body = sender.send("1", sender.now_s, "another body", body).await;
    assert_eq!(other_body.problem(), (401, "bad_signature"));
    let old = sender.send("1", sender.now_s - 301, body, body).await;
    assert_eq!(old.problem(), (401, "stale_timestamp"));
    let early = sender.send("1", sender.now_s + 301, body, body).await;
    assert_eq!(early.problem(), (401, "stale_timestamp"));
    let unsigned = Answer::to(sender.actor.request(Method::POST, &sender.path).body(body)).await;
    assert_eq!(unsigned.problem(), (401, "missing_signature_header"));
    let by_cookie = Answer::to(owner.request(Method::POST, &sender.path).body(body)).await;
    assert_eq!(by_cookie.problem(), (401, "missing_signature_header"));
    let nowhere = Sender { path: "/api/push/1".to_owned(), ..Sender::new(&world, &owner, "Другие").await };
    assert_eq!(nowhere.push("1", body).await.problem(), (404, "not_found"));
    let ledger = owner.get("/api/ledger").await.expect(200);
    assert_eq!(ledger["total"]["received"], 0);
}

#[tokio::test]
async fn bodies_are_bounded_and_must_hold_something() {
    let world = World::start().await;
    let owner = world.owner().await;
    let sender = Sender::new(&world, &owner, "Отзывы").await;
    let large = " ".repeat((8 << 20) + 1);
    assert_eq!(sender.push("1", &large).await.problem(), (413, "body_too_large"));
    let many = "{\"id\":1,\"text\":\"x\"}\n".repeat(10_001);
    assert_eq!(sender.push("2", &many).await.problem(), (413, "too_many_items"));
    assert_eq!(sender.push("3", " ").await.problem(), (422, "empty_body"));
    let large_and_fine = format!("{{\"id\": \"1\", \"text\": \"x\", \"ignored\": \"{}\"}}", "x".repeat(2 << 20));
    sender.push("4", &large_and_fine).await.expect(202);
}

#[tokio::test]
async fn who_announces_much_and_says_nothing_takes_nobodys_place() {
    let world = World::start().await;
    let owner = world.owner().await;
    let sender = Sender::new(&world, &owner, "Отзывы").await;
    let address = world.base.strip_prefix("http://").expect("an address");
    let mut silent = Vec::new();
    for length in (0..160).map(|number| if number % 2 == 0 { 9_000_000 } else { 100 }) {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        let head = format!("POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n", sender.path);
        stream.write_all(head.as_bytes()).await.expect("a listener");
        silent.push(stream);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    sender.push("1", r#"{"id": "1", "text": "x"}"#).await.expect(202);
}

#[tokio::test]
async fn a_token_of_scope_push_needs_no_signature_and_a_paused_source_takes_nothing() {
    let world = World::start().await;
    let owner = world.owner().await;
    let sender = Sender::new(&world, &owner, "Отзывы").await;
    let program = world.token(&["push"]).await;
    let stored = program.post(&sender.path, json!([{"id": "1", "text": "x"}])).await.expect(202);
    assert_eq!(stored["received"], 1);

    let source = sender.path.replace("push", "sources");
    let paused = owner.post(&format!("{source}/pause"), json!({})).await.expect(200);
    assert_eq!(paused["state"], "paused");
    assert_eq!(program.post(&sender.path, json!([])).await.problem(), (409, "source_paused"));
    owner.post(&format!("{source}/resume"), json!({})).await.expect(200);
    program.post(&sender.path, json!([{"id": "2", "text": "x"}])).await.expect(202);

    let feed = json!({"connector": "push", "name": "Отзывы"});
    assert_eq!(owner.post("/api/sources", feed).await.problem(), (409, "name_taken"));
    owner.delete(&source).await.expect(204);
    assert_eq!(program.post(&sender.path, json!([{"id": "3", "text": "x"}])).await.problem(), (404, "not_found"));
}
