//! The network of CONTRIBUTING.md, "Add a network in one file": a guest book that answers
//! `GET /entries?after=ID` with `{"entries": [{"id", "name", "text", "at"}]}`, oldest first.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Query, State};
use axum::{Json, Router, routing};
use molva_connectors::connector::BoxFuture;
use molva_connectors::http::{HttpClient, HttpLimits, Request, parse_url};
use molva_connectors::{
    Batch, Capabilities, Connector, ConnectorError, Delivery, Descriptor, Item, Localized, Mode, Report, Session,
    Setting, SettingKind, Settings,
};
use molva_domain::{Author, Post, Rejection, RejectionReason, SystemClock, Tally, Timestamp, Urn};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

// --- What would be `crates/connectors/src/guestbook.rs` -----------------------------------------------------------------

/// How often the book is opened.
const EVERY: Duration = Duration::from_secs(60);

/// The row of the table.
struct GuestBook;

impl Connector for GuestBook {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let page = look(session, 0).await?;
            Ok(format!("the book opens; its first page has {} entries", page.entries.len()))
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let mut last: u64 = session.cursor.as_deref().and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
            loop {
                let page = look(session, last).await?;
                // An empty answer is an answer too: the source is alive.
                session.report(Report::Alive).await;
                if !page.entries.is_empty() {
                    let mut items = Vec::new();
                    for raw in &page.entries {
                        let (id, item) = read(session, raw.get());
                        last = last.max(id.unwrap_or(0));
                        items.push(item);
                    }
                    // Returns when posts and cursor are stored together; a crash before that repeats them, and loses none.
                    session.deliver(Batch { items, cursor: Some(last.to_string()) }).await?;
                }
                session.pause(EVERY).await?;
            }
        })
    }
}

static DESCRIPTOR: Descriptor = Descriptor {
    name: "guestbook",
    title: Localized { en: "Guest book", ru: "Гостевая книга", uk: "Гостьова книга" },
    summary: Localized {
        en: "Entries of a guest book, within a minute.",
        ru: "Записи гостевой книги, в течение минуты.",
        uk: "Записи гостьової книги, протягом хвилини.",
    },
    mode: Mode::Poll,
    capabilities: Capabilities {
        keyword_listen: false,
        account_listen: false,
        backfill: true,
        delete_events: false,
        metrics: false,
    },
    settings: &[Setting {
        key: "url",
        kind: SettingKind::Url,
        label: Localized { en: "Address", ru: "Адрес", uk: "Адреса" },
        help: Localized { en: "Of the book.", ru: "Адрес книги.", uk: "Адреса книги." },
        required: true,
        default: None,
        placeholder: Some("https://example.org/book"),
        shown_when: None,
    }],
    // A book may be silent for weeks.
    silent_after_s: None,
    add_by_hand: true,
};

/// The wire: known in this file and nowhere else. Entries stay raw, so that one bad entry does not spoil a page.
#[derive(Deserialize)]
struct Page {
    entries: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Entry {
    id: u64,
    name: String,
    text: String,
    at: String,
}

async fn look(session: &Session, after: u64) -> Result<Page, ConnectorError> {
    let base = session.settings.text("url").unwrap_or_default();
    let address = parse_url("url", &format!("{}/entries?after={after}", base.trim_end_matches('/')))?;
    session.send(Request::get(address)).await?.error_for_status("the guest book", session.now())?.json()
}

/// Every entry ends as one item: a post, or a rejection that says why.
fn read(session: &Session, raw: &str) -> (Option<u64>, Item) {
    let entry: Entry = match serde_json::from_str(raw) {
        Ok(entry) => entry,
        Err(error) => return (None, rejected(RejectionReason::InvalidField, "entry", &error.to_string(), raw)),
    };
    let place = format!("entry {}", entry.id);
    let Some(published) = Timestamp::parse(&entry.at) else {
        return (Some(entry.id), rejected(RejectionReason::InvalidDate, &place, "`at` is not RFC 3339", raw));
    };
    if entry.text.trim().is_empty() {
        return (Some(entry.id), rejected(RejectionReason::EmptyText, &place, "`text` is blank", raw));
    }
    let urn = Urn::of("guestbook", Some(&session.source_key), "post", &entry.id.to_string());
    let post = Post {
        author: Author { name: Some(entry.name), ..Author::default() },
        ..Post::new(urn, "guestbook", entry.text, published, session.now())
    };
    (Some(entry.id), Item::Post(Box::new(post)))
}

fn rejected(reason: RejectionReason, place: &str, message: &str, raw: &str) -> Item {
    Item::Rejected(Rejection::new(reason, place, message, raw))
}

// --- Its tests -------------------------------------------------------------------------------------------------------

/// Serves the entries after the one asked for.
async fn book(State(entries): State<Arc<Vec<Value>>>, Query(query): Query<BTreeMap<String, u64>>) -> Json<Value> {
    let after = query.get("after").copied().unwrap_or(0);
    let newer: Vec<_> = entries.iter().filter(|entry| entry["id"].as_u64().is_none_or(|id| id > after)).collect();
    Json(json!({"entries": newer}))
}

#[derive(Default)]
struct Recorder {
    batches: Mutex<Vec<Batch>>,
    stop: CancellationToken,
}

impl Delivery for Recorder {
    fn deliver<'a>(&'a self, batch: Batch) -> BoxFuture<'a, Result<Tally, ConnectorError>> {
        Box::pin(async move {
            self.batches.lock().expect("no test panics while holding it").push(batch);
            self.stop.cancel();
            Ok(Tally::default())
        })
    }

    fn report<'a>(&'a self, _report: Report) -> BoxFuture<'a, ()> {
        Box::pin(async {})
    }
}

