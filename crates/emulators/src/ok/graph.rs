//! Messages between people and a group.

use axum::http::Method;
use serde_json::{Value, json};

use super::call::{Call, Refusal};
use super::{Answer, Okru, hooks, people, topics, upload};
use crate::world::{FIRST_PERSON, Kind, PEOPLE, Said, Saying, Who};

/// In characters.
const LONGEST: usize = 4_000;

/// `POST graph.chat.messages`, ids left out.
pub(super) fn name(method: &Method, pieces: &[&str]) -> String {
    let what = match pieces {
        ["me", what] => format!("graph.user.{what}"),
        ["me", what, chat] | [chat, what] if chat.starts_with("chat:") => format!("graph.chat.{what}"),
        _ => "graph".to_owned(),
    };
    format!("{method} {what}")
}

pub(super) fn run(ok: &Okru, name: &str, pieces: &[&str], call: &Call, group: u64, body: &Value) -> Answer {
    let chat = pieces.iter().find(|piece| piece.starts_with("chat:")).copied().or_else(|| call.text("chat_id"));
    match name {
        "GET graph.user.info" | "GET graph.user.me" => {
            Ok(json!({"user_id": format!("group:{}", people::group_id(group)), "name": people::group(group)["name"]}))
        }
        "POST graph.user.subscribe" => hooks::add(ok, group, body),
        "POST graph.user.unsubscribe" => Ok(hooks::remove(ok, group, body)),
        "GET graph.user.subscriptions" => Ok(hooks::list(ok, group)),
        "GET graph.user.fileUploadUrl" => upload::address(ok, call),
        "GET graph.chat.messages" => messages(ok, group, chat, call),
        "POST graph.chat.messages" => say(ok, group, chat, body),
        _ => Err(Refusal::new(3, "METHOD : Method does not exist")),
    }
}

pub(super) fn chat_id(group: u64, person: u64) -> String {
    format!("chat:C{:x}", group << 32 | person)
}

fn person_of(group: u64, chat: Option<&str>) -> Result<u64, Refusal> {
    let number = chat.and_then(|chat| u64::from_str_radix(chat.strip_prefix("chat:C")?, 16).ok());
    let known =
        |number: &u64| number >> 32 == group && (FIRST_PERSON..FIRST_PERSON + PEOPLE).contains(&(number & 0xffff_ffff));
    let number = number.filter(known).ok_or_else(|| Refusal::new(300, "NOT_FOUND : Chat is not found"))?;
    Ok(number & 0xffff_ffff)
}

fn mid(said: &Said) -> String {
    format!("mid:C{:x}.{:x}", said.place, topics::topic_id(said.place, said.id))
}

/// As listeners are called with it.
pub(super) fn told(said: &Said) -> Value {
    let person = said.under.unwrap_or(FIRST_PERSON);
    let (author, _) = people::author(said);
    let name = people::author_name(said);
    json!({"sender": {"user_id": author, "name": name}, "recipient": {"chat_id": chat_id(said.place, person)},
        "message": {"text": said.text, "seq": said.id, "mid": mid(said)}, "timestamp": said.at * 1_000})
}

/// The newest first.
fn messages(ok: &Okru, group: u64, chat: Option<&str>, call: &Call) -> Answer {
    let person = person_of(group, chat)?;
    let inside = ok.sandbox.inside();
    let here = inside.world.of(group, Kind::Message).rev().filter(|said| said.under == Some(person));
    let shown = |said: &Said| {
        let mut message = told(said);
        let attached = inside.world.attached(said);
        if !attached.is_empty() {
            message["message"]["attachments"] = attached.into();
        }
        message
    };
    let messages: Vec<Value> = here.take(call.count(50)).map(shown).collect();
    Ok(json!({"messages": messages}))
}

fn say(ok: &Okru, group: u64, chat: Option<&str>, body: &Value) -> Answer {
    let person = person_of(group, chat.or_else(|| body.pointer("/recipient/chat_id").and_then(Value::as_str)))?;
    let text = body.pointer("/message/text").and_then(Value::as_str).unwrap_or_default();
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(Refusal::parameter("message"));
    }
    let now = ok.sandbox.now();
    let mut inside = ok.sandbox.inside();
    let borne = upload::borne(&inside, body)?;
    inside.counts.reply(text, true);
    let text = text.to_owned();
    let saying =
        Saying { place: group, kind: Kind::Message, who: Who::Place, text, under: Some(person), answers: None };
    let id = inside.world.say(saying, now);
    inside.world.attach(group, id, borne);
    let mid = inside.world.find(group, id).map(mid);
    drop(inside);
    ok.sandbox.changed();
    Ok(json!({"success": true, "message_id": mid}))
}
