//! Things of the world as the Graph API tells them.

use serde_json::{Value, json};

use super::ids;
use crate::world::{Kind, Said, Who, World, name_of, title_of};

/// Replies that are shown together with a comment on Instagram.
pub(super) const REPLIES_SHOWN: usize = 10;

/// Days of a month and of a leap year's, as the calendar has them, without a library: the proleptic one of H. Hinnant.
fn date(at: i64) -> (i64, u32, u32) {
    let days = at.div_euclid(86_400) + 719_468;
    let era = days.div_euclid(146_097);
    let day = days.rem_euclid(146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let in_year = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * in_year + 2) / 153;
    let number = |value: i64| u32::try_from(value).unwrap_or(0);
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let whole = year + era * 400 + i64::from(month <= 2);
    (whole, number(month), number(in_year - (153 * shifted + 2) / 5 + 1))
}

/// `2026-03-01T12:00:00+0000`.
pub(super) fn time(at: i64) -> String {
    let (year, month, day) = date(at);
    let second = at.rem_euclid(86_400);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}+0000", second / 3_600, second / 60 % 60, second % 60)
}

/// As in the header `Date`.
pub(super) fn http_date(at: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month, day) = date(at);
    let weekday = DAYS[usize::try_from(at.div_euclid(86_400).rem_euclid(7)).unwrap_or(0)];
    let month = MONTHS[usize::try_from(month).unwrap_or(1).saturating_sub(1).min(11)];
    let second = at.rem_euclid(86_400);
    format!(
        "{weekday}, {day:02} {month} {year:04} {:02}:{:02}:{:02} GMT",
        second / 3_600,
        second / 60 % 60,
        second % 60
    )
}

pub(super) fn username(said: &Said) -> String {
    match said.who {
        Who::Person(person) => format!("person{person}"),
        Who::Place => format!("brand{}", said.place),
    }
}

pub(super) fn person_name(person: u64) -> String {
    let (first, last) = name_of(person);
    format!("{first} {last}")
}

/// `{id, name}` on Facebook.
pub(super) fn author(said: &Said) -> Value {
    match said.who {
        Who::Person(person) => json!({"id": ids::person(person), "name": person_name(person)}),
        Who::Place => json!({"id": ids::page(said.place), "name": title_of(said.place)}),
    }
}

/// The whole name of a post: whose wall, and which.
pub(super) fn post_id(said: &Said) -> String {
    let wall = match (said.kind, said.who) {
        (Kind::Topic, Who::Person(person)) => ids::person(person),
        _ => ids::page(said.place),
    };
    format!("{wall}_{}", ids::thing(said.place, said.id))
}

/// The whole name of a comment: under what, and which.
pub(super) fn comment_id(said: &Said) -> String {
    format!("{}_{}", ids::thing(said.place, said.under.unwrap_or(0)), ids::thing(said.place, said.id))
}

/// The name under which a thing is known on Facebook.
pub(super) fn name(said: &Said) -> String {
    match said.kind {
        Kind::Post | Kind::Topic => post_id(said),
        Kind::Comment => comment_id(said),
        Kind::TopicComment | Kind::Message => ids::thing(said.place, said.id),
    }
}

pub(super) fn below(world: &World, said: &Said) -> usize {
    world.under(said.place, said.id).filter(|one| one.kind == Kind::Comment).count()
}

fn counted(count: usize) -> Value {
    json!({"data": [], "summary": {"order": "chronological", "total_count": count, "can_comment": true}})
}

/// A post with everything there is; a picker takes what is wanted.
pub(super) fn post(world: &World, said: &Said) -> Value {
    json!({
        "id": post_id(said), "message": said.text, "created_time": time(said.at),
        "updated_time": time(said.edited_at.unwrap_or(said.at)), "from": author(said), "is_published": true, "is_hidden": false,
        "permalink_url": format!("https://www.facebook.com/{}", post_id(said)), "status_type": "mobile_status_update",
        "shares": {"count": said.id % 5}, "reactions": counted(usize::try_from(said.id % 7).unwrap_or(0)),
        "comments": counted(below(world, said)),
    })
}

