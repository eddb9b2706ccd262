//! Both Jetstreams: JSON, one event a message. The first is described in `github.com/bluesky-social/jetstream`, the second in
//! the lexicon `network.bsky.jetstream.subscribeEvents`.

use std::borrow::Cow;

use molva_domain::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::event::{Action, Change, Event, Told, is_gone};
use super::wire::{POSTS, REPOSTS};
use crate::error::ConnectorError;

#[derive(Deserialize)]
struct First<'a> {
    #[serde(borrow)]
    did: Cow<'a, str>,
    time_us: i64,
    #[serde(borrow, default)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    commit: Option<Commit<'a>>,
    #[serde(borrow)]
    account: Option<Account<'a>>,
    #[serde(borrow)]
    identity: Option<Identity<'a>>,
}

#[derive(Deserialize)]
struct Commit<'a> {
    #[serde(borrow)]
    operation: Cow<'a, str>,
    #[serde(borrow)]
    collection: Cow<'a, str>,
    #[serde(borrow)]
    rkey: Cow<'a, str>,
    record: Option<Value>,
}

#[derive(Deserialize)]
struct Account<'a> {
    active: bool,
    #[serde(borrow)]
    status: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Identity<'a> {
    #[serde(borrow)]
    handle: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Second<'a> {
    #[serde(rename = "$type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    payload: Option<Payload<'a>>,
    /// Of an error frame.
    #[serde(borrow)]
    error: Option<Cow<'a, str>>,
    #[serde(borrow)]
    message: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(rename = "$type", borrow)]
    kind: Cow<'a, str>,
    seq: Option<i64>,
    #[serde(borrow, default)]
    did: Cow<'a, str>,
    #[serde(borrow, default)]
    time: Cow<'a, str>,
    #[serde(borrow, default)]
    operation: Cow<'a, str>,
    #[serde(borrow, default)]
    collection: Cow<'a, str>,
    #[serde(borrow, default)]
    rkey: Cow<'a, str>,
    record: Option<Value>,
    #[serde(borrow)]
    account: Option<Account<'a>>,
    #[serde(borrow)]
    identity: Option<Identity<'a>>,
    /// Of an `#info`.
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
}

/// Reads a message of the first Jetstream.
pub(super) fn read_first(text: &str) -> Result<Told, ConnectorError> {
    let message: First<'_> = match serde_json::from_str(text) {
        Ok(message) => message,
        Err(error) => return Ok(unreadable(text, &error)),
    };
    let at = Timestamp::from_micros(message.time_us);
    let event = match (&*message.kind, message.commit) {
        (_, Some(commit)) => change(&message.did, &commit.operation, commit.collection, commit.rkey, commit.record, at),
        ("account", None) => account(message.account.as_ref(), &message.did),
        ("identity", None) => identity(message.identity.as_ref(), &message.did),
        _ => Event::Nothing,
    };
    Ok(Told { place: Some((message.time_us, at)), event })
}

/// Reads a message of the second Jetstream.
///
/// # Errors
/// `Transient` when the server says that it ends the stream, and why.
pub(super) fn read_second(text: &str) -> Result<Told, ConnectorError> {
    let message: Second<'_> = match serde_json::from_str(text) {
        Ok(message) => message,
        Err(error) => return Ok(unreadable(text, &error)),
    };
    let Some(payload) = message.payload.filter(|_| message.kind != "error") else {
        let error = message.error.as_deref().unwrap_or("an error without a name");
        let why = message.message.as_deref().unwrap_or_default();
        return Err(ConnectorError::Transient {
            message: format!("the stream ended with {error} {why}"),
            retry_after: None,
        });
    };
    let at = Timestamp::parse(&payload.time).unwrap_or_default();
    let event = match payload.kind.rsplit_once('#').map(|(_, name)| name) {
        Some("commit") => {
            change(&payload.did, &payload.operation, payload.collection, payload.rkey, payload.record, at)
        }
        Some("account") => account(payload.account.as_ref(), &payload.did),
        Some("identity") => identity(payload.identity.as_ref(), &payload.did),
        Some("info") if payload.name.as_deref() == Some("OutdatedCursor") => Event::CursorOutdated,
        _ => Event::Nothing,
    };
    Ok(Told { place: payload.seq.map(|seq| (seq, at)), event })
}

