//! Things of the world as VK tells them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::world::{Kind, Said, Who, World, name_of, title_of};

/// The id of a wall or an author: communities are negative.
pub(super) fn owner(place: u64) -> i64 {
    -i64::try_from(place).unwrap_or(0)
}

pub(super) fn author(said: &Said) -> i64 {
    match said.who {
        Who::Person(person) => i64::try_from(person).unwrap_or(0),
        Who::Place => owner(said.place),
    }
}

pub(super) fn post(world: &World, said: &Said) -> Value {
    let comments = world.of(said.place, Kind::Comment).filter(|comment| comment.under == Some(said.id)).count();
    let mut post = json!({
        "inner_type": "wall_wallpost", "type": "post", "post_type": "post", "id": said.id, "owner_id": owner(said.place),
        "from_id": author(said), "date": said.at, "text": said.text, "attachments": [],
        "comments": {"can_post": 1, "can_view": 1, "count": comments, "groups_can_post": true},
        "likes": likes(said), "reposts": {"count": said.id % 5, "user_reposted": 0}, "views": {"count": said.id % 1_000},
    });
    if let Some(at) = said.edited_at {
        post["edited"] = at.into();
    }
    post
}

/// A comment as a search finds it.
pub(super) fn found_comment(said: &Said) -> Value {
    json!({
        "inner_type": "wall_wallpost", "type": "post", "post_type": "reply", "id": said.id, "owner_id": owner(said.place),
        "from_id": author(said), "date": said.at, "text": said.text, "post_id": said.under, "parents_stack": [],
        "likes": likes(said),
    })
}

/// With its thread, when it begins one; `shown` replies at most.
pub(super) fn comment(world: &World, said: &Said, shown: usize) -> Value {
    let mut comment = json!({
        "id": said.id, "from_id": author(said), "owner_id": owner(said.place), "post_id": said.under, "date": said.at,
        "text": said.text, "likes": likes(said), "parents_stack": [],
    });
    if !world.attached(said).is_empty() {
        comment["attachments"] = world.attached(said).into();
    }
    if let Some(answered) = said.answers {
        comment["reply_to_comment"] = answered.into();
        comment["reply_to_user"] = world.find(said.place, answered).map(author).into();
        comment["parents_stack"] = json!([top(world, said)]);
    } else {
        let replies = thread(world, said);
        let items: Vec<Value> = replies.iter().take(shown).map(|reply| self::comment(world, reply, 0)).collect();
        comment["thread"] =
            json!({"count": replies.len(), "items": items, "can_post": true, "show_reply_button": true});
    }
    comment
}

/// The comment that begins the thread.
pub(super) fn top(world: &World, said: &Said) -> u64 {
    let mut at = said;
    while let Some(above) = at.answers.and_then(|id| world.find(at.place, id)) {
        at = above;
    }
    at.id
}

/// What stands below a comment, the oldest first.
pub(super) fn thread<'a>(world: &'a World, first: &Said) -> Vec<&'a Said> {
    let (place, id, under) = (first.place, first.id, first.under);
    let below = world.of(place, Kind::Comment).filter(|said| said.under == under && said.answers.is_some());
    below.filter(|said| top(world, said) == id).collect()
}

pub(super) fn topic_comment(said: &Said) -> Value {
    json!({"id": said.id, "from_id": author(said), "date": said.at, "text": said.text, "likes": likes(said)})
}

pub(super) fn message(said: &Said) -> Value {
    json!({
        "id": said.id, "conversation_message_id": said.id, "date": said.at, "peer_id": said.under, "from_id": author(said),
        "text": said.text, "out": u8::from(said.who == Who::Place), "random_id": 0, "attachments": [], "fwd_messages": [], "important": false,
        "is_hidden": false, "version": 1,
    })
}

fn likes(said: &Said) -> Value {
    json!({"can_like": 1, "count": said.id % 7, "user_likes": 0, "can_publish": 1})
}

/// `profiles` and `groups`: who the ids of an answer are.
pub(super) fn people(ids: impl IntoIterator<Item = i64>) -> (Vec<Value>, Vec<Value>) {
    let ids: BTreeSet<i64> = ids.into_iter().collect();
    let users = ids.iter().filter(|id| **id > 0).map(|id| user(id.unsigned_abs())).collect();
    (users, ids.iter().filter(|id| **id < 0).map(|id| group(id.unsigned_abs())).collect())
}

pub(super) fn user(person: u64) -> Value {
    let (first_name, last_name) = name_of(person);
    json!({
        "id": person, "first_name": first_name, "last_name": last_name, "screen_name": format!("person{person}"),
        "can_access_closed": true, "is_closed": false, "sex": 0, "city": {"id": 282, "title": "Минск"},
    })
}

pub(super) fn group(place: u64) -> Value {
    json!({
        "id": place, "name": title_of(place), "screen_name": format!("club{place}"), "is_closed": 0, "type": "group",
        "members_count": 1_000 * place,
    })
}
