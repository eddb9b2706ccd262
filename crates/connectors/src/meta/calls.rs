//! What Meta sends by itself: `{"object": …, "entry": [{"id", "time", "changes": […], "messaging": […]}]}`, many changes in a call.
//! Order is not promised, and the same change may come in two calls.

use molva_domain::{Rejection, RejectionReason, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use super::{id, time};
use crate::session::Item;
use crate::webhook::Delivered;

/// Changes of one call that are read.
const MOST: usize = 5_000;

#[derive(Deserialize)]
struct Call {
    object: String,
    #[serde(default)]
    entry: Vec<Value>,
}

/// One thing that happened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Happened<'a> {
    /// The page or account it happened to.
    pub of: &'a str,
    /// `feed`, `comments`, `mentions`, …; `messages` for a private message.
    pub field: &'a str,
    pub value: &'a Value,
    /// When the network sent it.
    pub at: Timestamp,
}

/// Reads a call of that object, each change by `read`. What happened to another page than `own` is left alone: an application has
/// one address for all of its pages.
pub(crate) fn read(
    delivered: &Delivered<'_>,
    object: &str,
    own: Option<&str>,
    read: impl Fn(Happened<'_>) -> Option<Item>,
) -> Vec<Item> {
    let call = match serde_json::from_slice::<Call>(delivered.body) {
        Ok(call) if call.object == object => call,
        Ok(_) => return Vec::new(),
        Err(error) => {
            let head = &delivered.body[..delivered.body.len().min(2 * Rejection::MAX_SAMPLE_BYTES)];
            let message = format!("the call is not as Meta promises: {error}");
            let sample = String::from_utf8_lossy(head);
            return vec![Item::Rejected(Rejection::new(RejectionReason::Malformed, "webhook", message, &sample))];
        }
    };
    let mut items = Vec::new();
    for entry in &call.entry {
        let Some(of) = id(&entry["id"]).filter(|of| own.is_none_or(|own| own == of)) else { continue };
        let at = sent_at(&entry["time"]).unwrap_or(delivered.at);
        let list = |name: &str| entry.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for change in list("changes") {
            let field = change.get("field").and_then(Value::as_str).unwrap_or_default();
            items.extend(read(Happened { of: &of, field, value: &change["value"], at }));
        }
        for value in list("messaging") {
            items.extend(read(Happened { of: &of, field: "messages", value, at }));
        }
        if items.len() > MOST {
            break;
        }
    }
    items
}

/// Unix seconds, or milliseconds in calls of messages.
fn sent_at(value: &Value) -> Option<Timestamp> {
    match value.as_i64() {
        Some(millis) if millis > 100_000_000_000 => Some(Timestamp::from_millis(millis)),
        _ => time(value),
    }
}
