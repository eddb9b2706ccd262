//! `sendMessage`, `sendPhoto`, `sendDocument`, `sendMediaGroup`. The network has no key against saying a thing twice, so what arrives is counted by its text.

use std::time::Duration;

use serde_json::{Value, json};

use super::chats::Chat;
use super::method::{Call, Refusal};
use super::render;
use super::{Answer, Telegram};
use crate::world::{Kind, Saying, Who};

/// In UTF-16 units.
const LONGEST: usize = 4_096;
const LONGEST_CAPTION: usize = 1_024;
/// Bytes of a picture; a document may have five times as many.
const LARGEST_PHOTO: usize = 10_000_000;

pub(super) fn message(telegram: &Telegram, call: &Call) -> Answer {
    let text = call.text("text").unwrap_or_default();
    match text.encode_utf16().count() {
        0 => Err(Refusal::new(400, "Bad Request: message text is empty")),
        1..=LONGEST => say(telegram, call, place(telegram, call)?, text),
        _ => Err(Refusal::new(400, "Bad Request: message is too long")),
    }
}

/// A picture or a document with its caption.
pub(super) fn file(telegram: &Telegram, call: &Call, kind: &str) -> Answer {
    let shown = shown(call, kind, kind)?;
    let caption = caption(call.text("caption"))?;
    Ok(with_file(say(telegram, call, place(telegram, call)?, caption)?, kind, shown))
}

/// Pictures or documents, each a message of its own; the words stand at the first.
pub(super) fn album(telegram: &Telegram, call: &Call) -> Answer {
    let media = call.whole("media").and_then(|media| media.as_array().cloned()).unwrap_or_default();
    if !(2..=10).contains(&media.len()) {
        return Err(Refusal::new(400, "Bad Request: group send failed"));
    }
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let mut files = Vec::new();
    for one in &media {
        let (kind, part) = (text(one, "type"), text(one, "media"));
        let part = part.strip_prefix("attach://").unwrap_or_default();
        files.push((shown(call, part, &kind)?, caption(Some(text(one, "caption")))?, kind));
    }
    let mixed = files.iter().any(|(_, _, kind)| (kind == "document") != (files[0].2 == "document"));
    if mixed {
        return Err(Refusal::new(400, "Bad Request: can't mix documents with other media types"));
    }
    let chat = place(telegram, call)?;
    let mut sent = Vec::new();
    for (shown, caption, kind) in files {
        sent.push(with_file(say(telegram, call, chat, caption)?, &kind, shown));
    }
    Ok(sent.into())
}

fn caption(text: Option<String>) -> Result<String, Refusal> {
    let text = text.unwrap_or_default();
    let too_long = text.encode_utf16().count() > LONGEST_CAPTION;
    if too_long { Err(Refusal::new(400, "Bad Request: message caption is too long")) } else { Ok(text) }
}

/// What a message shows of a file that came with the call.
fn shown(call: &Call, part: &str, kind: &str) -> Result<Value, Refusal> {
    let absent = || Refusal::new(400, &format!("Bad Request: there is no {kind} in the request"));
    let (name, size) = call.file(part).ok_or_else(absent)?;
    let largest = if kind == "photo" { LARGEST_PHOTO } else { 5 * LARGEST_PHOTO };
    if *size > largest {
        return Err(Refusal::new(413, "Request Entity Too Large"));
    }
    let file = json!({"file_id": format!("f-{size}-{name}"), "file_unique_id": format!("u{size}"), "file_size": size});
    Ok(match kind {
        "photo" => {
            let mut photo = file;
            (photo["width"], photo["height"]) = (json!(640), json!(480));
            json!([photo])
        }
        _ => {
            let mut document = file;
            document["file_name"] = json!(name);
            document
        }
    })
}

/// A message whose words stand beside a file.
fn with_file(mut message: Value, kind: &str, shown: Value) -> Value {
    if let Some(fields) = message.as_object_mut() {
        for (text, caption) in [("text", "caption"), ("entities", "caption_entities")] {
            let words = fields.remove(text).filter(|words| words.as_str() != Some(""));
            fields.extend(words.map(|words| (caption.to_owned(), words)));
        }
        fields.insert(kind.to_owned(), shown);
    }
    message
}

