use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{SinkExt as _, StreamExt as _};
use molva_connectors::bluesky::Bluesky;
use molva_connectors::http::{Method, Request};
use molva_connectors::{Connector as _, ConnectorError, Item, Report};
use molva_domain::{GapCause, Secret, Timestamp};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server as handshake;
use url::Url;

use crate::support::{Recorded, Recorder, Run, http, server, session};

/// An account on a personal data server.
pub(crate) struct Account {
    server: String,
    pub(crate) did: String,
    token: Secret,
}

async fn call(server: &str, method: &str, token: Option<&Secret>, body: &Value) -> Value {
    let url = Url::parse(&format!("{server}/xrpc/{method}")).expect("an address");
    let request = Request::new(Method::POST, url).json(body);
    let request = if let Some(token) = token { request.bearer(token) } else { request };
    let answer = http().send(request).await.expect("the server answers");
    assert!(answer.status.is_success(), "{method}: {} {}", answer.status, String::from_utf8_lossy(&answer.body));
    answer.json().unwrap_or(Value::Null)
}

impl Account {
    pub(crate) async fn new(server: &str) -> Self {
        let number = std::time::UNIX_EPOCH.elapsed().expect("after 1970").as_nanos() % 1_000_000_000_000;
        let body = json!({ "handle": format!("m{number}.test"), "email": format!("m{number}@example.com"), "password": "correct horse" });
        let made = call(server, "com.atproto.server.createAccount", None, &body).await;
        let text = |key: &str| made[key].as_str().expect("a string").to_owned();
        Self { server: server.to_owned(), did: text("did"), token: Secret::new(text("accessJwt")) }
    }

    pub(crate) async fn write(&self, key: &str, text: &str) {
        let body = json!({ "repo": self.did, "collection": "app.bsky.feed.post", "rkey": key, "record": record(text) });
        call(&self.server, "com.atproto.repo.putRecord", Some(&self.token), &body).await;
    }

    /// New posts, in one commit.
    pub(crate) async fn write_all(&self, posts: Vec<(String, String)>) {
        let create = |(key, text): (String, String)| json!({ "$type": "com.atproto.repo.applyWrites#create", "collection": "app.bsky.feed.post", "rkey": key, "value": record(&text) });
        let body = json!({ "repo": self.did, "writes": posts.into_iter().map(create).collect::<Vec<_>>() });
        call(&self.server, "com.atproto.repo.applyWrites", Some(&self.token), &body).await;
    }

    async fn delete(&self, key: &str) {
        let body = json!({ "repo": self.did, "collection": "app.bsky.feed.post", "rkey": key });
        call(&self.server, "com.atproto.repo.deleteRecord", Some(&self.token), &body).await;
    }
}

fn record(text: &str) -> Value {
    json!({ "$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-03-01T09:30:00.000Z", "langs": ["ru"] })
}

/// `+ text`, `- urn`, `! reason` for each item.
fn shown(recorded: &Recorded) -> Vec<String> {
    recorded
        .items
        .iter()
        .map(|item| match item {
            Item::Post(post) => format!("+ {}", post.text),
            Item::Deleted(urn) => format!("- {}", urn.as_str().rsplit('/').next().unwrap_or_default()),
            Item::Rejected(rejection) => format!("! {rejection}"),
        })
        .collect()
}

