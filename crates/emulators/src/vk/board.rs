//! Discussions of a community.

use serde_json::json;

use super::method::{Answer, Call};
use super::wall::{MOST_FILES, standing, text, told, writer, written};
use super::{render, upload};
use crate::faults::Fault;
use crate::sandbox::Inside;
use crate::world::{Kind, Said, Saying};

pub(super) fn topics(inside: &mut Inside, call: &Call, fault: Option<Fault>) -> Answer {
    let place = group(call)?;
    let world = &inside.world;
    let mut topics: Vec<(i64, &Said, usize)> = world
        .of(place, Kind::Topic)
        .map(|topic| {
            let comments = world.of(place, Kind::TopicComment).filter(|said| said.under == Some(topic.id));
            let updated = comments.clone().map(|said| said.at).max().unwrap_or(topic.at);
            (updated, topic, comments.count())
        })
        .collect();
    // 1: the latest changed first; others are not played.
    topics.sort_by_key(|(updated, topic, _)| std::cmp::Reverse((*updated, topic.id)));
    let count = topics.len();
    let page = topics.into_iter().skip(call.offset()).take(call.count(40, 100).min(inside.faults.page));
    let items = page
        .map(|(updated, topic, comments)| {
            json!({"id": topic.id, "title": topic.text, "created": topic.at, "created_by": render::author(topic),
                "updated": updated, "updated_by": render::author(topic), "is_closed": 0, "is_fixed": 0, "comments": comments})
        })
        .collect();
    Ok(told(inside, items, call, fault, json!({"count": count, "default_order": 1, "can_add_topics": 0})))
}

pub(super) fn comments(inside: &mut Inside, call: &Call, fault: Option<Fault>) -> Answer {
    let place = group(call)?;
    let topic = u64::try_from(call.required("topic_id")?).unwrap_or(0);
    standing(&inside.world, place, topic, Kind::Topic)?;
    let mut comments: Vec<&Said> =
        inside.world.of(place, Kind::TopicComment).filter(|said| said.under == Some(topic)).collect();
    if call.text("sort") == Some("desc") {
        comments.reverse();
    }
    let count = comments.len();
    let page = comments.into_iter().skip(call.offset()).take(call.count(20, 100).min(inside.faults.page));
    let items = page.map(render::topic_comment).collect();
    Ok(told(inside, items, call, fault, json!({ "count": count })))
}

pub(super) fn create_comment(inside: &mut Inside, call: &Call, _fault: Option<Fault>) -> Answer {
    let place = group(call)?;
    let topic = u64::try_from(call.required("topic_id")?).unwrap_or(0);
    standing(&inside.world, place, topic, Kind::Topic)?;
    let (kind, who, text) = (Kind::TopicComment, writer(call), text(call)?);
    let saying = Saying { place, kind, who, text, under: Some(topic), answers: None };
    let borne = upload::borne(inside, call, "attachments", MOST_FILES)?;
    let id = written(inside, call, saying, call.text("guid"));
    inside.world.attach(place, id, borne);
    Ok(json!(id))
}

fn group(call: &Call) -> Result<u64, super::Refusal> {
    let group = call.required("group_id")?;
    let place = u64::try_from(group).unwrap_or(0);
    let there = (1..=crate::world::PLACES).contains(&place);
    if there { Ok(place) } else { Err(super::Refusal::new(15, "Access denied: Access to group topics denied")) }
}
