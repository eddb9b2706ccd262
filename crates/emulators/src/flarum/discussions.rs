//! Discussions: listed, one with its posts, begun, closed.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Flarum, denied, discussion, flag, links, missing, moderates, person, posts, render, stranger, text};
use super::{window, wrong};
use crate::forum;
use crate::rest::{Call, Told};
use crate::sandbox::{Inside, Sandbox};
use crate::spoil;
use crate::world::{Kind, Said, Saying, Who};

/// Posts that come along with a discussion.
const SHOWN: usize = 20;

impl Flarum {
    /// The newest first when that is asked for; else those that were answered last.
    pub(super) fn discussions(&self, inside: &mut Inside, call: &Call) -> Told {
        let (passed, limit) = window(inside, call);
        let (words, world) = (call.text("filter[q]").to_lowercase(), &inside.world);
        let fits = |said: &&Said| said.kind == Kind::Post && said.text.to_lowercase().contains(&words);
        let mut found: Vec<&Said> = forum::newest(world).filter(fits).collect();
        match call.text("sort") {
            "-createdAt" => {}
            "createdAt" => found.reverse(),
            _ => found.sort_by_key(|first| std::cmp::Reverse(forum::posts(world, first).map(|said| said.at).max())),
        }
        let is_more = found.len() > passed + limit;
        let shown: Vec<&Said> = found.into_iter().skip(passed).take(limit).collect();
        let mut told: Vec<Value> = shown.iter().map(|first| self.told(inside, call, first)).collect();
        let mut included: Vec<Value> = shown.iter().map(|first| render::user(forum::author(first))).collect();
        included.extend(
            shown
                .iter()
                .filter_map(|first| forum::posts(world, first).last())
                .map(|last| render::user(forum::author(last))),
        );
        included.extend(shown.iter().map(|first| render::post(world, call, first)));
        spoil::list(&mut told, call.fault);
        Told::ok(
            json!({"data": told, "included": render::once(included), "links": links(call, (passed, limit), is_more)}),
        )
    }

    pub(super) fn discussion(&self, inside: &Inside, call: &Call, id: u64) -> Told {
        match discussion(inside, id) {
            Some(first) => Told::ok(self.with_posts(inside, call, first)),
            None => missing(),
        }
    }

    /// All its posts are named, the first of them told.
    fn with_posts(&self, inside: &Inside, call: &Call, first: &Said) -> Value {
        let world = &inside.world;
        let posts: Vec<&Said> = forum::posts(world, first).collect();
        let mut told = self.told(inside, call, first);
        let named = posts.iter().map(|said| json!({"type": "posts", "id": said.number.to_string()}));
        told["relationships"]["posts"] = json!({"data": named.collect::<Vec<_>>()});
        let shown = || posts.iter().take(SHOWN);
        let mut included: Vec<Value> = shown().map(|said| render::post(world, call, said)).collect();
        included.extend(shown().map(|said| render::user(forum::author(said))));
        json!({"data": told, "included": render::once(included)})
    }

    fn told(&self, inside: &Inside, call: &Call, first: &Said) -> Value {
        render::discussion(&inside.world, call, first, self.locked.contains(&first.number))
    }

    pub(super) fn begin(&self, sandbox: &Sandbox, inside: &mut Inside, call: &Call) -> Told {
        let Some(person) = person(call) else { return stranger() };
        let (title, content) = (text(call, "title").unwrap_or_default(), text(call, "content").unwrap_or_default());
        if title.chars().count() < 3 {
            return wrong("title", "The title must be at least 3 characters.");
        }
        if let Err(refusal) = posts::checked(content) {
            return refusal;
        }
        if let Err(refusal) = Self::flood(sandbox, inside, call, person) {
            return refusal;
        }
        let text = format!("{title}\n\n{content}");
        let saying = Saying { place: 1, kind: Kind::Post, who: Who::Person(person), text, under: None, answers: None };
        let made = inside.world.say(saying, call.now);
        match inside.world.find(1, made) {
            Some(first) => Told::new(StatusCode::CREATED, self.with_posts(inside, call, first)),
            None => missing(),
        }
    }

    /// Closed, opened, or out of sight: by a moderator.
    pub(super) fn change(&mut self, inside: &mut Inside, call: &Call, id: u64) -> Told {
        let Some((place, number)) = discussion(inside, id).map(|first| (first.place, first.id)) else {
            return missing();
        };
        match (person(call), moderates(call)) {
            (None, _) => return stranger(),
            (_, false) => return denied(),
            _ => {}
        }
        match flag(call, "isLocked") {
            Some(true) => self.locked.insert(id),
            Some(false) => self.locked.remove(&id),
            None => false,
        };
        let told = inside.world.find(place, number).map(|first| self.with_posts(inside, call, first));
        if flag(call, "isHidden") == Some(true) {
            inside.world.delete(place, number);
        }
        told.map_or_else(missing, Told::ok)
    }
}
