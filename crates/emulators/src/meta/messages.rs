//! Private messages: one answer a comment within seven days, and what one likes within a day of somebody's message.

use serde_json::{Value, json};

use super::call::{Answer, Call, Refusal, own};
use super::fields;
use super::ids::{self, Node};
use super::nodes::{self, standing};
use super::upload;
use crate::sandbox::Inside;
use crate::world::{FIRST_PERSON, Kind, PEOPLE, Said, Saying, Who, World};

const DAY: i64 = 86_400;
/// Longest message, in characters; on Instagram in bytes.
const LONGEST: usize = 2_000;
const LONGEST_ON_INSTAGRAM: usize = 1_000;

pub(super) fn send(inside: &mut Inside, call: &Call, node: Node) -> Answer {
    let (Node::Page(place) | Node::Account(place)) = node else {
        return Err(Refusal::new(3, "(#3) Application does not have the capability to make this API call."));
    };
    own(call, place)?;
    if call.token()?.reads_only {
        return Err(Refusal::right("pages_messaging"));
    }
    let read = |name: &str| {
        serde_json::from_str::<Value>(call.required(name)?).map_err(|_| Refusal::new(100, "(#100) Invalid JSON"))
    };
    let (recipient, message) = (read("recipient")?, read("message")?);
    let named = |name: &str| recipient.get(name).and_then(Value::as_str);
    let text = message.get("text").and_then(Value::as_str).unwrap_or_default().to_owned();
    let file = message.get("attachment").map(|wanted| upload::borne(inside, call, wanted)).transpose()?;
    let on_instagram =
        matches!(node, Node::Account(_)) || matches!(named("comment_id").and_then(Node::of), Some(Node::Media { .. }));
    let too_long = if on_instagram { text.len() > LONGEST_ON_INSTAGRAM } else { text.chars().count() > LONGEST };
    // Words or a file, never both.
    if file.is_some() && !text.is_empty() {
        return Err(Refusal::new(100, "(#100) Only one of message[text] and message[attachment] may be set"));
    }
    if text.is_empty() && file.is_none() || too_long {
        return Err(Refusal::new(100, "(#100) Length of param message[text] must be less than or equal to 2000"));
    }
    let (person, once) =
        match (named("id").and_then(Node::of), named("comment_id").or_else(|| named("post_id")).and_then(Node::of)) {
            (Some(Node::Person(person)), _) => {
                let written = |said: &Said| {
                    said.under == Some(person) && said.who == Who::Person(person) && said.at >= call.now - DAY
                };
                if !inside.world.of(place, Kind::Message).rev().any(written) {
                    let words = "(#10) This message is sent outside of allowed window.";
                    return Err(Refusal::with_subcode(10, 2_018_278, words));
                }
                (person, None)
            }
            (_, Some(Node::Thing { place, id } | Node::Media { place, id })) => {
                let said = standing(&inside.world, place, id)?;
                if said.at < call.now - 7 * DAY {
                    return Err(Refusal::new(10_903, "(#10903) This user cant reply to this activity"));
                }
                let Who::Person(person) = said.who else {
                    return Err(Refusal::new(10_903, "(#10903) This user cant reply to this activity"));
                };
                (person, Some(format!("private {place} {id}")))
            }
            _ => return Err(Refusal::new(100, "(#100) No matching user found")),
        };
    if !(FIRST_PERSON..FIRST_PERSON + PEOPLE).contains(&person) {
        return Err(Refusal::new(551, "(#551) This person isn't available right now."));
    }
    let saying =
        Saying { place, kind: Kind::Message, who: Who::Place, text: text.clone(), under: Some(person), answers: None };
    let (id, made) = match once {
        Some(key) => inside.world.say_once(&key, saying, call.now),
        None => (inside.world.say(saying, call.now), true),
    };
    if !made {
        return Err(Refusal::new(10_900, "(#10900) Activity already replied to"));
    }
    let counted = file.as_ref().map_or(text, |file| format!("file {}", file["name"].as_str().unwrap_or_default()));
    inside.counts.reply(&counted, true);
    inside.world.attach(place, id, file.into_iter().collect());
    Ok(json!({"recipient_id": ids::person(person), "message_id": format!("m_{}", ids::thing(place, id))}))
}

/// A message with its files.
fn whole(world: &World, said: &Said, on_instagram: bool) -> Value {
    let mut message = nodes::message(said, on_instagram);
    let attached = world.attached(said);
    if !attached.is_empty() {
        message["attachments"] = json!({ "data": attached });
    }
    message
}

/// With one person when one is named, else with everybody who wrote.
pub(super) fn conversations(inside: &mut Inside, call: &Call, node: Node) -> Answer {
    let (Node::Page(place) | Node::Account(place)) = node else { return Err(Refusal::gone("0")) };
    own(call, place)?;
    let on_instagram = call.text("platform") == Some("instagram");
    let wanted = fields::parse(call.text("fields").unwrap_or("id,updated_time"));
    let only = call.text("user_id").and_then(Node::of);
    let limit =
        wanted.iter().find(|field| field.name == "messages").and_then(|field| field.modifier("limit")?.parse().ok());
    let people = FIRST_PERSON..FIRST_PERSON + PEOPLE;
    let conversations =
        people.filter(|person| only.is_none_or(|only| only == Node::Person(*person))).filter_map(|person| {
            let messages = inside.world.of(place, Kind::Message).rev().filter(|said| said.under == Some(person));
            let data: Vec<Value> =
                messages.take(limit.unwrap_or(25)).map(|said| whole(&inside.world, said, on_instagram)).collect();
            let updated = data.first()?.get("created_time").cloned();
            let whole = json!({
                "id": format!("t_{}", ids::person(person)), "updated_time": updated, "messages": {"data": data},
                "participants": {"data": [{"id": ids::person(person)}, {"id": ids::page(place)}]},
            });
            Some(fields::pick(&whole, &wanted))
        });
    let data: Vec<Value> = conversations.take(call.limit(100)).collect();
    Ok(json!({ "data": data }))
}
