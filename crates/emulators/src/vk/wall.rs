//! Walls: posts and what stands under them.

use serde_json::{Value, json};

use super::method::{Answer, Call, Refusal, Token};
use super::{render, upload};
use crate::faults::Fault;
use crate::sandbox::Inside;
use crate::spoil;
use crate::world::{Kind, PLACES, Said, Saying, Who, World};

/// Longest comment, in characters.
const LONGEST: usize = 16_384;
/// Files beside a comment.
pub(super) const MOST_FILES: usize = 2;

pub(super) fn get(inside: &mut Inside, call: &Call, fault: Option<Fault>) -> Answer {
    let place = match call.text("domain") {
        Some(name) => by_name(name).ok_or_else(|| Refusal::new(100, "One of the parameters specified was missing"))?,
        None => call.place("owner_id")?,
    };
    let world = &inside.world;
    let posts = world.of(place, Kind::Post).rev();
    let count = posts.clone().count();
    let shown = posts
        .skip(call.offset())
        .take(call.count(20, 100).min(inside.faults.page))
        .map(|said| render::post(world, said))
        .collect();
    Ok(told(inside, shown, call, fault, json!({ "count": count })))
}

/// Posts by their ids; those that are gone are left out.
pub(super) fn by_ids(inside: &mut Inside, call: &Call, fault: Option<Fault>) -> Answer {
    let named = call.text("posts").ok_or_else(|| Refusal::new(100, "One of the parameters specified was missing"))?;
    let world = &inside.world;
    let find = |name: &str| {
        let (place, id) = name.strip_prefix('-')?.split_once('_')?;
        standing(world, place.parse().ok()?, id.parse().ok()?, Kind::Post).ok()
    };
    let shown = named.split(',').take(100).filter_map(find).map(|said| render::post(world, said)).collect();
    Ok(told(inside, shown, call, fault, json!({})))
}

/// The community a screen name is of.
pub(super) fn by_name(name: &str) -> Option<u64> {
    let number = ["club", "public", ""].iter().find_map(|prefix| name.strip_prefix(prefix)?.parse().ok());
    number.filter(|number| (1..=PLACES).contains(number))
}

pub(super) fn comments(inside: &mut Inside, call: &Call, fault: Option<Fault>) -> Answer {
    let place = call.place("owner_id")?;
    let under = u64::try_from(call.required("post_id")?).unwrap_or(0);
    let world = &inside.world;
    standing(world, place, under, Kind::Post)?;
    let shown = call.number("thread_items_count").unwrap_or(0).clamp(0, 10).unsigned_abs();
    let shown = usize::try_from(shown).unwrap_or(0);
    let here = |said: &&Said| said.under == Some(under);
    let all = world.of(place, Kind::Comment).filter(here).count();
    let mut level: Vec<&Said> =
        match call.number("comment_id").and_then(|id| u64::try_from(id).ok()).filter(|id| *id > 0) {
            Some(id) => render::thread(world, standing(world, place, id, Kind::Comment)?),
            None => world.of(place, Kind::Comment).filter(here).filter(|said| said.answers.is_none()).collect(),
        };
    if call.text("sort") == Some("desc") {
        level.reverse();
    }
    let on_level = level.len();
    let page = level.into_iter().skip(call.offset()).take(call.count(10, 100).min(inside.faults.page));
    let items = page.map(|said| render::comment(world, said, shown)).collect();
    let more = json!({"count": all, "current_level_count": on_level, "can_post": true, "show_reply_button": true,
        "groups_can_post": true});
    Ok(told(inside, items, call, fault, more))
}

/// What is still there, of that kind.
pub(super) fn standing(world: &World, place: u64, id: u64, kind: Kind) -> Result<&Said, Refusal> {
    let found = world.find(place, id).filter(|said| said.kind == kind && !said.deleted);
    found.ok_or_else(|| Refusal::new(15, "Access denied: post was deleted"))
}

/// A list with those who wrote it.
pub(super) fn told(
    inside: &mut Inside,
    mut items: Vec<Value>,
    call: &Call,
    fault: Option<Fault>,
    mut more: Value,
) -> Value {
    spoil::list(&mut items, fault);
    inside.counts.items_served += items.len() as u64;
    if call.flag("extended") {
        let mut ids = Vec::new();
        items.iter().for_each(|item| authors(item, &mut ids));
        let (profiles, groups) = render::people(ids);
        more["profiles"] = profiles.into();
        more["groups"] = groups.into();
    }
    more["items"] = items.into();
    more
}

fn authors(item: &Value, ids: &mut Vec<i64>) {
    ids.extend(["from_id", "owner_id", "reply_to_user"].iter().filter_map(|name| item.get(name)?.as_i64()));
    for reply in item.pointer("/thread/items").and_then(Value::as_array).into_iter().flatten() {
        authors(reply, ids);
    }
}

pub(super) fn create_comment(inside: &mut Inside, call: &Call, _fault: Option<Fault>) -> Answer {
    let place = call.place("owner_id")?;
    let under = u64::try_from(call.required("post_id")?).unwrap_or(0);
    standing(&inside.world, place, under, Kind::Post)?;
    let answers = call.number("reply_to_comment").and_then(|id| u64::try_from(id).ok()).filter(|id| *id > 0);
    if let Some(id) = answers {
        standing(&inside.world, place, id, Kind::Comment)?;
    }
    let saying =
        Saying { place, kind: Kind::Comment, who: writer(call), text: text(call)?, under: Some(under), answers };
    let borne = upload::borne(inside, call, "attachments", MOST_FILES)?;
    let id = written(inside, call, saying, call.text("guid"));
    inside.world.attach(place, id, borne);
    let parents: Vec<u64> = inside
        .world
        .find(place, id)
        .filter(|said| said.answers.is_some())
        .into_iter()
        .map(|said| render::top(&inside.world, said))
        .collect();
    Ok(json!({"comment_id": id, "parents_stack": parents}))
}

pub(super) fn writer(call: &Call) -> Who {
    match call.token {
        Some(Token::User(person)) if !call.flag("from_group") => Who::Person(person),
        _ => Who::Place,
    }
}

pub(super) fn text(call: &Call) -> Result<String, Refusal> {
    let text = call.text("message").unwrap_or_default();
    match text.chars().count() {
        0 => Err(Refusal::new(100, "One of the parameters specified was missing or invalid: message is undefined")),
        1..=LONGEST => Ok(text.to_owned()),
        _ => Err(Refusal::new(100, "One of the parameters specified was missing or invalid: message is too long")),
    }
}

/// Says it, once for a key; counted by the key, or by the text where there is none.
pub(super) fn written(inside: &mut Inside, call: &Call, saying: Saying, key: Option<&str>) -> u64 {
    let named = key.map_or_else(|| saying.text.clone(), str::to_owned);
    let (id, made) = match key {
        Some(key) => inside.world.say_once(&format!("{} {} {key}", call.name, saying.place), saying, call.now),
        None => (inside.world.say(saying, call.now), true),
    };
    inside.counts.reply(&named, made);
    id
}
