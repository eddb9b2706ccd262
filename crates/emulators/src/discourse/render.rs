//! Posts, topics and people as Discourse tells them.

use molva_domain::Timestamp;
use serde_json::{Value, json};

use crate::forum;
use crate::rest::{Told, html, title};
use crate::world::{Kind, PLACES, Said, World, name_of, title_of};

/// Posts that come with a topic.
const FIRST_POSTS: usize = 20;
const TOPICS: usize = 30;

fn time(seconds: i64) -> String {
    Timestamp::from_secs(seconds).to_rfc3339()
}

pub(super) fn user(person: u64) -> Value {
    let (first, last) = name_of(person);
    json!({"id": person, "username": forum::name(person), "name": format!("{first} {last}"), "trust_level": 2, "admin": false, "moderator": false,
        "avatar_template": "/user_avatar/x/{size}.png"})
}

fn display(author: u64) -> String {
    if author <= PLACES {
        return title_of(author).to_owned();
    }
    let (first, last) = name_of(author);
    format!("{first} {last}")
}

/// The post of that number in a topic.
pub(super) fn in_topic(world: &World, topic: u64, number: u64) -> Option<&Said> {
    let first = forum::find(world, topic).filter(|said| said.kind == Kind::Post)?;
    forum::posts(world, first).find(|said| forum::place_in_topic(said) == number)
}

pub(super) fn post(world: &World, said: &Said, raw: bool) -> Value {
    let author = forum::author(said);
    let first = forum::first(world, said);
    let answered = forum::answered(world, said).map(forum::place_in_topic);
    let mut told = json!({"id": said.number, "username": forum::name(author), "name": display(author), "user_id": author,
        "avatar_template": "/user_avatar/x/{size}.png", "created_at": time(said.at), "updated_at": time(said.edited_at.unwrap_or(said.at)),
        "cooked": html(&said.text), "post_number": forum::place_in_topic(said), "post_type": 1, "reply_count": 0, "quote_count": 0,
        "reply_to_post_number": answered, "reads": 3, "score": 0.6, "topic_id": first.number, "topic_slug": "topic",
        "topic_title": title(&first.text), "category_id": said.place, "version": 1 + u8::from(said.edited_at.is_some()), "hidden": false,
        "user_deleted": false, "deleted_at": null, "actions_summary": []});
    if raw {
        told["raw"] = said.text.clone().into();
    }
    told
}

pub(super) fn topic(world: &World, first: &Said, closed: bool, raw: bool) -> Value {
    let all: Vec<&Said> = forum::posts(world, first).collect();
    let stream: Vec<u64> = all.iter().map(|said| said.number).collect();
    let posts: Vec<Value> = all.iter().take(FIRST_POSTS).map(|said| post(world, said, raw)).collect();
    json!({"id": first.number, "title": title(&first.text), "slug": "topic", "posts_count": all.len(), "closed": closed,
        "archived": false, "category_id": first.place, "created_at": time(first.at), "post_stream": {"posts": posts, "stream": stream}})
}

pub(super) fn topics(world: &World) -> Told {
    let firsts = forum::newest(world).filter(|said| said.kind == Kind::Post).take(TOPICS);
    let told: Vec<Value> = firsts
        .map(
            |said| json!({"id": said.number, "title": title(&said.text), "slug": "topic", "created_at": time(said.at)}),
        )
        .collect();
    Told::ok(json!({"users": [], "topic_list": {"topics": told, "per_page": TOPICS}}))
}

pub(super) fn action(world: &World, said: &Said, kind: u64) -> Value {
    let author = forum::author(said);
    let answered = forum::answered(world, said).map(forum::place_in_topic);
    let first = forum::first(world, said);
    json!({"action_type": kind, "created_at": time(said.at), "topic_id": first.number, "post_number": forum::place_in_topic(said),
        "post_id": said.number, "reply_to_post_number": answered, "username": forum::name(author), "acting_username": forum::name(author),
        "excerpt": title(&said.text), "slug": "topic", "title": title(&first.text), "deleted": false, "hidden": false})
}