pub(super) fn comment(world: &World, said: &Said) -> Value {
    let answers = world.under(said.place, said.under.unwrap_or(0)).filter(|one| one.answers == Some(said.id)).count();
    let mut comment = json!({
        "id": comment_id(said), "message": said.text, "created_time": time(said.at), "from": author(said),
        "permalink_url": format!("https://www.facebook.com/{}?comment_id={}", ids::page(said.place), ids::thing(said.place, said.id)),
        "like_count": said.id % 7, "comment_count": answers, "is_hidden": false, "can_hide": true, "can_remove": true,
        "can_like": true, "can_comment": true, "can_reply_privately": true, "user_likes": false,
    });
    if let Some(picture) = world.attached(said).first() {
        comment["attachment"] = picture.clone();
    }
    if let Some(parent) = said.answers.and_then(|id| world.find(said.place, id)) {
        comment["parent"] = json!({"id": comment_id(parent), "message": parent.text, "created_time": time(parent.at)});
    }
    comment
}

/// A review; its name is that of the story made of it.
pub(super) fn review(said: &Said) -> Value {
    json!({
        "created_time": time(said.at), "review_text": said.text, "reviewer": author(said), "has_review": true, "has_rating": false,
        "recommendation_type": if said.id.is_multiple_of(3) { "negative" } else { "positive" },
        "open_graph_story": {"id": ids::thing(said.place, said.id), "message": said.text, "type": "og.likes"},
    })
}

/// The story of a review, asked for by its name.
pub(super) fn story(said: &Said) -> Value {
    json!({"id": ids::thing(said.place, said.id), "message": said.text, "created_time": time(said.at), "from": author(said)})
}

pub(super) fn media(world: &World, said: &Said) -> Value {
    let shortcode = shortcode(said.place, said.id);
    json!({
        "id": ids::media(said.place, said.id), "ig_id": said.id.to_string(), "caption": said.text, "timestamp": time(said.at),
        "permalink": permalink(said.place, said.id), "shortcode": shortcode, "media_type": "IMAGE",
        "media_product_type": "FEED", "media_url": format!("https://scontent.example/{shortcode}.jpg"),
        "username": username(said), "like_count": said.id % 7, "comments_count": below(world, said), "is_comment_enabled": true,
        "owner": {"id": ids::account(said.place)},
    })
}

fn shortcode(place: u64, id: u64) -> String {
    format!("C{:x}", place * 1_000_000 + id)
}

fn permalink(place: u64, id: u64) -> String {
    format!("https://www.instagram.com/p/{}/", shortcode(place, id))
}

/// A comment; what answers it is told by its list.
pub(super) fn media_comment(world: &World, said: &Said) -> Value {
    let from = match said.who {
        Who::Person(person) => ids::person(person),
        Who::Place => ids::account(said.place),
    };
    let mut comment = json!({
        "id": ids::media(said.place, said.id), "text": said.text, "timestamp": time(said.at), "username": username(said),
        "from": {"id": from, "username": username(said)}, "like_count": said.id % 7, "hidden": false,
        "media": {
            "id": ids::media(said.place, said.under.unwrap_or(0)), "permalink": permalink(said.place, said.under.unwrap_or(0)),
        },
    });
    if said.answers.is_some() {
        comment["parent_id"] = ids::media(said.place, top(world, said)).into();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_the_graph_writes_them() {
        assert_eq!(time(1_772_366_400), "2026-03-01T12:00:00+0000");
        assert_eq!(time(951_826_799), "2000-02-29T12:19:59+0000");
        assert_eq!(http_date(1_772_366_400), "Sun, 01 Mar 2026 12:00:00 GMT");
    }
}