fn gaps(recorded: &Recorded) -> Vec<Report> {
    let is_gap = |report: &&Report| matches!(report, Report::GapOpened { .. } | Report::GapClosed { .. });
    recorded.reports.iter().filter(is_gap).cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_data_server_is_followed_and_gone_on_with_where_it_was_left() {
    let Some(address) = server("MOLVA_TEST_PDS") else { return };
    let account = Account::new(&address).await;
    let settings = [("mode", "firehose"), ("host", address.as_str()), ("accounts", account.did.as_str())];

    let first = Recorder::default();
    let run = Run::start(&Bluesky, session(&settings, None, None, &first));
    first.until("the connection", |seen| seen.reports.contains(&Report::Alive)).await;
    account.write("3kaaaaaaaaaa2", "связь пропала").await;
    account.write("3kaaaaaaaaaa2", "связь вернулась").await;
    account.delete("3kaaaaaaaaaa2").await;
    first.until("the deletion", |seen| matches!(seen.items.last(), Some(Item::Deleted(_)))).await;
    run.stop().await;
    assert_eq!(first.read(shown), ["+ связь пропала", "+ связь вернулась", "- 3kaaaaaaaaaa2"]);
    let posts = first.posts();
    assert_eq!(posts[0].urn, posts[1].urn, "a rewritten record is the same post");
    assert_eq!((posts[0].edited_at, posts[1].edited_at.is_some()), (None, true));
    assert_eq!(posts[0].published_at.to_rfc3339(), "2026-03-01T09:30:00.000Z");
    assert_eq!(posts[0].language, Some(molva_domain::Language::RUSSIAN));

    for number in 0..30 {
        account
            .write(
                &format!("3kbbbbbbbbb{}2", char::from(b'a' + number % 26)),
                &format!("пока никто не слушал {number}"),
            )
            .await;
    }
    let second = Recorder::default();
    let cursor = first.read(|seen| seen.cursor.clone());
    let run = Run::start(&Bluesky, session(&settings, None, cursor, &second));
    second.until("all that was missed", |seen| seen.items.len() == 30).await;
    run.stop().await;
    let expected: Vec<String> = (0..30).map(|number| format!("+ пока никто не слушал {number}")).collect();
    assert_eq!(second.read(shown), expected);
    assert_eq!(second.read(gaps), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_a_real_server_never_gave_becomes_a_gap_and_listening_goes_on() {
    let Some(address) = server("MOLVA_TEST_PDS") else { return };
    let account = Account::new(&address).await;
    let settings = [("mode", "firehose"), ("host", address.as_str()), ("accounts", account.did.as_str())];
    let host = address.trim_start_matches("http://");
    let cursor = json!({ "v": 1, "wire": "firehose", "host": host, "seq": 900_000_000_000_i64, "at": 1_772_357_400_000_000_i64 });
    let recorder = Recorder::default();
    let run = Run::start(&Bluesky, session(&settings, None, Some(cursor.to_string()), &recorder));
    let alive = |seen: &Recorded| seen.reports.iter().filter(|report| **report == Report::Alive).count() > 1;
    recorder.until("the second connection", alive).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    account.write("3kcccccccccc2", "снова здесь").await;
    recorder.until("the post", |seen| seen.items.len() == 1).await;
    run.stop().await;
    let from = Timestamp::from_micros(1_772_357_400_000_000);
    let gaps = recorder.read(gaps);
    assert_eq!(gaps.len(), 2, "{gaps:?}");
    assert_eq!(gaps[0], Report::GapOpened { from, cause: GapCause::CursorLost });
    assert!(matches!(gaps[1], Report::GapClosed { to } if to > from), "{gaps:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_server_that_does_not_speak_jetstream_says_so() {
    let Some(address) = server("MOLVA_TEST_PDS") else { return };
    let probe = async |mode: &str| {
        Bluesky.probe(&session(&[("mode", mode), ("host", &address)], None, None, &Recorder::default())).await
    };
    assert!(probe("firehose").await.is_ok_and(|found| found.contains("is connected")));
    let refused = probe("jetstream2").await.expect_err("it has no Jetstream");
    assert!(!matches!(refused, ConnectorError::Cancelled), "{refused}");
}

/// A Jetstream: each connection is answered by the next of `scripts`.
struct Jetstream {
    address: String,
    /// Path and query of each connection.
    asked: Arc<Mutex<Vec<String>>>,
}

/// What a connection gets.
#[derive(Clone)]
enum Script {
    Refuse(u16, &'static str),
    Say(Vec<String>),
}

impl Jetstream {
    async fn start(scripts: Vec<Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("ws://{}", listener.local_addr().expect("an address"));
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let heard = Arc::clone(&asked);
        tokio::spawn(async move {
            let mut scripts = VecDeque::from(scripts);
            while let Ok((stream, _)) = listener.accept().await {
                let Some(script) = scripts.pop_front() else { return };
                let heard = Arc::clone(&heard);
                tokio::spawn(answer(stream, script, heard));
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[expect(clippy::result_large_err, reason = "the library decides what a refusal is")]
async fn answer(stream: tokio::net::TcpStream, script: Script, heard: Arc<Mutex<Vec<String>>>) {
    let greet = |request: &handshake::Request, mut response: handshake::Response| {
        heard.lock().unwrap_or_else(PoisonError::into_inner).push(request.uri().to_string());
        if let Script::Refuse(status, body) = &script {
            let refusal = axum::http::Response::builder().status(*status).header("content-length", body.len());
            return Err(refusal.body(Some((*body).to_owned())).expect("an answer"));
        }
        if let Some(protocol) = request.headers().get("sec-websocket-protocol") {
            response.headers_mut().insert("sec-websocket-protocol", protocol.clone());
        }
        Ok(response)
    };
    let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(stream, greet).await else { return };
    if let Script::Say(messages) = &script {
        for message in messages {
            if socket.send(Message::text(message.clone())).await.is_err() {
                return;
            }
        }
    }
    while socket.next().await.is_some_and(|message| message.is_ok()) {}
}

fn commit(seq: i64, text: &str) -> String {
    let record = json!({ "$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-03-01T09:30:00Z" });
    json!({ "$type": "message", "payload": {
        "$type": "network.bsky.jetstream.subscribeEvents#commit", "seq": seq, "did": "did:plc:anna",
        "time": format!("2026-03-01T09:30:{seq:02}.000000Z"), "rev": "r", "operation": "create",
        "collection": "app.bsky.feed.post", "rkey": format!("k{seq}"), "record": record, "cid": "c",
    }})
    .to_string()
}

fn cursor_of(recorder: &Recorder) -> Value {
    recorder.read(|seen| serde_json::from_str(seen.cursor.as_deref().expect("a cursor")).expect("JSON"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_jetstream_repeats_the_event_of_the_cursor_and_it_counts_once() {
    let jetstream = Jetstream::start(vec![
        Script::Say(vec![commit(7, "раз"), commit(8, "два")]),
        Script::Say(vec![commit(8, "два"), commit(9, "три")]),
    ])
    .await;
    let settings = [("mode", "jetstream2"), ("host", jetstream.address.as_str())];
    let first = Recorder::default();
    let run = Run::start(&Bluesky, session(&settings, None, None, &first));
    first.until("two posts", |seen| seen.items.len() == 2).await;
    run.stop().await;
    assert_eq!(cursor_of(&first)["seq"], 8);
    let second = Recorder::default();
    let run = Run::start(&Bluesky, session(&settings, None, first.read(|seen| seen.cursor.clone()), &second));
    second.until("the third", |seen| seen.items.len() == 1).await;
    run.stop().await;
    assert_eq!(
        (first.read(shown), second.read(shown)),
        (vec!["+ раз".to_owned(), "+ два".to_owned()], vec!["+ три".to_owned()])
    );
    assert_eq!(
        jetstream.asked(),
        [
            "/xrpc/network.bsky.jetstream.subscribeEvents?collections=app.bsky.feed.post&maxMessageSizeBytes=262144",
            "/xrpc/network.bsky.jetstream.subscribeEvents?collections=app.bsky.feed.post&maxMessageSizeBytes=262144&cursor=8",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_too_old_is_asked_for_by_its_time_and_the_rest_is_a_gap() {
    let outdated = json!({ "$type": "message", "payload": {
        "$type": "network.bsky.jetstream.subscribeEvents#info", "name": "OutdatedCursor", "message": "resumed from seq 40" }});
    let jetstream = Jetstream::start(vec![
        Script::Refuse(400, r#"{"error":"CursorTooOld","message":"the floor is 40"}"#),
        Script::Say(vec![outdated.to_string(), commit(40, "дальше")]),
    ])
    .await;
    let settings = [("mode", "jetstream2"), ("host", jetstream.address.as_str())];
    let host = jetstream.address.trim_start_matches("ws://");
    let cursor = json!({ "v": 1, "wire": "jetstream2", "host": host, "seq": 5, "at": 1_772_350_000_000_000_i64 });
    let recorder = Recorder::default();
    let run = Run::start(&Bluesky, session(&settings, None, Some(cursor.to_string()), &recorder));
    recorder.until("the post", |seen| seen.items.len() == 1).await;
    run.stop().await;
    let from = Timestamp::from_micros(1_772_350_000_000_000);
    let to = Timestamp::parse("2026-03-01T09:30:40Z").expect("a time");
    let opened = Report::GapOpened { from, cause: GapCause::CursorLost };
    assert_eq!(recorder.read(gaps), [opened, Report::GapClosed { to }]);
    assert!(jetstream.asked()[1].ends_with("&cursor=1772349990000000"), "{:?}", jetstream.asked());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_no_cursor_at_all_is_listened_to_from_now_on() {
    let refuse = Script::Refuse(400, r#"{"error":"CursorTooOld"}"#);
    let jetstream = Jetstream::start(vec![refuse.clone(), refuse, Script::Say(vec![commit(40, "дальше")])]).await;
    let host = jetstream.address.trim_start_matches("ws://");
    let cursor = json!({ "v": 1, "wire": "jetstream2", "host": host, "seq": 5, "at": 1_772_350_000_000_000_i64 });
    let recorder = Recorder::default();
    let run = Run::start(&Bluesky, session(&[("host", &jetstream.address)], None, Some(cursor.to_string()), &recorder));
    recorder.until("the post", |seen| seen.items.len() == 1).await;
    run.stop().await;
    assert_eq!(recorder.read(gaps).len(), 2);
    assert!(!jetstream.asked()[2].contains("&cursor="), "{:?}", jetstream.asked());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_on_one_server_becomes_a_time_on_another() {
    let event = json!({ "did": "did:plc:anna", "time_us": 1_772_357_500_000_000_i64, "kind": "commit", "commit": {
        "rev": "r", "operation": "create", "collection": "app.bsky.feed.post", "rkey": "k", "cid": "c",
        "record": { "text": "привет", "createdAt": "2026-03-01T09:30:00Z" } }});
    let gone = json!({ "did": "did:plc:oleg", "time_us": 1_772_357_500_000_001_i64, "kind": "account",
        "account": { "active": false, "status": "takendown", "did": "did:plc:oleg", "seq": 1, "time": "" }});
    let jetstream =
        Jetstream::start(vec![Script::Say(vec!["{cut".to_owned(), event.to_string(), gone.to_string()])]).await;
    let settings = [("mode", "jetstream1"), ("host", jetstream.address.as_str()), ("reposts", "true")];
    let cursor =
        json!({ "v": 1, "wire": "jetstream2", "host": "other.example", "seq": 5, "at": 1_772_357_400_000_000_i64 });
    let recorder = Recorder::default();
    let run = Run::start(&Bluesky, session(&settings, None, Some(cursor.to_string()), &recorder));
    recorder.until("all three", |seen| seen.items.len() == 3).await;
    run.stop().await;
    let items = recorder.read(shown);
    assert!(items[0].starts_with("! malformed at stream: not an event"), "{items:?}");
    assert_eq!(items[1..], ["+ привет", "- urn:smm:bluesky:author:did%3Aplc%3Aoleg"]);
    assert_eq!(
        jetstream.asked(),
        [
            "/subscribe?wantedCollections=app.bsky.feed.post&wantedCollections=app.bsky.feed.repost&maxMessageSizeBytes=262144&cursor=1772357390000000"
        ]
    );
    assert_eq!(cursor_of(&recorder)["seq"], 1_772_357_500_000_001_i64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_ends_the_stream_is_told_with_its_reason() {
    let slow = json!({ "$type": "error", "error": "ConsumerTooSlow", "message": "read faster" }).to_string();
    let jetstream =
        Jetstream::start(vec![Script::Say(vec![commit(1, "раз"), slow]), Script::Refuse(503, "booting")]).await;
    let settings = [("host", jetstream.address.as_str())];
    let recorder = Recorder::default();
    let end = Run::start(&Bluesky, session(&settings, None, None, &recorder)).end().await;
    assert_eq!((end.code(), recorder.read(shown)), ("transient", vec!["+ раз".to_owned()]));
    assert!(end.to_string().contains("ConsumerTooSlow"), "{end}");
    let end = Run::start(&Bluesky, session(&settings, None, None, &recorder)).end().await;
    assert_eq!(end.code(), "transient", "{end}");
}
