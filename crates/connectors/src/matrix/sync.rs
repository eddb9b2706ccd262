//! The long request that brings what is new, and the filters that say what is wanted.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::call::Call;
use super::raw;

/// How long a request waits for something to happen; the server's time is ours.
const WAIT: Duration = Duration::from_secs(30);
/// Beyond it the server may take to answer: the first look at many rooms.
const SLOWEST: Duration = Duration::from_secs(90);
/// Events of a room in one answer; what is more is read backwards.
const AT_ONCE: u32 = 50;
/// Events of a page of a room's past.
const PAGE: u32 = 100;

/// What tells of a room.
const STATE: [&str; 5] =
    ["m.room.name", "m.room.canonical_alias", "m.room.join_rules", "m.room.encryption", "m.room.member"];
/// What is said in it. Changes of a room come as what is said does; of members only those who speak are told.
const SAID: [&str; 8] = [
    "m.room.message",
    "m.room.redaction",
    "m.room.encrypted",
    "m.sticker",
    "m.room.name",
    "m.room.canonical_alias",
    "m.room.join_rules",
    "m.room.encryption",
];

#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    pub next_batch: String,
    #[serde(default)]
    pub rooms: Rooms,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Rooms {
    pub join: BTreeMap<String, Joined>,
    /// Anybody may invite the account, and say in it what they like.
    pub invite: BTreeMap<String, IgnoredAny>,
    pub leave: BTreeMap<String, IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Joined {
    pub summary: Summary,
    pub state: State,
    pub timeline: Timeline,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Summary {
    #[serde(rename = "m.joined_member_count")]
    pub joined: Option<u64>,
    #[serde(rename = "m.invited_member_count")]
    pub invited: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct State {
    #[serde(deserialize_with = "raw::events")]
    pub events: Vec<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Timeline {
    #[serde(deserialize_with = "raw::events")]
    pub events: Vec<Value>,
    /// More happened than is told.
    pub limited: bool,
    /// Where what is not told ends.
    pub prev_batch: Option<String>,
}

/// A page of a room's past, the newest first.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    #[serde(deserialize_with = "raw::events")]
    pub chunk: Vec<Value>,
    /// Where it goes on; absent where the past begins.
    #[serde(default)]
    pub end: Option<String>,
    #[serde(default, deserialize_with = "raw::events")]
    pub state: Vec<Value>,
}

/// Which rooms there are, and where the present begins.
pub(super) fn first(rooms: &[String]) -> Call {
    Call::get(&["sync"]).with("timeout", "0").with("filter", filter(1, rooms)).within(SLOWEST)
}

/// What happened since, as soon as something does.
pub(super) fn since(place: &str, rooms: &[String]) -> Call {
    Call::get(&["sync"])
        .with("since", place)
        .with("timeout", WAIT.as_millis().to_string())
        .with("filter", filter(AT_ONCE, rooms))
        .within(WAIT + SLOWEST)
}

/// Backwards from there, or from the present.
pub(super) fn page(room: &str, from: Option<&str>, to: Option<&str>) -> Call {
    let filter = json!({"types": SAID, "lazy_load_members": true, "include_redundant_members": true});
    let mut call = Call::get(&["rooms", room, "messages"])
        .with("dir", "b")
        .with("limit", PAGE.to_string())
        .with("filter", filter.to_string())
        .within(SLOWEST);
    call.query.extend(from.map(|from| ("from", from.to_owned())));
    call.query.extend(to.map(|to| ("to", to.to_owned())));
    call
}

/// `rooms` are the only ones told of; none: all.
fn filter(events: u32, rooms: &[String]) -> String {
    let nothing = json!({"types": []});
    let mut room = json!({
        "ephemeral": nothing, "account_data": nothing,
        "state": {"types": STATE, "lazy_load_members": true, "include_redundant_members": true},
        "timeline": {"types": SAID, "limit": events, "lazy_load_members": true, "include_redundant_members": true},
    });
    if !rooms.is_empty() {
        room["rooms"] = json!(rooms);
    }
    json!({"presence": nothing, "account_data": nothing, "room": room}).to_string()
}
