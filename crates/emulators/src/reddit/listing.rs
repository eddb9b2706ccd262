//! What is read: lists, threads, searches, people.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::query::{Query, Searched};
use super::{Reddit, refusal, render, tokens};
use crate::rest::{Call, Told};
use crate::sandbox::Inside;
use crate::spoil;
use crate::world::{Kind, PLACES, Said, title_of};

/// No list goes further back.
const DEEPEST: usize = 1_000;
const LARGEST_PAGE: usize = 100;

pub(super) fn answer(reddit: &Reddit, inside: &mut Inside, call: &Call, person: Option<u64>) -> Told {
    match call.parts()[..] {
        ["api", "v1", "me"] => match person {
            Some(person) => Told::ok(about_person(person)["data"].clone()),
            None => refusal(StatusCode::FORBIDDEN, "Forbidden"),
        },
        ["api", "info"] => {
            let named: Vec<&str> = call.text("id").split(',').take(LARGEST_PAGE).collect();
            let found = named.iter().filter_map(|name| render::find(&inside.world, name));
            let things = found
                .map(|said| render::thing(&inside.world, said, reddit.locked.contains(&render::name(said))))
                .collect();
            Told::ok(render::list(things, None))
        }
        ["r", place, "about"] => match places(place)[..] {
            [number] => Told::ok(about_place(number)),
            _ => missing(),
        },
        ["r", places_named, "new"] => list_of(inside, call, places_named, |said| said.kind == Kind::Post),
        ["r", places_named, "comments"] => list_of(inside, call, places_named, |said| said.kind == Kind::Comment),
        ["search"] => search(inside, call, "place1+place2+place3"),
        ["r", places_named, "search"] => search(inside, call, places_named),
        ["comments", post] | ["r", _, "comments", post] | ["comments", post, _] | ["r", _, "comments", post, _] => {
            thread(reddit, inside, post, call.text("comment"))
        }
        ["comments", post, _, comment] | ["r", _, "comments", post, _, comment] => {
            thread(reddit, inside, post, comment)
        }
        ["user", name, "about"] => tokens::person(name).map_or_else(missing, |one| Told::ok(about_person(one))),
        ["user", name, "comments"] if tokens::person(name).is_some() => {
            let written = |said: &Said| said.kind == Kind::Comment && render::author(said) == name;
            list_of(inside, call, "place1+place2+place3", written)
        }
        _ => missing(),
    }
}

fn missing() -> Told {
    refusal(StatusCode::NOT_FOUND, "Not Found")
}

fn about_person(person: u64) -> Value {
    json!({"kind": "t2", "data": {"id": render::base36(person), "name": format!("person{person}"), "is_suspended": false, "created_utc": 1.4e9,
        "link_karma": 1, "comment_karma": 1, "is_employee": false, "has_verified_email": true}})
}

fn about_place(place: u64) -> Value {
    json!({"kind": "t5", "data": {"id": place.to_string(), "name": format!("t5_{place}"), "display_name": format!("place{place}"),
        "title": title_of(place), "subreddit_type": "public", "subscribers": 64, "created_utc": 1.4e9}})
}

fn places(named: &str) -> Vec<u64> {
    let number = |name: &str| name.to_lowercase().strip_prefix("place").and_then(|number| number.parse().ok());
    named.split('+').filter_map(number).filter(|number| (1..=PLACES).contains(number)).collect()
}

fn list_of(inside: &mut Inside, call: &Call, named: &str, wanted: impl Fn(&Said) -> bool) -> Told {
    let places = places(named);
    if places.is_empty() {
        return missing();
    }
    let limit = call.text("limit").parse().unwrap_or(25).clamp(1, LARGEST_PAGE).min(inside.faults.page);
    let all = inside.world.all().rev().filter(|said| places.contains(&said.place) && wanted(said)).take(DEEPEST);
    let all: Vec<&Said> = all.collect();
    let begins = match call.text("after") {
        "" => 0,
        after => all.iter().position(|said| render::name(said) == after).map_or(all.len(), |at| at + 1),
    };
    let newer = match call.text("before") {
        "" => all.len(),
        before => all.iter().position(|said| render::name(said) == before).unwrap_or(0),
    };
    let page = &all[begins.min(newer)..(begins + limit).min(newer)];
    let after = page.last().filter(|_| begins + limit < all.len()).map(|said| render::name(said));
    let mut things: Vec<Value> = page.iter().map(|said| render::thing(&inside.world, said, false)).collect();
    spoil::list(&mut things, call.fault);
    inside.counts.items_served += things.len() as u64;
    Told::ok(render::list(things, after))
}

fn search(inside: &mut Inside, call: &Call, named: &str) -> Told {
    let query = match Query::read(call.text("q")) {
        Ok(query) => query,
        Err(why) => return refusal(StatusCode::BAD_REQUEST, &why),
    };
    let finds = |said: &Said| {
        let (title, author) = (render::title(said).to_lowercase(), render::author(said));
        let place = format!("place{}", said.place);
        query.finds(&Searched { text: &said.folded, title: &title, author: &author, place: &place })
    };
    list_of(inside, call, named, |said| said.kind == Kind::Post && finds(said))
}

fn thread(reddit: &Reddit, inside: &mut Inside, post: &str, comment: &str) -> Told {
    let world = &inside.world;
    let Some(above) = render::find(world, &format!("t3_{post}")) else { return missing() };
    let top = match comment {
        "" => None,
        comment => match render::find(world, &format!("t1_{comment}")) {
            Some(said) => Some(said.id),
            None => return missing(),
        },
    };
    let locked = reddit.locked.contains(&render::name(above));
    let head = render::list(vec![render::thing(world, above, locked)], None);
    Told::ok(json!([head, render::tree(world, above, top)]))
}