/// Where it is said, as long as it may be said there now.
fn place(telegram: &Telegram, call: &Call) -> Result<Chat, Refusal> {
    let chat = call.text("chat_id").and_then(|id| Chat::find(&id));
    let chat = chat.ok_or_else(|| Refusal::new(400, "Bad Request: chat not found"))?;
    within_limits(telegram, chat)?;
    Ok(chat)
}

fn say(telegram: &Telegram, call: &Call, chat: Chat, text: String) -> Answer {
    let now = telegram.sandbox.now();
    let mut inside = telegram.sandbox.inside();
    let answered = answered(&inside.world, chat, call)?;
    let thread = call.number("message_thread_id").and_then(|id| u64::try_from(id).ok());
    let above = answered.and_then(|(place, id)| inside.world.find(place, id)).cloned();
    // Under which post or topic it comes to stand.
    let under =
        above.as_ref().map(|said| if said.kind == Kind::Post { said.id } else { said.under.unwrap_or(said.id) });
    let (kind, place, under) = match chat {
        Chat::Channel(place) => (Kind::Post, place, None),
        Chat::Talk(place) => (Kind::Comment, place, under.or(thread)),
        Chat::Forum(place) => (Kind::TopicComment, place, under.or(thread)),
        Chat::Private(person) => (Kind::Message, above.as_ref().map_or(1, |said| said.place), Some(person)),
    };
    let answers = above.filter(|said| said.kind != Kind::Post).map(|said| said.id);
    // Further pictures of an album have no words.
    if !text.is_empty() {
        inside.counts.reply(&text, true);
    }
    let id = inside.world.say(Saying { place, kind, who: Who::Place, text, under, answers }, now);
    let sent = inside.world.find(place, id).map(|said| render::message(&inside.world, said));
    let mut sent = sent.unwrap_or_default();
    if kind != Kind::Post {
        sent["from"] = render::bot();
        if let Some(fields) = sent.as_object_mut() {
            fields.remove("sender_chat");
        }
    }
    drop(inside);
    telegram.sandbox.changed();
    Ok(sent)
}

/// One message a second in a chat, twenty a minute in a group, thirty a second in all.
fn within_limits(telegram: &Telegram, chat: Chat) -> Result<(), Refusal> {
    let (second, minute) = (Duration::from_secs(1), Duration::from_secs(60));
    let mut rules = vec![("all".to_owned(), 30, second), (format!("chat {}", chat.id()), 1, second)];
    if matches!(chat, Chat::Talk(_) | Chat::Forum(_)) {
        rules.push((format!("group {}", chat.id()), 20, minute));
    }
    let mut inside = telegram.sandbox.inside();
    for (who, most, window) in rules {
        let window = telegram.sandbox.scaled(window);
        if let Err(wait) = inside.limits.come(&who, most, window) {
            inside.counts.limits_exceeded += 1;
            let scale = second.as_secs_f64() / telegram.sandbox.scaled(second).as_secs_f64();
            let seconds = (wait.as_secs_f64() * scale).ceil();
            inside.limits.stay_away(&who, wait);
            return Err(Refusal::too_many(if seconds >= 1.0 { seconds as u64 } else { 1 }));
        }
    }
    Ok(())
}

/// What is answered: its place and id. In the group that discusses a channel the copy of a post has the post's id.
fn answered(world: &crate::World, chat: Chat, call: &Call) -> Result<Option<(u64, u64)>, Refusal> {
    let given = call.whole("reply_parameters");
    let id = given.as_ref().and_then(|given| given.get("message_id")).and_then(Value::as_u64);
    let Some(id) = id.or_else(|| call.number("reply_to_message_id").and_then(|id| u64::try_from(id).ok())) else {
        return Ok(None);
    };
    let (place, found) = chat.find_message(id);
    let here = world.find(place, found).is_some_and(|said| {
        let copy = said.kind == Kind::Post && chat == Chat::Talk(place);
        !said.deleted && (Chat::of(said) == chat || copy)
    });
    let anyway = given.and_then(|given| given.get("allow_sending_without_reply").cloned()) == Some(json!(true));
    if here || anyway {
        return Ok(here.then_some((place, found)));
    }
    Err(Refusal::new(400, "Bad Request: message to be replied not found"))
}
