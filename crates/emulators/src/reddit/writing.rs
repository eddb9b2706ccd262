//! What is written: comments, their changes and removal, locks.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{FAULT_WAIT, Reddit, refusal, render};
use crate::faults::Fault;
use crate::rest::{Call, Told};
use crate::sandbox::{Inside, Sandbox};
use crate::world::{FIRST_PERSON, Kind, Saying, Who};

/// Longest comment, in characters.
const LONGEST: usize = 10_000;
/// Who may not write, and where.
const BANNED: (u64, u64) = (FIRST_PERSON + 1, 3);

pub(super) fn answer(
    reddit: &mut Reddit,
    sandbox: &Sandbox,
    inside: &mut Inside,
    call: &Call,
    person: Option<u64>,
) -> Told {
    let Some(person) = person else { return refusal(StatusCode::FORBIDDEN, "Forbidden") };
    match call.parts()[..] {
        ["api", "comment"] => comment(reddit, sandbox, inside, call, person),
        ["api", "editusertext"] => match own(inside, call.text("thing_id"), person) {
            Some((place, id)) => {
                inside.world.edit(place, id, call.text("text"), call.now);
                things(inside, call.text("thing_id"))
            }
            None => refusal(StatusCode::FORBIDDEN, "Forbidden"),
        },
        ["api", "del"] => {
            if let Some((place, id)) = own(inside, call.text("id"), person) {
                inside.world.delete(place, id);
            }
            Told::ok(json!({}))
        }
        ["api", "lock"] => {
            reddit.locked.insert(call.text("id").to_owned());
            Told::ok(json!({}))
        }
        ["api", "unlock"] => {
            reddit.locked.remove(call.text("id"));
            Told::ok(json!({}))
        }
        _ => refusal(StatusCode::NOT_FOUND, "Not Found"),
    }
}

/// Refusals of what is asked for come with a 200.
fn no(code: &str, words: &str, field: &str) -> Told {
    Told::ok(json!({"json": {"errors": [[code, words, field]]}}))
}

fn comment(reddit: &Reddit, sandbox: &Sandbox, inside: &mut Inside, call: &Call, person: u64) -> Told {
    let text = call.text("text").trim();
    if text.is_empty() {
        return no("NO_TEXT", "we need something here", "text");
    }
    if text.chars().count() > LONGEST {
        return no("TOO_LONG", "this is too long (max: 10000)", "text");
    }
    let world = &inside.world;
    let Some(parent) = render::find(world, call.text("thing_id")) else {
        return refusal(StatusCode::FORBIDDEN, "Forbidden");
    };
    let (place, kind, id, under) = (parent.place, parent.kind, parent.id, parent.under);
    if parent.deleted || call.fault == Some(Fault::DeletedParent) {
        return no("DELETED_COMMENT", "that comment has been deleted", "parent");
    }
    let above = if kind == Kind::Post { id } else { under.unwrap_or(0) };
    if reddit.locked.contains(&render::full(Kind::Post, place, above)) {
        return no("THREAD_LOCKED", "Comments are locked.", "parent");
    }
    if (person, place) == BANNED {
        return refusal(StatusCode::FORBIDDEN, "Forbidden");
    }
    let second = sandbox.scaled(FAULT_WAIT);
    if inside.limits.come("comments", usize::MAX, second).is_err() {
        inside.counts.limits_exceeded += 1;
        return slower(FAULT_WAIT.as_secs_f64());
    }
    if call.fault == Some(Fault::RateLimit) {
        inside.limits.stay_away("comments", second);
        return slower(FAULT_WAIT.as_secs_f64());
    }
    let answers = (kind == Kind::Comment).then_some(id);
    let saying = Saying {
        place,
        kind: Kind::Comment,
        who: Who::Person(person),
        text: text.to_owned(),
        under: Some(above),
        answers,
    };
    let made = inside.world.say(saying, call.now);
    inside.counts.reply(text, true);
    things(inside, &render::full(Kind::Comment, place, made))
}

fn slower(seconds: f64) -> Told {
    let words =
        format!("Looks like you've been doing that a lot. Take a break for {seconds} seconds before trying again.");
    let mut told = no("RATELIMIT", &words, "ratelimit");
    told.body["json"]["ratelimit"] = seconds.into();
    told
}

/// What this person wrote.
fn own(inside: &Inside, name: &str, person: u64) -> Option<(u64, u64)> {
    let said = render::find(&inside.world, name).filter(|said| said.who == Who::Person(person) && !said.deleted)?;
    Some((said.place, said.id))
}

fn things(inside: &Inside, name: &str) -> Told {
    let thing: Vec<Value> =
        render::find(&inside.world, name).map(|said| render::thing(&inside.world, said, false)).into_iter().collect();
    Told::ok(json!({"json": {"errors": [], "data": {"things": thing}}}))
}
