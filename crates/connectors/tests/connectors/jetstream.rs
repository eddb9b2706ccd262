//! A Jetstream of both generations: what happened in the repositories of a few accounts, told from a cursor on and then as it happens.
//! Written from github.com/bluesky-social/jetstream and the lexicon `network.bsky.jetstream.subscribeEvents`; clients of others for either
//! generation keep it honest.

use std::collections::{BTreeSet, HashMap};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use molva_connectors::bluesky::Bluesky;
use molva_domain::{Clock as _, SystemClock, Timestamp, Urn};
use molva_emulators::Fault;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server as handshake;
use url::Url;

use crate::bar::ITEMS;
use crate::followed::Followed;
use crate::relay::{ANSWERS, MESSAGES, Relay};
use crate::support::http;
use crate::world::Collector;

const POSTS: &str = "app.bsky.feed.post";
const LIKES: &str = "app.bsky.feed.like";
const SECOND: &str = "/xrpc/network.bsky.jetstream.subscribeEvents";
/// From here on a cursor of the second generation is microseconds since 1970.
const FIRST_TIME: i64 = 1_000_000_000_000_000;
/// Events that are looked through before somebody is asked whether they are still there.
const AT_ONCE: usize = 200;
const LETTERS: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";

/// Clones share one.
#[derive(Clone)]
struct Jetstream {
    /// `http://127.0.0.1:PORT`
    address: String,
    events: Arc<Mutex<Vec<Event>>>,
    news: Arc<Notify>,
}

/// What happened; its place in the list is its number.
#[derive(Clone)]
struct Event {
    at: Timestamp,
    did: String,
    what: What,
}

#[derive(Clone)]
enum What {
    Commit { operation: &'static str, collection: &'static str, key: String, record: Option<Value> },
    Identity { handle: String },
    Account { active: bool, status: Option<&'static str> },
}

/// What somebody asked for.
struct Wanted {
    second: bool,
    collections: BTreeSet<String>,
    dids: BTreeSet<String>,
    /// Of the second generation; all when it is empty.
    kinds: BTreeSet<String>,
    /// The number of the first event to be told.
    from: usize,
    /// Nothing is told before they say once more what they want.
    waits: bool,
}

impl Jetstream {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let jetstream = Self { address, events: Arc::default(), news: Arc::new(Notify::new()) };
        let serving = jetstream.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().tell(stream));
            }
        });
        jetstream
    }

    fn events(&self) -> MutexGuard<'_, Vec<Event>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It happens now; two things may happen in the same microsecond.
    fn happens(&self, account: usize, what: What) {
        let did = format!("did:plc:{}", key(account as u64).repeat(2).split_at(24).0);
        let mut events = self.events();
        let last = events.last().map_or(Timestamp::EARLIEST, |event| event.at);
        events.push(Event { at: SystemClock.now().max(last), did, what });
        drop(events);
        self.news.notify_waiters();
    }

    /// Somebody writes the post of that number; how listening calls it.
    fn writes(&self, number: usize) -> String {
        let account = number % 7;
        let text = format!("нет связи, обращение {number}");
        let made = SystemClock.now().to_rfc3339();
        let record = json!({"$type": POSTS, "text": text, "createdAt": made, "langs": ["ru"]});
        let key = key(number as u64);
        let what = What::Commit { operation: "create", collection: POSTS, key: key.clone(), record: Some(record) };
        self.happens(account, what);
        let did = self.events().last().map(|event| event.did.clone()).unwrap_or_default();
        Urn::of("bluesky", None, "post", &format!("at://{did}/{POSTS}/{key}")).to_string()
    }

    #[expect(clippy::result_large_err, reason = "the library decides what a refusal is")]
    async fn tell(self, stream: TcpStream) {
        let mut wanted = None;
        let greet = |request: &handshake::Request, mut response: handshake::Response| {
            wanted = self.wanted(&request.uri().to_string());
            if wanted.is_none() {
                let refusal = axum::http::Response::builder().status(404).header("content-length", 0);
                return Err(refusal.body(None).expect("an answer"));
            }
            if let Some(protocol) = request.headers().get("sec-websocket-protocol") {
                response.headers_mut().insert("sec-websocket-protocol", protocol.clone());
            }
            Ok(response)
        };
        let Ok(socket) = tokio_tungstenite::accept_hdr_async(stream, greet).await else { return };
        let Some(mut wanted) = wanted else { return };
        let (mut to, mut from) = socket.split();
        loop {
            let news = self.news.notified();
            let (frames, next) = if wanted.waits { (Vec::new(), wanted.from) } else { self.frames(&wanted) };
            let is_all = next == wanted.from;
            wanted.from = next;
            for frame in frames {
                if to.send(Message::text(frame)).await.is_err() {
                    return;
                }
            }
            if !is_all {
                continue;
            }
            tokio::select! {
                () = news => {}
                // Pings are answered by reading; whoever hangs up is told nothing more.
                heard = from.next() => match heard {
                    Some(Ok(Message::Text(said))) => wanted.change(&said),
                    Some(Ok(_)) => {}
                    _ => return,
                },
            }
        }
    }

    fn wanted(&self, uri: &str) -> Option<Wanted> {
        let url = Url::parse(&format!("http://x{uri}")).ok()?;
        let second = match url.path() {
            "/subscribe" => false,
            SECOND => true,
            _ => return None,
        };
        let (collections, dids) = if second { ("collections", "dids") } else { ("wantedCollections", "wantedDids") };
        let all = |name: &str| -> BTreeSet<String> {
            url.query_pairs().filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).collect()
        };
        let cursor =
            url.query_pairs().find(|(key, _)| key == "cursor").and_then(|(_, value)| value.parse::<i64>().ok());
        let events = self.events();
        let since = |at: i64| events.partition_point(|event| event.at.as_micros() < at);
        let from = match cursor {
            None => events.len(),
            // Numbers are told from one on.
            Some(number) if second && number < FIRST_TIME => usize::try_from(number).unwrap_or(1).saturating_sub(1),
            Some(at) => since(at),
        };
        let waits = all("requireHello").contains("true");
        Some(Wanted { second, collections: all(collections), dids: all(dids), kinds: all("kinds"), from, waits })
    }

    /// Some events that are wanted, as they are told, and where to go on.
    fn frames(&self, wanted: &Wanted) -> (Vec<String>, usize) {
        let events = self.events();
        let next = events.len().min(wanted.from + AT_ONCE).max(wanted.from);
        let fits = |event: &&(usize, Event)| {
            let (_, event) = event;
            (wanted.dids.is_empty() || wanted.dids.contains(&event.did))
                && (wanted.kinds.is_empty() || wanted.kinds.contains(event.kind()))
                && match &event.what {
                    What::Commit { collection, .. } => {
                        wanted.collections.is_empty() || wanted.collections.contains(*collection)
                    }
                    What::Identity { .. } | What::Account { .. } => true,
                }
        };
        let some: Vec<(usize, Event)> = (wanted.from..next).map(|index| (index, events[index].clone())).collect();
        let told = some.iter().filter(fits).map(|(index, event)| event.told(index + 1, wanted.second).to_string());
        (told.collect(), next)
    }
}

