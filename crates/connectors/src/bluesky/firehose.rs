//! The raw stream of repositories: a header and a body in DAG-CBOR, records as blocks of a CAR file. Follows the lexicon
//! `com.atproto.sync.subscribeRepos` and the event stream specification of AT Protocol.

use std::fmt;

use ipld_core::cid::Cid;
use ipld_core::ipld::Ipld;
use molva_domain::Timestamp;
use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::blocks::Blocks;
use super::event::{Action, Change, Event, Told, is_gone};
use super::wire::{POSTS, REPOSTS};
use crate::error::ConnectorError;

#[derive(Deserialize)]
struct Header {
    op: i64,
    t: Option<String>,
}

#[derive(Deserialize)]
struct Failure {
    error: Option<String>,
    message: Option<String>,
}

#[derive(Deserialize)]
struct Commit<'a> {
    seq: i64,
    repo: String,
    time: String,
    #[serde(borrow)]
    blocks: Bytes<'a>,
    ops: Vec<Operation>,
}

#[derive(Deserialize)]
struct Operation {
    action: String,
    path: String,
    cid: Option<Cid>,
}

#[derive(Deserialize)]
struct Account {
    seq: i64,
    did: String,
    time: String,
    active: bool,
    status: Option<String>,
}

#[derive(Deserialize)]
struct Identity {
    seq: i64,
    did: String,
    time: String,
    handle: Option<String>,
}

#[derive(Deserialize)]
struct Place {
    seq: i64,
    time: String,
}

#[derive(Deserialize)]
struct Info {
    name: String,
}

/// Bytes that stay where they are.
struct Bytes<'a>(&'a [u8]);

impl<'de: 'a, 'a> Deserialize<'de> for Bytes<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrowed;
        impl<'de> Visitor<'de> for Borrowed {
            type Value = Bytes<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }

            fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
                Ok(Bytes(bytes))
            }

            fn visit_bytes<E: serde::de::Error>(self, _: &[u8]) -> Result<Self::Value, E> {
                Err(E::custom("bytes in pieces"))
            }
        }
        deserializer.deserialize_bytes(Borrowed).map_err(D::Error::custom)
    }
}

/// Reads a message.
///
/// # Errors
/// `Transient` when the server says that it ends the stream, `Protocol` when it is not this protocol at all.
pub(super) fn read(message: &[u8]) -> Result<Told, ConnectorError> {
    let (header, body) = split(message)?;
    if header.op == -1 {
        return failure(body);
    }
    let told = match header.t.as_deref() {
        Some("#commit") => commit(body),
        Some("#account") => decode::<Account>(body).map(|account| Told {
            place: Some((account.seq, time(&account.time))),
            event: if is_gone(account.active, account.status.as_deref()) {
                Event::AccountGone { did: account.did }
            } else {
                Event::Nothing
            },
        }),
        Some("#identity") => decode::<Identity>(body).map(|identity| Told {
            place: Some((identity.seq, time(&identity.time))),
            event: match identity.handle {
                Some(handle) if handle != "handle.invalid" => Event::Renamed { did: identity.did, handle },
                _ => Event::Nothing,
            },
        }),
        Some("#info") => decode::<Info>(body).map(|info| {
            Told::aside(if info.name == "OutdatedCursor" { Event::CursorOutdated } else { Event::Nothing })
        }),
        // Whatever else there will be has a place too.
        _ => Ok(Told {
            place: decode::<Place>(body).ok().map(|place| (place.seq, time(&place.time))),
            event: Event::Nothing,
        }),
    };
    // One message that cannot be read must not end the stream.
    Ok(told.unwrap_or_else(|message| {
        let place = header.t.unwrap_or_default();
        Told::aside(Event::Unreadable { place, message, sample: String::new() })
    }))
}

/// A message is two DAG-CBOR values, one after the other.
fn split(message: &[u8]) -> Result<(Header, &[u8]), ConnectorError> {
    let mut rest = std::io::Cursor::new(message);
    let header = serde_ipld_dagcbor::de::from_reader_once::<Header, _>(&mut rest)
        .map_err(|error| ConnectorError::Protocol(format!("the stream is not one of repositories: {error}")))?;
    let at = usize::try_from(rest.position()).unwrap_or(message.len());
    Ok((header, &message[at.min(message.len())..]))
}

fn failure(body: &[u8]) -> Result<Told, ConnectorError> {
    let failure = decode::<Failure>(body).unwrap_or(Failure { error: None, message: None });
    let name = failure.error.unwrap_or_else(|| "an error without a name".to_owned());
    if name == "FutureCursor" {
        return Ok(Told::aside(Event::CursorInFuture));
    }
    let why = failure.message.unwrap_or_default();
    Err(ConnectorError::Transient { message: format!("the stream ended with {name} {why}"), retry_after: None })
}

