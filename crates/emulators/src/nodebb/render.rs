//! What a NodeBB shows of the world: `PostObject` where posts are listed, what is stored of one that is asked for alone, and what waits.

use molva_domain::Timestamp;
use serde_json::{Value, json};

use crate::forum;
use crate::rest::{self, Call};
use crate::world::{Kind, Said, World, title_of};

pub(super) fn user(person: u64) -> Value {
    let name = forum::name(person);
    json!({"uid": person, "username": name, "displayname": name, "userslug": name, "picture": null, "status": "offline", "isLocal": true,
        "icon:text": name[..1].to_uppercase(), "icon:bgColor": "#3f51b5"})
}

/// A post as lists tell it, with its topic and its category.
pub(super) fn summary(world: &World, said: &Said) -> Value {
    let author = forum::author(said);
    json!({"pid": said.number, "tid": forum::first(world, said).number, "toPid": answered(world, said), "url": format!("/post/{}", said.number),
        "content": rest::html(&said.text), "sourceContent": null, "uid": author, "timestamp": said.at * 1_000, "timestampISO": iso(said.at),
        "deleted": false, "upvotes": 0, "downvotes": 0, "votes": 0, "replies": 0, "isMainPost": said.kind == Kind::Post, "user": user(author),
        "topic": topic(world, said), "category": category(said.place)})
}

/// A post as it is stored: its text as it was typed, neither author nor topic beside it.
pub(super) fn stored(world: &World, said: &Said) -> Value {
    let edited = said.edited_at.unwrap_or(0);
    json!({"pid": said.number, "tid": forum::first(world, said).number, "toPid": answered(world, said), "content": said.text,
        "uid": forum::author(said), "timestamp": said.at * 1_000, "timestampISO": iso(said.at), "edited": edited * 1_000,
        "editedISO": if edited > 0 { iso(edited) } else { String::new() }, "deleted": 0, "deleterUid": 0, "upvotes": 0, "downvotes": 0,
        "votes": 0, "replies": 0, "bookmarks": 0, "announces": 0, "upvoted": false, "downvoted": false})
}

/// What somebody said to a topic, where it waits for a moderator; nothing when there is no such topic.
pub(super) fn queued(world: &World, id: &str, person: u64, topic_id: u64, call: &Call) -> Option<Value> {
    let text = call.text("content").trim();
    let first = forum::find(world, topic_id)?;
    Some(
        json!({"id": id, "uid": person, "type": "reply", "canEdit": true, "user": user(person), "topic": topic(world, first),
        "category": category(first.place), "data": {"uid": person, "tid": topic_id, "toPid": call.number("toPid"),
            "timestamp": call.now * 1_000, "timestampISO": iso(call.now), "content": rest::html(text), "rawContent": escaped(text)}}),
    )
}

fn topic(world: &World, said: &Said) -> Value {
    let first = forum::first(world, said);
    let title = rest::title(&first.text);
    json!({"tid": first.number, "uid": forum::author(first), "cid": first.place, "title": escaped(&title), "titleRaw": title,
        "slug": format!("{}/topic", first.number), "mainPid": first.number, "postcount": forum::posts(world, first).count(), "deleted": 0,
        "scheduled": 0, "timestamp": first.at * 1_000, "timestampISO": iso(first.at), "tags": []})
}

fn category(place: u64) -> Value {
    json!({"cid": place, "name": title_of(place), "icon": "fa-comments", "slug": format!("{place}/category"), "parentCid": 0,
        "bgColor": "#fda34b", "color": "#ffffff", "backgroundImage": null, "imageClass": "cover"})
}

fn answered(world: &World, said: &Said) -> Option<u64> {
    forum::answered(world, said).map(|answered| answered.number)
}

fn iso(seconds: i64) -> String {
    let told = Timestamp::from_secs(seconds).to_rfc3339();
    format!("{}.000Z", told.split('.').next().unwrap_or_default().trim_end_matches('Z'))
}

/// What was written, with the signs that mean something in HTML written out.
fn escaped(text: &str) -> String {
    let signs = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#x27;"), ("/", "&#x2F;")];
    signs.into_iter().fold(text.to_owned(), |text, (sign, written)| text.replace(sign, written))
}
