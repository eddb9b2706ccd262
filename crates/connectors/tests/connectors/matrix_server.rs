//! A real homeserver (`scripts/servers/matrix.sh`) and the people on it.

use std::sync::atomic::{AtomicU64, Ordering};

use molva_connectors::http::{Method, Request};
use molva_domain::{Secret, Urn};
use ring::hmac;
use serde_json::{Value, json};
use url::Url;

use crate::reply_support::call;
use crate::support::server;

/// Where the server is; `None` where there is none.
pub(crate) fn synapse() -> Option<String> {
    server("MOLVA_TEST_MATRIX")
}

/// A number nobody used before.
pub(crate) fn unique() -> u128 {
    std::time::UNIX_EPOCH.elapsed().expect("after 1970").as_nanos()
}

/// Somebody with an account.
#[derive(Clone)]
pub(crate) struct Person {
    server: String,
    pub(crate) id: String,
    pub(crate) token: String,
}

static MESSAGES: AtomicU64 = AtomicU64::new(0);

fn encoded(piece: &str) -> String {
    percent_encoding::utf8_percent_encode(piece, percent_encoding::NON_ALPHANUMERIC).to_string()
}

async fn ask(server: &str, method: Method, path: &str, token: Option<&str>, body: Option<&Value>) -> Value {
    let mut request = Request::new(method, Url::parse(&format!("{server}{path}")).expect("an address"));
    if let Some(token) = token {
        request = request.bearer(&Secret::new(token));
    }
    call(if let Some(body) = body { request.json(body) } else { request }).await
}

impl Person {
    /// A new account, with the server's usual limits.
    pub(crate) async fn new(server: &str, name: &str) -> Self {
        let secret = std::env::var("MOLVA_TEST_MATRIX_SECRET").expect("the script says it");
        let nonce = ask(server, Method::GET, "/_synapse/admin/v1/register", None, None).await;
        let nonce = nonce["nonce"].as_str().expect("a nonce");
        let login = format!("u{}", unique());
        let admin = name == "admin";
        let said = [nonce, &login, "correct horse", if admin { "admin" } else { "notadmin" }].join("\0");
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.as_bytes());
        let mac: String = hmac::sign(&key, said.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let body = json!({
            "nonce": nonce, "username": login, "displayname": name, "password": "correct horse", "admin": admin, "mac": mac,
        });
        let made = ask(server, Method::POST, "/_synapse/admin/v1/register", None, Some(&body)).await;
        let text = |key: &str| made[key].as_str().expect("a string").to_owned();
        Self { server: server.to_owned(), id: text("user_id"), token: text("access_token") }
    }

    /// A new account that may write as fast as it likes.
    pub(crate) async fn writer(server: &str, name: &str) -> Self {
        let (admin, writer) = (Self::new(server, "admin").await, Self::new(server, name).await);
        let path = format!("/_synapse/admin/v1/users/{}/override_ratelimit", encoded(&writer.id));
        admin.ask(Method::POST, &path, &json!({"messages_per_second": 0, "burst_count": 0})).await;
        writer
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, body: &Value) -> Value {
        let body = (method != Method::GET).then_some(body);
        ask(&self.server, method, path, Some(&self.token), body).await
    }

    /// A room that anybody may join, or one for those who are invited.
    pub(crate) async fn room(&self, title: &str, public: bool, invited: &[&Self]) -> String {
        let invite: Vec<&str> = invited.iter().map(|person| person.id.as_str()).collect();
        let preset = if public { "public_chat" } else { "private_chat" };
        let body = json!({"name": title, "preset": preset, "invite": invite});
        let made = self.ask(Method::POST, "/_matrix/client/v3/createRoom", &body).await;
        made["room_id"].as_str().expect("an id").to_owned()
    }

    pub(crate) async fn join(&self, room: &str) {
        self.ask(Method::POST, &format!("/_matrix/client/v3/join/{}", encoded(room)), &json!({})).await;
    }

    pub(crate) async fn event(&self, room: &str, kind: &str, content: &Value) -> String {
        let number = MESSAGES.fetch_add(1, Ordering::Relaxed);
        let path = format!("/_matrix/client/v3/rooms/{}/send/{kind}/t{number}", encoded(room));
        self.ask(Method::PUT, &path, content).await["event_id"].as_str().expect("an id").to_owned()
    }

    pub(crate) async fn say(&self, room: &str, text: &str) -> String {
        self.event(room, "m.room.message", &json!({"msgtype": "m.text", "body": text})).await
    }

    /// Says something anew.
    pub(crate) async fn edit(&self, room: &str, message: &str, text: &str) -> String {
        let content = json!({
            "msgtype": "m.text", "body": format!("* {text}"), "m.new_content": {"msgtype": "m.text", "body": text},
            "m.relates_to": {"rel_type": "m.replace", "event_id": message},
        });
        self.event(room, "m.room.message", &content).await
    }

    pub(crate) async fn answer(&self, room: &str, message: &str, text: &str) -> String {
        let relation = json!({"m.in_reply_to": {"event_id": message}});
        self.event(room, "m.room.message", &json!({"msgtype": "m.text", "body": text, "m.relates_to": relation})).await
    }

    pub(crate) async fn remove(&self, room: &str, message: &str) {
        let number = MESSAGES.fetch_add(1, Ordering::Relaxed);
        let path = format!("/_matrix/client/v3/rooms/{}/redact/{}/t{number}", encoded(room), encoded(message));
        self.ask(Method::PUT, &path, &json!({})).await;
    }

    /// From now on nobody reads there without keys.
    pub(crate) async fn encrypt(&self, room: &str) {
        let path = format!("/_matrix/client/v3/rooms/{}/state/m.room.encryption", encoded(room));
        self.ask(Method::PUT, &path, &json!({"algorithm": "m.megolm.v1.aes-sha2"})).await;
    }

    /// The latest messages of a room, the oldest first.
    pub(crate) async fn messages(&self, room: &str) -> Vec<Value> {
        let filter = encoded(r#"{"types":["m.room.message"]}"#);
        let path = format!("/_matrix/client/v3/rooms/{}/messages?dir=b&limit=100&filter={filter}", encoded(room));
        let page = self.ask(Method::GET, &path, &Value::Null).await;
        page["chunk"].as_array().expect("a list").iter().rev().cloned().collect()
    }
}

/// What a message is called here.
pub(crate) fn urn(room: &str, event: &str) -> Urn {
    Urn::of("matrix", None, "post", &format!("{room}/{event}"))
}