fn change(
    did: &str,
    operation: &str,
    collection: Cow<'_, str>,
    record_key: Cow<'_, str>,
    record: Option<Value>,
    at: Timestamp,
) -> Event {
    if !matches!(&*collection, POSTS | REPOSTS) {
        return Event::Nothing;
    }
    let action = match (operation, record) {
        ("create", Some(record)) => Action::Create(record),
        ("update", Some(record)) => Action::Update(record),
        ("delete", _) => Action::Delete,
        _ => {
            let place = format!("at://{did}/{collection}/{record_key}");
            let message = format!("operation `{operation}` without a record");
            return Event::Unreadable { place, message, sample: String::new() };
        }
    };
    let (collection, record_key) = (collection.into_owned(), record_key.into_owned());
    Event::Changes(vec![Change { did: did.to_owned(), collection, record_key, action, at }])
}

fn account(account: Option<&Account<'_>>, did: &str) -> Event {
    match account {
        Some(account) if is_gone(account.active, account.status.as_deref()) => {
            Event::AccountGone { did: did.to_owned() }
        }
        _ => Event::Nothing,
    }
}

fn identity(identity: Option<&Identity<'_>>, did: &str) -> Event {
    match identity.and_then(|identity| identity.handle.as_deref()) {
        Some(handle) if handle != "handle.invalid" => Event::Renamed { did: did.to_owned(), handle: handle.to_owned() },
        _ => Event::Nothing,
    }
}

fn unreadable(text: &str, error: &serde_json::Error) -> Told {
    Told::aside(Event::Unreadable {
        place: "stream".to_owned(),
        message: format!("not an event: {error}"),
        sample: text[..text.floor_char_boundary(4_096)].to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn deleted(at: Timestamp) -> Event {
        Event::Changes(vec![Change {
            did: "did:plc:a".to_owned(),
            collection: POSTS.to_owned(),
            record_key: "3k".to_owned(),
            action: Action::Delete,
            at,
        }])
    }

    #[test]
    fn both_generations_tell_the_same() {
        let at = Timestamp::from_micros(1_783_175_888_112_407);
        let first = json!({"did": "did:plc:a", "time_us": 1_783_175_888_112_407_i64, "kind": "commit",
            "commit": {"rev": "r", "operation": "delete", "collection": POSTS, "rkey": "3k"}});
        assert_eq!(
            read_first(&first.to_string()),
            Ok(Told { place: Some((1_783_175_888_112_407, at)), event: deleted(at) })
        );
        let second = json!({"$type": "message", "payload": {"$type": "network.bsky.jetstream.subscribeEvents#commit", "seq": 77,
            "did": "did:plc:a", "time": "2026-07-04T14:38:08.112407Z", "rev": "r", "operation": "delete", "collection": POSTS, "rkey": "3k"}});
        assert_eq!(read_second(&second.to_string()), Ok(Told { place: Some((77, at)), event: deleted(at) }));
    }

    #[test]
    fn an_account_that_is_gone_is_told_and_a_server_in_trouble_is_not() {
        let check = |account: Value| {
            let text = json!({"did": "did:plc:a", "time_us": 1, "kind": "account", "account": account}).to_string();
            read_first(&text).map(|told| told.event)
        };
        let gone = Event::AccountGone { did: "did:plc:a".to_owned() };
        assert_eq!(check(json!({"active": false, "status": "takendown"})), Ok(gone));
        assert_eq!(check(json!({"active": false, "status": "desynchronized"})), Ok(Event::Nothing));
        assert_eq!(check(json!({"active": true})), Ok(Event::Nothing));
    }

    #[test]
    fn notices_and_errors_of_the_second_are_understood() {
        let info = json!({"$type": "message", "payload": {"$type": "network.bsky.jetstream.subscribeEvents#info", "name": "OutdatedCursor"}});
        assert_eq!(read_second(&info.to_string()), Ok(Told::aside(Event::CursorOutdated)));
        let error = json!({"$type": "error", "error": "ConsumerTooSlow", "message": "read faster"}).to_string();
        assert!(read_second(&error).is_err_and(|error| error.to_string().contains("ConsumerTooSlow read faster")));
        assert!(matches!(read_second("{\"cut"), Ok(Told { place: None, event: Event::Unreadable { .. } })));
    }
}
