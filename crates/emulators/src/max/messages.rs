//! Reading what stands in a chat, the newest first.

use serde_json::{Value, json};

use super::call::{Call, Refusal};
use super::chats::Chat;
use super::{Answer, Max, render};
use crate::world::{Kind, Said, World};

/// `GET /messages`: of a chat, or by their ids.
pub(super) fn list(max: &Max, call: &Call) -> Answer {
    let inside = max.sandbox.inside();
    let world = &inside.world;
    if let Some(mids) = call.text("message_ids") {
        let found = mids.split(',').filter_map(|mid| find(world, mid));
        return Ok(json!({"messages": found.map(|said| render::message(world, said)).collect::<Vec<_>>()}));
    }
    let chat = call.number("chat_id").and_then(Chat::find).ok_or_else(Refusal::no_chat)?;
    if !chat.is_heard() {
        return Err(Refusal::denied());
    }
    let count = call.count(50).min(inside.faults.page);
    Ok(json!({"messages": newest(world, chat.messages(world), call, count)}))
}

/// `GET /messages/MID`
pub(super) fn get(max: &Max, call: &Call) -> Answer {
    let inside = max.sandbox.inside();
    let said = asked(&inside.world, call)?;
    Ok(render::message(&inside.world, said))
}

/// `GET /messages/MID/comments`
pub(super) fn comments(max: &Max, call: &Call) -> Answer {
    let inside = max.sandbox.inside();
    let world = &inside.world;
    let post = asked(world, call)?;
    let count = call.count(50).min(inside.faults.page);
    let under = world.of(post.place, Kind::Comment).filter(|said| said.under == Some(post.id));
    Ok(json!({"messages": newest(world, under, call, count)}))
}

/// `GET /messages/MID/comments/MID`
pub(super) fn comment(max: &Max, call: &Call) -> Answer {
    let inside = max.sandbox.inside();
    let world = &inside.world;
    let post = asked(world, call)?;
    let comment = call.path.get(3).and_then(|mid| find(world, mid));
    let comment = comment.filter(|said| said.place == post.place && said.under == Some(post.id));
    Ok(render::message(world, comment.ok_or_else(Refusal::no_message)?))
}

/// The thing whose id stands in the path.
pub(super) fn asked<'a>(world: &'a World, call: &Call) -> Result<&'a Said, Refusal> {
    call.path.get(1).and_then(|mid| find(world, mid)).ok_or_else(Refusal::no_message)
}

pub(super) fn find<'a>(world: &'a World, mid: &str) -> Option<&'a Said> {
    let (place, id) = render::find_mid(mid)?;
    world.find(place, id).filter(|said| !said.deleted)
}

/// `before` and `after` are Unix milliseconds, and both leave their moment out.
fn newest<'a>(
    world: &'a World,
    all: impl DoubleEndedIterator<Item = &'a Said>,
    call: &Call,
    count: usize,
) -> Vec<Value> {
    let (before, after) = (call.number("before"), call.number("after"));
    let between = |said: &&Said| {
        let at = said.at * 1_000;
        before.is_none_or(|before| at < before) && after.is_none_or(|after| at > after)
    };
    all.rev().filter(between).take(count).map(|said| render::message(world, said)).collect()
}
