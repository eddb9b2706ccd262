//! What MAX tells that happened, asked for or called in.

use molva_domain::{Rejection, RejectionReason, Timestamp};
use serde_json::Value;

use super::KINDS;
use super::chats::Chats;
use super::message::{self, Place, id_of};
use crate::session::Item;

/// Tells it from every other: MAX gives no numbers to what happens.
pub(super) fn name(update: &Value) -> String {
    let mid = update.pointer("/message/body/mid").or_else(|| update.get("message_id")).and_then(Value::as_str);
    format!("{} {} {}", kind(update), mid.unwrap_or_default(), at(update).as_millis())
}

/// When it happened.
pub(super) fn at(update: &Value) -> Timestamp {
    Timestamp::from_millis(update.get("timestamp").and_then(Value::as_i64).unwrap_or_default())
}

/// The chat whose name one would like to know; dialogs have none.
pub(super) fn chat(update: &Value) -> Option<i64> {
    let recipient = update.pointer("/message/recipient")?;
    let dialog = recipient.get("chat_type").and_then(Value::as_str) == Some("dialog");
    recipient.get("chat_id").and_then(Value::as_i64).filter(|_| !dialog)
}

fn kind(update: &Value) -> &str {
    update.get("update_type").and_then(Value::as_str).unwrap_or_default()
}

/// As an item; `None` for what is about no message, or about a private one that is not wanted.
pub(super) fn read(update: &Value, private_too: bool, chats: &Chats, now: Timestamp, place: &str) -> Option<Item> {
    let kind = kind(update);
    if !KINDS.contains(&kind) {
        return None;
    }
    if kind.ends_with("_removed") {
        return removed(update, place);
    }
    let edited_at = kind.ends_with("_edited").then(|| at(update)).filter(|at| *at >= Timestamp::EARLIEST);
    let Some(raw) = update.get("message") else {
        // MAX has such for voices and the like.
        let message = "the update has no message".to_owned();
        return Some(Item::Rejected(Rejection::new(RejectionReason::EmptyText, place, message, &update.to_string())));
    };
    message::read(raw, edited_at, private_too, chats, now, place)
}

fn removed(update: &Value, place: &str) -> Option<Item> {
    let chat = update.get("chat_id").and_then(Value::as_i64);
    let mid = update.get("message_id").and_then(Value::as_str).filter(|mid| !mid.is_empty());
    let (Some(chat), Some(mid)) = (chat, mid) else {
        let message = "the update does not say what is gone".to_owned();
        return Some(Item::Rejected(Rejection::new(RejectionReason::MissingId, place, message, &update.to_string())));
    };
    Some(Item::Deleted(Place { chat, post: id_of(update.get("post_id")) }.urn(mid)))
}