impl Wanted {
    /// What they send while they listen: `options_update` of the first generation.
    fn change(&mut self, said: &str) {
        let said: Value = serde_json::from_str(said).unwrap_or_default();
        let list = |name: &str| said["payload"][name].as_array().cloned().unwrap_or_default();
        let texts =
            |name: &str| list(name).iter().filter_map(Value::as_str).map(str::to_owned).collect::<BTreeSet<String>>();
        if said["type"] == "options_update" {
            (self.collections, self.dids) = (texts("wantedCollections"), texts("wantedDids"));
            self.waits = false;
        }
    }
}

impl Event {
    const fn kind(&self) -> &'static str {
        match self.what {
            What::Commit { .. } => "commit",
            What::Identity { .. } => "identity",
            What::Account { .. } => "account",
        }
    }

    fn told(&self, number: usize, second: bool) -> Value {
        let (kind, mut told) = match &self.what {
            What::Commit { operation, collection, key: record_key, record } => {
                let mut commit = json!({"rev": key(number as u64), "operation": operation, "collection": collection, "rkey": record_key});
                if let Some(record) = record {
                    commit["record"] = record.clone();
                    commit["cid"] = json!("bafyreiguce4jh7kcbmof3pmcvasifqtw24b6isakj5ve5ga2b4z4alpc4i");
                }
                ("commit", commit)
            }
            What::Identity { handle } => (
                "identity",
                json!({"did": self.did, "handle": handle, "seq": 31_527_015_000_u64, "time": self.at.to_rfc3339()}),
            ),
            What::Account { active, status } => {
                let mut account =
                    json!({"active": active, "did": self.did, "seq": 31_527_015_000_u64, "time": self.at.to_rfc3339()});
                if let Some(status) = status {
                    account["status"] = json!(status);
                }
                ("account", account)
            }
        };
        if !second {
            return json!({"did": self.did, "time_us": self.at.as_micros(), "kind": kind, kind: told});
        }
        if kind != "commit" {
            told = json!({ kind: told });
        }
        told["$type"] = json!(format!("network.bsky.jetstream.subscribeEvents#{kind}"));
        (told["seq"], told["did"], told["time"]) = (json!(number), json!(self.did), json!(precise(self.at)));
        json!({"$type": "message", "payload": told})
    }
}

/// To the microsecond, as the second generation writes it.
fn precise(at: Timestamp) -> String {
    let micros = at.as_micros();
    let seconds = Timestamp::from_secs(micros.div_euclid(1_000_000)).to_rfc3339();
    format!(
        "{}.{:06}Z",
        seconds.split('.').next().unwrap_or_default().trim_end_matches('Z'),
        micros.rem_euclid(1_000_000)
    )
}

