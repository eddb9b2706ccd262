//! Private messages of a community.

use serde_json::json;

use super::method::{Answer, Call, Refusal, Token};
use super::wall::{told, writer, written};
use super::{render, upload};
use crate::faults::Fault;
use crate::sandbox::Inside;
use crate::world::{FIRST_PERSON, Kind, PEOPLE, Saying};

/// Longest message, in characters.
const LONGEST: usize = 9_000;
/// Files beside a message.
const MOST_FILES: usize = 10;

pub(super) fn send(inside: &mut Inside, call: &Call, _fault: Option<Fault>) -> Answer {
    let Some(Token::Community(place)) = call.token else {
        return Err(Refusal::new(15, "Access denied: only communities send messages here"));
    };
    let named = call.text("domain").and_then(|name| name.strip_prefix("person")?.parse().ok());
    let peer = call.number("peer_id").or_else(|| call.number("user_id")).and_then(|peer| u64::try_from(peer).ok());
    let peer = peer.or(named);
    let known = |peer: &u64| (FIRST_PERSON..FIRST_PERSON + PEOPLE).contains(peer);
    let Some(peer) = peer.filter(known) else {
        return Err(Refusal::new(901, "Can't send messages for users without permission"));
    };
    let random_id = call.required("random_id")?;
    let text = call.text("message").unwrap_or_default();
    match text.chars().count() {
        0 => return Err(Refusal::new(100, "One of the parameters specified was missing or invalid: message is empty")),
        1..=LONGEST => {}
        _ => return Err(Refusal::new(914, "Message is too long")),
    }
    let key = (random_id != 0).then(|| random_id.to_string());
    let answers = call.number("reply_to").and_then(|id| u64::try_from(id).ok());
    let (kind, who) = (Kind::Message, writer(call));
    let saying = Saying { place, kind, who, text: text.to_owned(), under: Some(peer), answers };
    let borne = upload::borne(inside, call, "attachment", MOST_FILES)?;
    let id = written(inside, call, saying, key.as_deref());
    inside.world.attach(place, id, borne);
    Ok(json!(id))
}

/// The newest first.
pub(super) fn history(inside: &mut Inside, call: &Call, fault: Option<Fault>) -> Answer {
    let Some(Token::Community(place)) = call.token else {
        return Err(Refusal::new(15, "Access denied: only communities read messages here"));
    };
    let peer = u64::try_from(call.required("peer_id")?).unwrap_or(0);
    let messages = inside.world.of(place, Kind::Message).rev().filter(|said| said.under == Some(peer));
    let count = messages.clone().count();
    let shown = |said| {
        let mut message = render::message(said);
        message["attachments"] = inside.world.attached(said).into();
        message
    };
    let items = messages.skip(call.offset()).take(call.count(20, 200)).map(shown).collect();
    Ok(told(inside, items, call, fault, json!({ "count": count })))
}