fn commit(body: &[u8]) -> Result<Told, String> {
    let commit: Commit<'_> = decode(body)?;
    let at = time(&commit.time);
    let blocks = Blocks::read(commit.blocks.0);
    let mut changes = Vec::new();
    for operation in commit.ops {
        let Some((collection, record_key)) = operation.path.split_once('/') else { continue };
        if !matches!(collection, POSTS | REPOSTS) {
            continue;
        }
        let record = operation.cid.as_ref().and_then(|name| blocks.get(name)).and_then(record);
        let action = match (operation.action.as_str(), record) {
            ("create", Some(record)) => Action::Create(record),
            ("update", Some(record)) => Action::Update(record),
            ("delete", _) => Action::Delete,
            // A record of which the server sends no block is an empty one to us, and rejected as such.
            ("create", None) => Action::Create(Value::Null),
            ("update", None) => Action::Update(Value::Null),
            _ => continue,
        };
        changes.push(Change {
            did: commit.repo.clone(),
            collection: collection.to_owned(),
            record_key: record_key.to_owned(),
            action,
            at,
        });
    }
    let event = if changes.is_empty() { Event::Nothing } else { Event::Changes(changes) };
    Ok(Told { place: Some((commit.seq, at)), event })
}

fn decode<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, String> {
    serde_ipld_dagcbor::from_slice(body).map_err(|error| format!("not the promised DAG-CBOR: {error}"))
}

fn record(block: &[u8]) -> Option<Value> {
    serde_ipld_dagcbor::from_slice::<Ipld>(block).ok().map(json)
}

/// As the JSON form of AT Protocol writes it (`atproto.com/specs/data-model`).
fn json(ipld: Ipld) -> Value {
    match ipld {
        Ipld::Null => Value::Null,
        Ipld::Bool(flag) => Value::Bool(flag),
        Ipld::Integer(number) => i64::try_from(number).map_or(Value::Null, Value::from),
        Ipld::Float(number) => Value::from(number),
        Ipld::String(text) => Value::String(text),
        Ipld::Bytes(_) => Value::Null,
        Ipld::List(list) => list.into_iter().map(json).collect(),
        Ipld::Map(map) => map.into_iter().map(|(key, value)| (key, json(value))).collect(),
        Ipld::Link(name) => serde_json::json!({ "$link": name.to_string() }),
    }
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use ipld_core::ipld;
    use proptest::prelude::*;

    use super::*;

    fn message(header: &Ipld, body: &Ipld) -> Vec<u8> {
        let mut bytes = serde_ipld_dagcbor::to_vec(header).expect("CBOR");
        bytes.extend(serde_ipld_dagcbor::to_vec(body).expect("CBOR"));
        bytes
    }

    #[test]
    fn errors_and_notices_of_the_stream_are_understood() {
        let failure = |name: &str| read(&message(&ipld!({ "op": -1 }), &ipld!({ "error": name, "message": "why" })));
        assert_eq!(failure("FutureCursor"), Ok(Told::aside(Event::CursorInFuture)));
        assert!(failure("ConsumerTooSlow").is_err_and(|error| error.to_string().contains("ConsumerTooSlow why")));
        let info = read(&message(&ipld!({ "op": 1, "t": "#info" }), &ipld!({ "name": "OutdatedCursor" })));
        assert_eq!(info, Ok(Told::aside(Event::CursorOutdated)));
    }

    #[test]
    fn an_account_and_what_is_unknown_have_their_place() {
        let at = Timestamp::from_secs(1_772_357_400);
        let account = ipld!({ "seq": 5, "did": "did:plc:a", "time": "2026-03-01T09:30:00Z", "active": false, "status": "deleted" });
        let gone = Event::AccountGone { did: "did:plc:a".to_owned() };
        assert_eq!(
            read(&message(&ipld!({ "op": 1, "t": "#account" }), &account)),
            Ok(Told { place: Some((5, at)), event: gone })
        );
        let sync = ipld!({ "seq": 6, "did": "did:plc:a", "time": "2026-03-01T09:30:00Z", "rev": "r" });
        assert_eq!(
            read(&message(&ipld!({ "op": 1, "t": "#sync" }), &sync)),
            Ok(Told { place: Some((6, at)), event: Event::Nothing })
        );
    }

    #[test]
    fn a_commit_that_cannot_be_read_is_told_and_ends_nothing() {
        let told = read(&message(&ipld!({ "op": 1, "t": "#commit" }), &ipld!({ "seq": "x" })));
        assert!(matches!(told, Ok(Told { place: None, event: Event::Unreadable { .. } })));
        assert!(matches!(read(b"GET / HTTP/1.1"), Err(ConnectorError::Protocol(_))));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let header = serde_ipld_dagcbor::to_vec(&ipld!({ "op": 1, "t": "#commit" })).expect("CBOR");
            prop_assert!(read(&[header, bytes].concat()).is_ok());
        }
    }
}