/// As keys of records are written: thirteen letters that sort by number.
pub(crate) fn key(number: u64) -> String {
    let number = (1_u64 << 60) + number * 1_024;
    (0..13).rev().map(|place| char::from(LETTERS[(number >> (5 * place)) as usize % 32])).collect()
}

/// Everything that is written while it is listened to through all that breaks.
async fn is_followed(mode: &str, messages: &[Fault]) {
    let jetstream = Jetstream::start().await;
    let relay = Relay::start(&jetstream.address, &ANSWERS, messages).await;
    let settings = HashMap::from([("mode", mode.to_owned()), ("host", relay.address.replace("http", "ws"))]);
    let way = format!("Jetstream {}", mode.trim_start_matches("jetstream"));
    let mut followed = Followed::new(&Bluesky, &way, relay);
    let session = |collector: &Collector| {
        let settings: Vec<(&str, &str)> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let mut session = crate::world::session(http(), 1.0, &settings, collector);
        session.clock = Arc::new(SystemClock);
        session
    };
    let mut number = 0;
    let mut wanted = followed
        .begin(session, async || {
            number += 1;
            jetstream.writes(*ITEMS + number)
        })
        .await;
    followed.relay.break_often(true);
    let writing = jetstream.clone();
    let writer = tokio::spawn(async move {
        let mut written = Vec::new();
        for number in 0..*ITEMS {
            written.push(writing.writes(number));
            // What nobody asked for is in between.
            let like = json!({"$type": LIKES, "createdAt": SystemClock.now().to_rfc3339(), "subject": {"uri": "at://x", "cid": "x"}});
            writing.happens(
                number % 5,
                What::Commit { operation: "create", collection: LIKES, key: key(number as u64), record: Some(like) },
            );
            if number % 50 == 0 {
                writing.happens(number % 7, What::Identity { handle: format!("person{number}.test") });
                tokio::time::sleep(Duration::from_millis(60)).await;
            }
        }
        written
    });
    let many = *ITEMS + wanted.len();
    followed.until(session, |heard| heard.len() >= many).await;
    wanted.extend(writer.await.expect("all were written"));
    followed.is_all_of(&wanted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_posts_of_the_second_jetstream_are_heard_though_it_breaks_in_every_way() {
    is_followed("jetstream2", &MESSAGES).await;
}

/// What is told twice in a row is not among it: two things of one microsecond look the same to whoever knows but the time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_posts_of_the_first_jetstream_are_heard_though_it_breaks_in_every_way() {
    is_followed("jetstream1", &MESSAGES[1..]).await;
}

/// Runs the client's script against a Jetstream on which things happen, and fails when there is something it could not do.
async fn is_understood_by(client: &str, script: &str) {
    let is_python = script.ends_with(".py");
    let named = if is_python { "MOLVA_TEST_CLIENTS" } else { "MOLVA_TEST_NODE_CLIENTS" };
    let Ok(installed) = std::env::var(named) else {
        return eprintln!("SKIPPED: {named} is not set; scripts/servers/clients.sh installs the clients and names it");
    };
    let jetstream = Jetstream::start().await;
    for number in 0..40 {
        jetstream.writes(number);
        jetstream
            .happens(2, What::Commit { operation: "delete", collection: LIKES, key: key(number as u64), record: None });
    }
    jetstream.happens(3, What::Identity { handle: "anna.test".to_owned() });
    jetstream.happens(3, What::Account { active: false, status: Some("takendown") });
    let writing = jetstream.clone();
    tokio::spawn(async move {
        for number in 40.. {
            tokio::time::sleep(Duration::from_millis(100)).await;
            writing.writes(number);
        }
    });
    let script = format!("{}/tests/connectors/clients/{script}", env!("CARGO_MANIFEST_DIR"));
    let address = jetstream.address.replace("http", "ws");
    let program = if is_python { installed.clone() } else { format!("{installed}/bin/node") };
    let run = move || Command::new(program).arg(script).arg(address).arg(installed).output();
    let output = tokio::task::spawn_blocking(run).await.expect("no panic").expect("the client runs");
    let told = String::from_utf8_lossy(&output.stdout);
    eprintln!("{client} against the stand-in of Jetstream:\n{told}");
    let failed: Vec<&str> = told.lines().filter(|line| !line.starts_with("ok\t")).collect();
    assert!(output.status.success() && failed.is_empty(), "{failed:#?}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(told.lines().count() > 5, "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn truewire_takes_the_stand_in_for_a_jetstream() {
    is_understood_by("truewire-bluesky", "jetstream_client.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn atcute_takes_the_stand_in_for_a_jetstream() {
    is_understood_by("@atcute/jetstream", "jetstream_client.mjs").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jetstream_lakehouse_takes_the_stand_in_for_a_jetstream_of_the_second_generation() {
    is_understood_by("jetstream-lakehouse", "jetstream2_client.py").await;
}
