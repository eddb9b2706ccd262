//! Messages as Telegram tells them.

use serde_json::{Value, json};

use super::chats::Chat;
use crate::world::{Kind, Said, Who, World, name_of};

/// Who speaks in a group where the channel itself does.
const CHANNEL_BOT: u64 = 136_817_688;
/// Who forwards posts into the group that discusses them.
const TELEGRAM: u64 = 777_000;

/// The message, with what it answers.
pub(super) fn message(world: &World, said: &Said) -> Value {
    let mut message = alone(said);
    match said.kind {
        Kind::Topic => {
            message["message_thread_id"] = said.id.into();
            message["is_topic_message"] = true.into();
        }
        Kind::TopicComment => {
            message["message_thread_id"] = said.under.into();
            message["is_topic_message"] = true.into();
        }
        Kind::Comment => message["message_thread_id"] = said.under.into(),
        Kind::Post | Kind::Message => {}
    }
    let above = said.answers.or(said.under.filter(|_| said.kind != Kind::Message));
    if let Some(above) = above.and_then(|id| world.find(said.place, id)) {
        message["reply_to_message"] = if above.kind == Kind::Post { forwarded(above) } else { alone(above) };
    }
    message
}

/// The copy of a channel's post in the group that discusses it.
pub(super) fn forwarded(post: &Said) -> Value {
    let channel = Chat::Channel(post.place).told();
    let mut message = alone(post);
    message["chat"] = Chat::Talk(post.place).told();
    message["from"] = json!({"id": TELEGRAM, "is_bot": false, "first_name": "Telegram"});
    message["is_automatic_forward"] = true.into();
    message["forward_origin"] = json!({"type": "channel", "date": post.at, "chat": channel, "message_id": post.id});
    message
}

fn alone(said: &Said) -> Value {
    let chat = Chat::of(said);
    let mut message = json!({"message_id": chat.message_id(said), "date": said.at, "chat": chat.told()});
    match (said.who, chat) {
        (Who::Person(person), _) => message["from"] = user(person),
        (Who::Place, Chat::Private(_)) => message["from"] = bot(),
        (Who::Place, Chat::Channel(place)) => message["sender_chat"] = Chat::Channel(place).told(),
        (Who::Place, Chat::Talk(place) | Chat::Forum(place)) => {
            message["from"] =
                json!({"id": CHANNEL_BOT, "is_bot": true, "first_name": "Channel", "username": "Channel_Bot"});
            message["sender_chat"] = Chat::Channel(place).told();
        }
    }
    if said.kind == Kind::Topic {
        message["forum_topic_created"] = json!({"name": said.text, "icon_color": 7_322_096});
        return message;
    }
    message["text"] = said.text.as_str().into();
    let entities = entities(&said.text);
    if !entities.is_empty() {
        message["entities"] = entities.into();
    }
    if let Some(at) = said.edited_at {
        message["edit_date"] = at.into();
    }
    message
}

pub(super) fn bot() -> Value {
    json!({"id": super::BOT, "is_bot": true, "first_name": "Эхо", "username": "echo_bot"})
}

fn user(person: u64) -> Value {
    let (first_name, last_name) = name_of(person);
    json!({"id": person, "is_bot": false, "first_name": first_name, "last_name": last_name,
        "username": format!("person{person}"), "language_code": "ru"})
}

/// Addresses, names and tags, by their place in UTF-16 units.
fn entities(text: &str) -> Vec<Value> {
    let mut entities = Vec::new();
    let mut offset = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        let kind = match bare.chars().next() {
            Some('#') => Some("hashtag"),
            Some('@') => Some("mention"),
            _ if bare.starts_with("http://") || bare.starts_with("https://") => Some("url"),
            _ => None,
        };
        let length = bare.encode_utf16().count();
        if let Some(kind) = kind.filter(|_| length > 1) {
            entities.push(json!({"type": kind, "offset": offset, "length": length}));
        }
        offset += word.encode_utf16().count();
    }
    entities
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_a_text_are_counted_in_utf_16() {
        let expected = vec![
            json!({"type": "hashtag", "offset": 3, "length": 6}),
            json!({"type": "url", "offset": 10, "length": 14}),
        ];
        assert_eq!(entities("😀 #связь https://a.test\nконец"), expected);
    }
}
