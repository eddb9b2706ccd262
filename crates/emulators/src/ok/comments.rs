//! What stands under a topic. The network has no key against saying a thing twice, so what arrives is counted by its text.

use molva_domain::Timestamp;
use serde_json::{Value, json};

use super::Answer;
use super::call::{Call, Refusal};
use super::{people, topics};
use crate::faults::Fault;
use crate::sandbox::Inside;
use crate::spoil;
use crate::world::{Event, Kind, Said, Saying, What, Who, World};

/// In characters.
const LONGEST: usize = 2_048;
const MOSCOW_S: i64 = 3 * 3_600;

/// `discussions.getComments`, the oldest first; a page goes on behind the comment of its anchor.
pub(super) fn list(inside: &mut Inside, call: &Call, fault: Option<Fault>) -> Answer {
    let id = call.text("discussionId").ok_or_else(|| Refusal::parameter("discussionId"))?;
    if call.text("discussionType") != Some("GROUP_TOPIC") {
        return Err(Refusal::parameter("discussionType"));
    }
    let above = topics::find(&inside.world, id).ok_or_else(Refusal::no_discussion)?;
    let count = call.count(20).min(inside.faults.page);
    let after = call.text("anchor").and_then(|anchor| anchor.parse::<u64>().ok()).unwrap_or(0);
    let removed_too = call.text("includeRemoved") == Some("true");
    let world = &inside.world;
    let kind = if above.kind == Kind::Post { Kind::Comment } else { Kind::TopicComment };
    let mut under: Vec<&Said> =
        world.of(above.place, kind).chain(removed(world).filter(|said| said.kind == kind && removed_too)).collect();
    under.retain(|said| said.place == above.place && said.under == Some(above.id) && said.id > after);
    under.sort_by_key(|said| said.id);
    let has_more = under.len() > count;
    under.truncate(count);
    let anchor = under.last().map_or_else(|| after.to_string(), |said| said.id.to_string());
    let people: Vec<u64> =
        under.iter().filter_map(|said| if let Who::Person(id @ 1..) = said.who { Some(id) } else { None }).collect();
    let mut comments: Vec<Value> = under.into_iter().map(|said| comment(world, said)).collect();
    spoil::list(&mut comments, fault);
    inside.counts.items_served += comments.len() as u64;
    let users: Vec<Value> = people.into_iter().map(people::user).collect();
    Ok(
        json!({"comments": comments, "anchor": anchor, "has_more": has_more, "discussionId": id, "discussionType": "GROUP_TOPIC",
        "entities": {"users": users}}),
    )
}

/// The world lists only what is there; the rest stands in its log.
fn removed(world: &World) -> impl Iterator<Item = &Said> {
    let events: Vec<Event> =
        world.events_after(0).map(|events| events.map(|(_, event)| event).collect()).unwrap_or_default();
    events.into_iter().filter(|event| event.what == What::Deleted).map(|event| world.said(event))
}

fn comment(world: &World, said: &Said) -> Value {
    let (author_ref, author_id) = people::author(said);
    let date = Timestamp::from_secs(said.at + MOSCOW_S).to_string();
    let mut comment = json!({
        "id": topics::topic_id(said.place, said.id).to_string(), "author_id": author_id.to_string(), "author_ref": author_ref,
        "author_name": people::author_name(said), "text": said.text, "date_ms": said.at * 1_000,
        "date": date.get(..19).unwrap_or_default().replace('T', " "), "type": if said.deleted { "REMOVED_MESSAGE" } else { "ACTIVE_MESSAGE" },
        "like_count": said.id % 9, "liked_it": false,
    });
    if let Some(above) = said.answers.and_then(|id| world.find(said.place, id)) {
        comment["reply_to_comment_id"] = topics::topic_id(above.place, above.id).to_string().into();
        comment["reply_to_id"] = people::author(above).1.to_string().into();
        comment["reply_to_name"] = people::author_name(above).into();
    }
    comment
}

/// `discussions.addDiscussionComment`
pub(super) fn add(inside: &mut Inside, call: &Call, now: i64) -> Answer {
    let id = call.text("entityId").ok_or_else(|| Refusal::parameter("entityId"))?;
    if call.text("entityType") != Some("GROUP_TOPIC") {
        return Err(Refusal::parameter("entityType"));
    }
    let above = topics::find(&inside.world, id).ok_or_else(Refusal::no_discussion)?.clone();
    let text = call.text("comment").ok_or_else(|| Refusal::parameter("comment"))?.to_owned();
    if text.chars().count() > LONGEST {
        return Err(Refusal::new(100, "PARAM : Text is too long"));
    }
    let answers = match call.text("reply_to_comment_id").map(topics::find_id) {
        Some(Some((place, id))) if inside.world.find(place, id).is_some_and(|said| !said.deleted) => Some(id),
        Some(_) => return Err(Refusal::new(300, "NOT_FOUND : Comment is not found")),
        None => None,
    };
    let kind = if above.kind == Kind::Post { Kind::Comment } else { Kind::TopicComment };
    let who = if call.text("as_admin") == Some("true") { Who::Place } else { Who::Person(0) };
    inside.counts.reply(&text, true);
    let id = inside.world.say(Saying { place: above.place, kind, who, text, under: Some(above.id), answers }, now);
    Ok(topics::topic_id(above.place, id).to_string().into())
}

/// `discussions.deleteDiscussionComment`
pub(super) fn delete(inside: &mut Inside, call: &Call) -> Answer {
    let found = call.text("commentId").and_then(topics::find_id);
    let (place, id) = found.ok_or_else(|| Refusal::parameter("commentId"))?;
    if inside.world.delete(place, id) { Ok(true.into()) } else { Err(Refusal::no_discussion()) }
}
