//! Writing. The network has no key against saying a thing twice, so what arrives is counted by its text.

use serde_json::{Value, json};

use super::call::{Call, Refusal};
use super::chats::Chat;
use super::{Answer, Max, messages, render, upload};
use crate::world::{Kind, Said, Saying, Who, World};

/// In UTF-16 units.
const LONGEST: usize = 4_000;

fn text(call: &Call) -> Result<String, Refusal> {
    let text = call.body.get("text").and_then(Value::as_str).unwrap_or_default();
    match text.encode_utf16().count() {
        0 => Err(Refusal::new(400, "proto.payload", "text: must not be empty")),
        1..=LONGEST => Ok(text.to_owned()),
        _ => Err(Refusal::new(400, "proto.payload", "text: size must be between 0 and 4000")),
    }
}

/// What `link` answers.
fn answered(world: &World, call: &Call) -> Result<Option<Said>, Refusal> {
    let Some(link) = call.body.get("link").filter(|link| link.is_object()) else { return Ok(None) };
    let mid = link.get("mid").and_then(Value::as_str).unwrap_or_default();
    messages::find(world, mid).cloned().map(Some).ok_or_else(Refusal::no_message)
}

/// `POST /messages?chat_id=` or `?user_id=`
pub(super) fn message(max: &Max, call: &Call) -> Answer {
    let chat = call.number("chat_id").and_then(Chat::find).or_else(|| call.number("user_id").and_then(Chat::with));
    let chat = chat.ok_or_else(Refusal::no_chat)?;
    let text = text(call)?;
    let above = answered(&max.sandbox.inside().world, call)?;
    let (kind, place, under) = match chat {
        Chat::Channel(place) => (Kind::Post, place, None),
        Chat::Talk(_) if !chat.is_heard() => return Err(Refusal::denied()),
        Chat::Talk(place) => (Kind::TopicComment, place, above.as_ref().and_then(|said| said.under)),
        Chat::Dialog(person) => (Kind::Message, above.as_ref().map_or(1, |said| said.place), Some(person)),
    };
    let answers = above.map(|said| said.id);
    say(max, call, Saying { place, kind, who: Who::Place, text, under, answers })
}

/// `POST /messages/MID/comments`
pub(super) fn comment(max: &Max, call: &Call) -> Answer {
    let text = text(call)?;
    let (post, above) = {
        let inside = max.sandbox.inside();
        (messages::asked(&inside.world, call)?.clone(), answered(&inside.world, call)?)
    };
    if post.kind != Kind::Post {
        return Err(Refusal::new(400, "proto.payload", "Comments are available only for posts of channels"));
    }
    let answers = above.map(|said| said.id);
    let saying =
        Saying { place: post.place, kind: Kind::Comment, who: Who::Place, text, under: Some(post.id), answers };
    say(max, call, saying)
}

fn say(max: &Max, call: &Call, saying: Saying) -> Answer {
    let now = max.sandbox.now();
    let mut inside = max.sandbox.inside();
    let borne = upload::borne(&inside, call, now)?;
    inside.counts.reply(&saying.text, true);
    let place = saying.place;
    let id = inside.world.say(saying, now);
    inside.world.attach(place, id, borne);
    let sent = inside.world.find(place, id).map(|said| render::message(&inside.world, said));
    drop(inside);
    max.sandbox.changed();
    Ok(json!({"message": sent}))
}

/// `PUT /messages?message_id=`: what the bot itself said.
pub(super) fn edit(max: &Max, call: &Call) -> Answer {
    let text = text(call)?;
    let said = own(max, call)?;
    let now = max.sandbox.now();
    max.sandbox.inside().world.edit(said.place, said.id, &text, now);
    max.sandbox.changed();
    Ok(json!({"success": true}))
}

/// `DELETE /messages?message_id=`
pub(super) fn delete(max: &Max, call: &Call) -> Answer {
    let said = own(max, call)?;
    max.sandbox.inside().world.delete(said.place, said.id);
    max.sandbox.changed();
    Ok(json!({"success": true}))
}

fn own(max: &Max, call: &Call) -> Result<Said, Refusal> {
    let inside = max.sandbox.inside();
    let said = call.text("message_id").and_then(|mid| messages::find(&inside.world, mid));
    let said = said.ok_or_else(Refusal::no_message)?;
    match said.who {
        Who::Place => Ok(said.clone()),
        Who::Person(_) => Err(Refusal::new(403, "access.denied", "The message belongs to somebody else")),
    }
}
