//! Messages as MAX tells them.

use serde_json::{Value, json};

use super::BOT;
use super::chats::Chat;
use crate::world::{Kind, Said, Who, World, name_of};

/// What a message is called: unique everywhere.
pub(super) fn mid(said: &Said) -> String {
    format!("mid.{:08x}{:016x}", said.place, said.id)
}

/// Where a message is found in the world.
pub(super) fn find_mid(mid: &str) -> Option<(u64, u64)> {
    let digits = mid.strip_prefix("mid.").unwrap_or(mid);
    let (place, id) = digits.split_at_checked(8)?;
    Some((u64::from_str_radix(place, 16).ok()?, u64::from_str_radix(id, 16).ok()?))
}

/// The message, with what it answers.
pub(super) fn message(world: &World, said: &Said) -> Value {
    let chat = Chat::of(said);
    let mut message = json!({"recipient": recipient(said), "timestamp": said.at * 1_000, "body": body(said)});
    let attached = world.attached(said);
    if !attached.is_empty() {
        message["body"]["attachments"] = attached.into();
    }
    if let Some(sender) = sender(said) {
        message["sender"] = sender;
    }
    if let Some(above) = said.answers.and_then(|id| world.find(said.place, id)) {
        message["link"] = json!({"type": "reply", "chat_id": chat.id(), "message": body(above)});
        if let Some(sender) = sender(above) {
            message["link"]["sender"] = sender;
        }
    }
    if said.kind != Kind::Comment {
        message["url"] = chat.link().map(|link| format!("{link}/{:x}", said.id)).into();
    }
    if said.kind == Kind::Post {
        message["stat"] = json!({"views": said.id % 900 + 1});
    }
    message
}

fn recipient(said: &Said) -> Value {
    let chat = Chat::of(said);
    let mut recipient = json!({"chat_id": chat.id(), "chat_type": chat.kind(), "user_id": null});
    if let Chat::Dialog(person) = chat {
        recipient["user_id"] = if said.who == Who::Place { person.into() } else { BOT.into() };
    }
    if let (Kind::Comment, Some(post)) = (said.kind, said.under) {
        recipient["post_id"] = format!("mid.{:08x}{post:016x}", said.place).into();
    }
    recipient
}

/// Who says it; a channel speaks for itself, without one.
fn sender(said: &Said) -> Option<Value> {
    match (said.who, said.kind) {
        (Who::Person(id), _) => Some(person(id)),
        (Who::Place, Kind::Post) => None,
        (Who::Place, _) => Some(bot()),
    }
}

fn body(said: &Said) -> Value {
    let mut body = json!({"mid": mid(said), "seq": said.id, "text": said.text, "attachments": null});
    let markup = markup(&said.text);
    if !markup.is_empty() {
        body["markup"] = markup.into();
    }
    body
}

pub(super) fn person(id: u64) -> Value {
    let (first_name, last_name) = name_of(id);
    json!({"user_id": id, "first_name": first_name, "last_name": last_name, "name": format!("{first_name} {last_name}"),
        "username": format!("person{id}"), "is_bot": false, "last_activity_time": 1_772_366_400_000_u64})
}

fn bot() -> Value {
    json!({"user_id": BOT, "first_name": "Эхо", "last_name": null, "name": "Эхо", "username": "echo_bot", "is_bot": true,
        "last_activity_time": 1_772_366_400_000_u64})
}

/// The bot as it is told of itself.
pub(super) fn bot_info() -> Value {
    let mut info = bot();
    info["description"] = "Повторяет".into();
    info["commands"] = json!([]);
    info
}

/// Addresses, by their place in UTF-16 units.
fn markup(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut from = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        if bare.starts_with("http://") || bare.starts_with("https://") {
            found.push(json!({"type": "link", "from": from, "length": bare.encode_utf16().count(), "url": bare}));
        }
        from += word.encode_utf16().count();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_a_text_are_counted_in_utf_16() {
        let expected = vec![json!({"type": "link", "from": 3, "length": 14, "url": "https://a.test"})];
        assert_eq!(markup("😀 https://a.test\nконец"), expected);
        assert_eq!((find_mid("mid.00000002000000000000001f"), find_mid("mid.2")), (Some((2, 31)), None));
    }
}
