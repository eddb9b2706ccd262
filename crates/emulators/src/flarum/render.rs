//! What a Flarum shows of the world, as JSON:API: a field stands there only where it means something, as in Flarum's serializers.

use std::collections::BTreeSet;

use molva_domain::Timestamp;
use serde_json::{Value, json};

use crate::forum;
use crate::rest::{self, Call};
use crate::world::{Kind, Said, World};

/// Times are written with the offset.
pub(super) fn time(seconds: i64) -> String {
    let told = Timestamp::from_secs(seconds).to_rfc3339();
    format!("{}+00:00", told.split('.').next().unwrap_or_default().trim_end_matches('Z'))
}

pub(super) fn user(author: u64) -> Value {
    let name = forum::name(author);
    json!({"type": "users", "id": author.to_string(), "attributes": {"username": name, "displayName": name, "avatarUrl": null, "slug": name}})
}

/// Somebody who is asked for alone.
pub(super) fn whole_user(world: &World, author: u64) -> Value {
    let mut told = user(author);
    let wrote =
        |kind: Kind| forum::newest(world).filter(|said| said.kind == kind && forum::author(said) == author).count();
    let more = json!({"joinTime": time(1_387_000_000), "discussionCount": wrote(Kind::Post), "commentCount": wrote(Kind::Post) + wrote(Kind::Comment),
        "canEdit": false, "canEditCredentials": false, "canEditGroups": false, "canDelete": false});
    if let (Some(told), Value::Object(more)) = (told["attributes"].as_object_mut(), more) {
        told.extend(more);
    }
    told["relationships"] = json!({"groups": {"data": []}});
    told
}

/// A post as whoever asks may see it: what was typed is told to those who may change it.
pub(super) fn post(world: &World, call: &Call, said: &Said) -> Value {
    let may_edit = super::moderates(call) || super::person(call) == Some(forum::author(said));
    let mut told = json!({"number": forum::place_in_topic(said), "createdAt": time(said.at), "contentType": "comment",
        "contentHtml": html(world, &said.text), "renderFailed": false, "canEdit": may_edit, "canDelete": super::moderates(call), "canHide": may_edit});
    if may_edit {
        told["content"] = json!(said.text);
    }
    if let Some(at) = said.edited_at {
        told["editedAt"] = json!(time(at));
    }
    if said.deleted {
        told["isHidden"] = json!(true);
        told["hiddenAt"] = json!(time(call.now));
    }
    let of = |kind: &str, id: u64| json!({"data": {"type": kind, "id": id.to_string()}});
    json!({"type": "posts", "id": said.number.to_string(), "attributes": told, "relationships": {"user": of("users", forum::author(said)),
        "discussion": of("discussions", forum::first(world, said).number)}})
}

/// What stands in every telling of a discussion.
pub(super) fn title(first: &Said) -> Value {
    let id = first.number;
    json!({"type": "discussions", "id": id.to_string(), "attributes": {"title": rest::title(&first.text), "slug": format!("{id}-topic")}})
}

/// A discussion with its figures.
pub(super) fn discussion(world: &World, call: &Call, first: &Said, locked: bool) -> Value {
    let posts: Vec<&Said> = forum::posts(world, first).collect();
    let people: BTreeSet<u64> = posts.iter().map(|said| forum::author(said)).collect();
    let last = posts.last().copied().unwrap_or(first);
    let moderates = super::moderates(call);
    let mut told = title(first);
    let more = json!({"commentCount": posts.len(), "participantCount": people.len(), "createdAt": time(first.at), "lastPostedAt": time(last.at),
        "lastPostNumber": forum::place_in_topic(last), "canReply": super::person(call).is_some() && !locked, "canRename": moderates,
        "canDelete": moderates, "canHide": moderates, "canLock": moderates, "isLocked": locked});
    if let (Some(told), Value::Object(more)) = (told["attributes"].as_object_mut(), more) {
        told.extend(more);
    }
    let of = |kind: &str, id: u64| json!({"data": {"type": kind, "id": id.to_string()}});
    told["relationships"] = json!({"user": of("users", forum::author(first)), "lastPostedUser": of("users", forum::author(last)),
        "firstPost": of("posts", first.number)});
    told
}

/// Each thing once, however often it is spoken of.
pub(super) fn once(included: Vec<Value>) -> Vec<Value> {
    let mut known = BTreeSet::new();
    included.into_iter().filter(|one| known.insert((one["type"].to_string(), one["id"].to_string()))).collect()
}

/// The page a text becomes. `@"name"#p12` is a mention of that post.
fn html(world: &World, text: &str) -> String {
    let page = rest::html(text);
    let Some((before, rest)) = page.split_once("@\"") else { return page };
    let Some((name, after)) = rest.split_once("\"#p") else { return page };
    let digits = after.len() - after.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let (id, after) = after.split_at(digits);
    let Some(said) = id.parse().ok().and_then(|id| forum::find(world, id)) else { return page };
    let (topic, number) = (forum::first(world, said).number, forum::place_in_topic(said));
    format!("{before}<a href=\"/d/{topic}/{number}\" class=\"PostMention\" data-id=\"{id}\">{name}</a>{after}")
}
