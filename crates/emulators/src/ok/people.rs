//! Who there is, and which groups.

use serde_json::{Value, json};

use super::Answer;
use super::call::{Call, Refusal};
use crate::world::{FIRST_PERSON, PEOPLE, PLACES, Said, Who, name_of, title_of};

const USERS: u64 = 570_000_000_000;
const GROUPS: u64 = 70_000_000_000_000;
/// The one whose application asks.
pub(super) const ADMINISTRATOR: u64 = USERS + 1;

pub(super) fn user_id(person: u64) -> u64 {
    USERS + person
}

pub(super) fn group_id(place: u64) -> u64 {
    GROUPS + place
}

/// The place of a group's number.
pub(super) fn place_of(gid: &str) -> Option<u64> {
    let place = gid.parse::<u64>().ok()?.checked_sub(GROUPS)?;
    (1..=PLACES).contains(&place).then_some(place)
}

pub(super) fn administrator() -> Value {
    json!({"uid": ADMINISTRATOR.to_string(), "first_name": "Ирина", "last_name": "Ответова", "name": "Ирина Ответова",
        "locale": "ru", "url_profile": format!("https://ok.ru/profile/{ADMINISTRATOR}")})
}

pub(super) fn user(person: u64) -> Value {
    let (first_name, last_name) = name_of(person);
    let uid = user_id(person);
    json!({"uid": uid.to_string(), "first_name": first_name, "last_name": last_name, "name": format!("{first_name} {last_name}"),
        "location": {"city": "Минск", "countryCode": "BY", "countryName": "Беларусь"}, "url_profile": format!("https://ok.ru/profile/{uid}")})
}

pub(super) fn group(place: u64) -> Value {
    json!({"uid": group_id(place).to_string(), "name": title_of(place), "shortname": format!("group{place}"),
        "members_count": PEOPLE, "private": false})
}

/// `group:70…` or `user:57…`, and the bare number.
pub(super) fn author(said: &Said) -> (String, u64) {
    match said.who {
        Who::Place => (format!("group:{}", group_id(said.place)), group_id(said.place)),
        Who::Person(0) => (format!("user:{ADMINISTRATOR}"), ADMINISTRATOR),
        Who::Person(person) => (format!("user:{}", user_id(person)), user_id(person)),
    }
}

pub(super) fn author_name(said: &Said) -> String {
    match said.who {
        Who::Place => title_of(said.place).to_owned(),
        Who::Person(0) => "Ирина Ответова".to_owned(),
        Who::Person(person) => {
            let (first, last) = name_of(person);
            format!("{first} {last}")
        }
    }
}

/// `users.getInfo`
pub(super) fn users(call: &Call) -> Answer {
    let uids = call.text("uids").ok_or_else(|| Refusal::parameter("uids"))?;
    let found =
        uids.split(',').filter_map(|uid| uid.parse::<u64>().ok()?.checked_sub(USERS)).filter_map(
            |person| match person {
                1 => Some(administrator()),
                FIRST_PERSON.. if person < FIRST_PERSON + PEOPLE => Some(user(person)),
                _ => None,
            },
        );
    Ok(found.collect::<Vec<_>>().into())
}

/// `group.getInfo`
pub(super) fn groups(call: &Call) -> Answer {
    let uids = call.text("uids").ok_or_else(|| Refusal::parameter("uids"))?;
    Ok(uids.split(',').filter_map(place_of).map(group).collect::<Vec<_>>().into())
}