/// Serves these entries, listens from that cursor until the first batch, and returns it.
async fn first_batch(entries: Vec<Value>, cursor: Option<&str>) -> Batch {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let app = Router::new().route("/entries", routing::get(book)).with_state(Arc::new(entries));
    let server = tokio::spawn(async move { axum::serve(listener, app).await });

    let recorder = Arc::new(Recorder::default());
    let limits = HttpLimits { allowed_private_hosts: vec![address.to_string()], ..HttpLimits::default() };
    let settings = BTreeMap::from([("url".to_owned(), format!("http://{address}"))]);
    let session = Session {
        source_key: "7".to_owned(),
        settings: Settings::new(settings, BTreeMap::new()),
        cursor: cursor.map(str::to_owned),
        clock: Arc::new(SystemClock),
        http: HttpClient::new(limits),
        cancel: recorder.stop.clone(),
        delivery: recorder.clone(),
        time_scale: 1.0,
        webhook_address: None,
        topics: None,
    };
    let listened = tokio::time::timeout(Duration::from_secs(20), GuestBook.listen(&session)).await;
    assert_eq!(listened, Ok(Err(ConnectorError::Cancelled)));
    server.abort();
    recorder.batches.lock().expect("no test panics while holding it").remove(0)
}

#[tokio::test]
async fn every_entry_ends_as_a_post_or_as_a_rejection_and_moves_the_cursor() {
    let entries = vec![
        json!({"id": 1, "name": "Anna", "text": "Lovely place", "at": "2026-03-01T12:30:00Z"}),
        json!({"id": 2, "name": "Boris", "text": " ", "at": "2026-03-01T12:31:00Z"}),
        json!({"id": 3, "name": "Clara", "text": "Hello", "at": "yesterday"}),
        json!({"name": "nobody"}),
    ];
    let batch = first_batch(entries, None).await;
    let seen: Vec<String> = batch
        .items
        .iter()
        .map(|item| match item {
            Item::Post(post) => format!("{} {}", post.urn, post.text),
            Item::Rejected(rejection) => format!("{} at {}", rejection.reason, rejection.place),
            Item::Deleted(urn) => format!("deleted {urn}"),
        })
        .collect();
    let expected = [
        "urn:smm:guestbook:7:post:1 Lovely place",
        "empty_text at entry 2",
        "invalid_date at entry 3",
        "invalid_field at entry",
    ];
    assert_eq!((seen, batch.cursor.as_deref()), (expected.map(str::to_owned).to_vec(), Some("3")));
}

#[tokio::test]
async fn listening_goes_on_after_the_last_stored_entry() {
    let entry = |id: u64| json!({"id": id, "name": "A", "text": format!("entry {id}"), "at": "2026-03-01T12:30:00Z"});
    let batch = first_batch((1..=5).map(entry).collect(), Some("3")).await;
    assert_eq!((batch.items.len(), batch.cursor.as_deref()), (2, Some("5")));
}
