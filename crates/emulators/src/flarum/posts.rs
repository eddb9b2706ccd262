//! Posts: listed, one alone, written, changed.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Flarum, LONGEST, denied, discussion, flag, id, links, missing, moderates, no, person, render, stranger};
use super::{text, window, wrong};
use crate::forum;
use crate::rest::{Call, Told};
use crate::sandbox::{Inside, Sandbox};
use crate::spoil;
use crate::world::{Kind, Said, Saying, Who};

/// Those that fit what was asked, in the order that was asked for; the oldest first when none was.
pub(super) fn list(inside: &mut Inside, call: &Call) -> Told {
    let newest_first = match call.text("sort") {
        "" | "createdAt" | "number" => false,
        "-createdAt" | "-number" => true,
        _ => return unknown("sort"),
    };
    let (author, topic, number) =
        (call.text("filter[author]"), call.number("filter[discussion]"), call.number("filter[number]"));
    let (ids, kind) = (call.text("filter[id]"), call.text("filter[type]"));
    let (passed, limit) = window(inside, call);
    let world = &inside.world;
    let fits = |said: &&Said| {
        (author.is_empty() || author.split(',').any(|name| forum::name(forum::author(said)) == name))
            && (kind.is_empty() || kind == "comment")
            && (ids.is_empty() || ids.split(',').any(|id| id == said.number.to_string()))
            && number.is_none_or(|wanted| forum::place_in_topic(said) == wanted)
            && topic.is_none_or(|wanted| forum::first(world, said).number == wanted)
    };
    let mut found: Vec<&Said> = if newest_first {
        forum::newest(world).filter(fits).skip(passed).take(limit + 1).collect()
    } else {
        let all = world.all().filter(|said| matches!(said.kind, Kind::Post | Kind::Comment));
        all.filter(fits).skip(passed).take(limit + 1).collect()
    };
    let is_more = found.len() > limit;
    found.truncate(limit);
    let mut posts: Vec<Value> = found.iter().map(|said| render::post(world, call, said)).collect();
    let included = found.iter().flat_map(|said| beside(inside, said)).collect();
    spoil::list(&mut posts, call.fault);
    inside.counts.items_served += posts.len() as u64;
    Told::ok(json!({"data": posts, "included": render::once(included), "links": links(call, (passed, limit), is_more)}))
}

/// Its author and its discussion.
fn beside(inside: &Inside, said: &Said) -> [Value; 2] {
    [render::user(forum::author(said)), render::title(forum::first(&inside.world, said))]
}

fn unknown(parameter: &str) -> Told {
    let error = json!({"status": "400", "code": "invalid_parameter", "source": {"parameter": parameter}});
    Told::new(StatusCode::BAD_REQUEST, json!({"errors": [error]}))
}

fn told(inside: &Inside, call: &Call, said: &Said) -> Value {
    json!({"data": render::post(&inside.world, call, said), "included": beside(inside, said)})
}

pub(super) fn one(inside: &Inside, call: &Call, id: u64) -> Told {
    match forum::find(&inside.world, id).filter(|said| !said.deleted) {
        Some(said) => Told::ok(told(inside, call, said)),
        None => missing(),
    }
}

/// Another text, or out of sight: by its author or a moderator.
pub(super) fn change(inside: &mut Inside, call: &Call, id: u64) -> Told {
    let Some(asks) = person(call) else { return stranger() };
    let Some(said) = forum::find(&inside.world, id).filter(|said| !said.deleted) else { return missing() };
    if !moderates(call) && forum::author(said) != asks {
        return denied();
    }
    let (place, number) = (said.place, said.id);
    match (text(call, "content"), flag(call, "isHidden")) {
        (Some(""), _) => return wrong("content", "The content field is required."),
        (Some(content), _) => {
            inside.world.edit(place, number, content, call.now);
        }
        (None, Some(true)) => {
            inside.world.delete(place, number);
        }
        (None, _) => {}
    }
    inside.world.find(place, number).map_or_else(missing, |said| Told::ok(told(inside, call, said)))
}

/// For good, which only moderators may.
pub(super) fn delete(inside: &mut Inside, call: &Call, id: u64) -> Told {
    match forum::find(&inside.world, id).map(|said| (said.place, said.id)) {
        _ if person(call).is_none() => stranger(),
        None => missing(),
        Some(_) if !moderates(call) => denied(),
        Some((place, number)) => {
            inside.world.delete(place, number);
            Told::new(StatusCode::NO_CONTENT, Value::Null)
        }
    }
}

impl Flarum {
    pub(super) fn reply(&self, sandbox: &Sandbox, inside: &mut Inside, call: &Call) -> Told {
        let Some(person) = person(call) else { return stranger() };
        let topic = id(call.body.pointer("/data/relationships/discussion/data/id")).unwrap_or(0);
        let text = text(call, "content").unwrap_or_default();
        if let Err(refusal) = checked(text) {
            return refusal;
        }
        let Some((place, under)) = discussion(inside, topic).map(|said| (said.place, said.id)) else {
            return missing();
        };
        if self.locked.contains(&topic) {
            return denied();
        }
        if let Err(refusal) = Self::flood(sandbox, inside, call, person) {
            return refusal;
        }
        // Whom it answers stands in its text.
        let answers =
            text.split("\"#p").nth(1).and_then(|rest| rest.split(|letter: char| !letter.is_ascii_digit()).next());
        let answers = answers.and_then(|id| forum::find(&inside.world, id.parse().ok()?)).map(|said| said.id);
        let saying = Saying {
            place,
            kind: Kind::Comment,
            who: Who::Person(person),
            text: text.to_owned(),
            under: Some(under),
            answers: answers.filter(|id| *id != under),
        };
        let made = inside.world.say(saying, call.now);
        inside.counts.reply(text, true);
        match inside.world.find(place, made) {
            Some(said) => Told::new(StatusCode::CREATED, told(inside, call, said)),
            None => no(StatusCode::INTERNAL_SERVER_ERROR, "unknown"),
        }
    }
}

/// Whether it can be said at all.
pub(super) fn checked(text: &str) -> Result<(), Told> {
    match text.chars().count() {
        0 => Err(wrong("content", "The content field is required.")),
        1..=LONGEST => Ok(()),
        _ => Err(wrong("content", "The content may not be greater than 63000 characters.")),
    }
}
