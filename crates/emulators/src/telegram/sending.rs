//! `sendMessage`. The network has no key against saying a thing twice, so what arrives is counted by its text.

use std::time::Duration;

use serde_json::{Value, json};

use super::chats::Chat;
use super::method::{Call, Refusal};
use super::render;
use super::{Answer, Telegram};
use crate::world::{Kind, Saying, Who};

/// In UTF-16 units.
const LONGEST: usize = 4_096;

pub(super) fn send(telegram: &Telegram, call: &Call) -> Answer {
    let chat = call.text("chat_id").and_then(|id| Chat::find(&id));
    let chat = chat.ok_or_else(|| Refusal::new(400, "Bad Request: chat not found"))?;
    let text = call.text("text").unwrap_or_default();
    match text.encode_utf16().count() {
        0 => return Err(Refusal::new(400, "Bad Request: message text is empty")),
        1..=LONGEST => {}
        _ => return Err(Refusal::new(400, "Bad Request: message is too long")),
    }
    within_limits(telegram, chat)?;
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
    inside.counts.reply(&text, true);
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
