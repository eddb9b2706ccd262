//! Topics of groups, the newest first.

use serde_json::{Value, json};

use super::Answer;
use super::call::{Call, Refusal};
use super::people;
use crate::faults::Fault;
use crate::sandbox::Inside;
use crate::spoil;
use crate::world::{Kind, Said, World};

const TOPICS: u64 = 150_000_000_000_000;
const IN_PLACE: u64 = 10_000_000_000;

pub(super) fn topic_id(place: u64, id: u64) -> u64 {
    TOPICS + place * IN_PLACE + id
}

/// Place and id of a topic, or of anything else said there.
pub(super) fn find_id(id: &str) -> Option<(u64, u64)> {
    let rest = id.parse::<u64>().ok()?.checked_sub(TOPICS)?;
    Some((rest / IN_PLACE, rest % IN_PLACE))
}

/// The topic of that number, unless it was removed.
pub(super) fn find<'a>(world: &'a World, id: &str) -> Option<&'a Said> {
    let (place, id) = find_id(id)?;
    world.find(place, id).filter(|said| !said.deleted && matches!(said.kind, Kind::Post | Kind::Topic))
}

/// `mediatopic.getTopics`
pub(super) fn list(inside: &mut Inside, call: &Call, fault: Option<Fault>) -> Answer {
    let place = call
        .text("gid")
        .and_then(people::place_of)
        .ok_or_else(|| Refusal::new(160, "PARAM_GROUP_ID : Invalid group id"))?;
    let count = call.count(10).min(inside.faults.page);
    let before = call.text("anchor").and_then(|anchor| anchor.parse::<u64>().ok()).unwrap_or(u64::MAX);
    let world = &inside.world;
    let mut all: Vec<&Said> = world.of(place, Kind::Post).chain(world.of(place, Kind::Topic)).collect();
    all.sort_by_key(|said| std::cmp::Reverse(said.id));
    all.retain(|said| said.id < before);
    let has_more = all.len() > count;
    all.truncate(count);
    let anchor = all.last().map(|said| said.id.to_string());
    let mut topics: Vec<Value> = all.into_iter().map(|said| topic(world, said)).collect();
    spoil::list(&mut topics, fault);
    inside.counts.items_served += topics.len() as u64;
    let entities = json!({"groups": [people::group(place)]});
    Ok(json!({"media_topics": topics, "anchor": anchor, "has_more": has_more, "entities": entities}))
}

/// `mediatopic.getByIds`
pub(super) fn by_ids(inside: &Inside, call: &Call) -> Answer {
    let ids = call.text("topic_ids").ok_or_else(|| Refusal::parameter("topic_ids"))?;
    let found = ids.split(',').filter_map(|id| find(&inside.world, id)).map(|said| topic(&inside.world, said));
    Ok(json!({"media_topics": found.collect::<Vec<_>>()}))
}

fn topic(world: &World, said: &Said) -> Value {
    let id = topic_id(said.place, said.id).to_string();
    let kind = if said.kind == Kind::Post { Kind::Comment } else { Kind::TopicComment };
    let comments = world.of(said.place, kind).filter(|one| one.under == Some(said.id)).count();
    let (author_ref, _) = people::author(said);
    json!({
        "id": id, "created_ms": said.at * 1_000, "type": "GROUP_TOPIC", "author_ref": author_ref,
        "owner_ref": format!("group:{}", people::group_id(said.place)),
        "media": [{"type": "text", "text": said.text, "text_tokens": [{"text": said.text}]}],
        "discussion_summary": {"discussion_type": "GROUP_TOPIC", "discussion_id": id, "comments_count": comments},
        "like_summary": {"count": said.id % 50, "self": false, "like_possible": true},
        "reshare_summary": {"count": said.id % 7, "self": false},
    })
}
