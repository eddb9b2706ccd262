//! A NodeBB forum: <https://docs.nodebb.org/api/read/> and <https://docs.nodebb.org/api/write/>. Anybody may read. What is listed says
//! nothing of edits; a post asked for alone says when it was edited, with its text as it was typed.

mod render;

use std::collections::HashSet;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::forum;
use crate::rest::{self, Call, Play, Told};
use crate::sandbox::{Inside, Sandbox};
use crate::spoil;
use crate::world::{FIRST_PERSON, Kind, PEOPLE, Said, Saying, Who};
use render::{queued, stored, summary, user};

/// What one needs to speak to it.
pub const KEYS: &[&str] = &[
    "token: nodebb-token-1001 and so on to 1064 (of a person)",
    "token: nodebb-master (of the forum; the person is named beside it)",
    "what person1061 to person1064 write waits in the queue of the forum",
];

/// Posts of one page.
const PAGE: usize = 20;
const SHORTEST: usize = 3;
const LONGEST: usize = 32_767;
const FAULT_WAIT: Duration = Duration::from_secs(2);
/// Who came later writes into the queue.
const LAST_TRUSTED: u64 = FIRST_PERSON + PEOPLE - 5;

/// What only a forum of this kind has.
#[derive(Default)]
struct NodeBb {
    locked: HashSet<u64>,
    /// What waits for a moderator, as it is told.
    queue: Vec<Value>,
}

/// Its server.
pub fn router(sandbox: Sandbox) -> Router {
    rest::router::<NodeBb>(sandbox)
}

/// Whose words the request are: of the token, or named beside the forum's own.
fn caller(call: &Call) -> Option<Result<u64, ()>> {
    let token = call.authorization("bearer")?;
    let named = match token {
        "nodebb-master" => call.number("_uid"),
        token => token.strip_prefix("nodebb-token-").and_then(|person| person.parse().ok()),
    };
    Some(named.filter(|person| (FIRST_PERSON..FIRST_PERSON + PEOPLE).contains(person)).ok_or(()))
}

/// How the part for writing says no.
fn no(status: StatusCode, words: &str) -> Told {
    let code = match status.as_u16() {
        401 => "not-authorised",
        403 => "forbidden",
        404 => "not-found",
        429 => "too-many-requests",
        500.. => "internal-server-error",
        _ => "bad-request",
    };
    Told::new(status, json!({"status": {"code": code, "message": words}, "response": {}}))
}

fn unknown() -> Told {
    no(StatusCode::UNAUTHORIZED, "A valid login session was not found. Please log in and try again.")
}

impl Play for NodeBb {
    fn admit(&mut self, _sandbox: &Sandbox, _inside: &mut Inside, call: &Call) -> Result<(), Told> {
        if caller(call) == Some(Err(())) { Err(unknown()) } else { Ok(()) }
    }

    fn refuse(&mut self, sandbox: &Sandbox, inside: &mut Inside, call: &Call, fault: Fault) -> Option<Told> {
        match fault {
            Fault::RateLimit => {
                let wait = sandbox.scaled(FAULT_WAIT);
                inside.limits.stay_away(call.header("authorization"), wait);
                let told = no(StatusCode::TOO_MANY_REQUESTS, "Too many requests, slow down");
                Some(told.with("retry-after", rest::seconds(sandbox, wait)))
            }
            Fault::ExpiredToken => Some(unknown()),
            Fault::DeletedParent => Some(no(StatusCode::NOT_FOUND, "Topic does not exist")),
            Fault::ServerError => Some(no(StatusCode::INTERNAL_SERVER_ERROR, "")),
            _ => None,
        }
    }

    fn answer(&mut self, _sandbox: &Sandbox, inside: &mut Inside, call: &Call) -> Told {
        if inside.limits.come(call.header("authorization"), usize::MAX, Duration::from_secs(1)).is_err() {
            inside.counts.limits_exceeded += 1;
            return no(StatusCode::TOO_MANY_REQUESTS, "Too many requests, slow down");
        }
        let number = |text: &str| text.parse::<u64>().unwrap_or(0);
        let missing = || Told::new(StatusCode::NOT_FOUND, json!({"error": "Not Found"}));
        match (call.writes(), &call.parts()[..]) {
            (false, ["api", "self"]) => match caller(call) {
                Some(Ok(person)) => Told::ok(user(person)),
                _ => unknown(),
            },
            (false, ["api", "config"]) => {
                Told::ok(json!({"minimumPostLength": SHORTEST, "maximumPostLength": LONGEST, "version": "4.11.0"}))
            }
            (false, ["api", "recent", "posts", _]) => Told::ok(page(inside, call, |_| true).into()),
            (false, ["api", "user", slug, "posts"]) => {
                let posts = page(inside, call, |said| forum::name(forum::author(said)) == *slug);
                Told::ok(json!({"posts": posts, "title": slug}))
            }
            // One's own only: nobody here is a moderator.
            (false, ["api", "post-queue"]) => match caller(call) {
                Some(Ok(person)) => {
                    let own: Vec<&Value> = self.queue.iter().filter(|waits| waits["uid"] == person).collect();
                    let size = PAGE.min(inside.faults.page);
                    let number = call.number("page").and_then(|page| usize::try_from(page).ok()).unwrap_or(1).max(1);
                    let posts: Vec<&&Value> = own.iter().skip((number - 1) * size).take(size).collect();
                    let pages = own.len().div_ceil(size).max(1);
                    Told::ok(
                        json!({"posts": posts, "pagination": {"currentPage": number, "pageCount": pages}, "enabled": 1}),
                    )
                }
                _ => missing(),
            },
            (false, ["api", "v3", "posts", id]) => match standing(inside, number(id)) {
                Some(said) => Told::ok(written(&stored(&inside.world, said))),
                None => no(StatusCode::NOT_FOUND, "Post does not exist"),
            },
            (false, ["api", "v3", "posts", id, "summary"]) => match standing(inside, number(id)) {
                Some(said) => Told::ok(written(&summary(&inside.world, said))),
                None => no(StatusCode::NOT_FOUND, "Post does not exist"),
            },
            (false, ["api", "v3", "posts", id, "raw"]) => match standing(inside, number(id)) {
                Some(said) => Told::ok(written(&json!({"content": said.text}))),
                None => no(StatusCode::NOT_FOUND, "Post does not exist"),
            },
            (true, ["api", "v3", "topics", id]) => self.reply(inside, call, number(id)),
            (true, ["api", "v3", "topics", id, "lock"]) => {
                if call.method == axum::http::Method::DELETE {
                    self.locked.remove(&number(id));
                } else {
                    self.locked.insert(number(id));
                }
                Told::ok(written(&json!({})))
            }
            _ => missing(),
        }
    }
}

/// An answer of the part for writing.
fn written(response: &Value) -> Value {
    json!({"status": {"code": "ok", "message": "OK"}, "response": response})
}

fn standing(inside: &Inside, id: u64) -> Option<&Said> {
    forum::find(&inside.world, id).filter(|said| !said.deleted)
}

/// The newest that are wanted, a page of them.
fn page(inside: &mut Inside, call: &Call, wanted: impl Fn(&Said) -> bool) -> Vec<Value> {
    let number = call.number("page").unwrap_or(1).max(1);
    let size = PAGE.min(inside.faults.page);
    let skip = usize::try_from(number - 1).unwrap_or(usize::MAX).saturating_mul(size);
    let world = &inside.world;
    let some = forum::newest(world).filter(|said| wanted(said)).skip(skip).take(size);
    let mut posts: Vec<Value> = some.map(|said| summary(world, said)).collect();
    spoil::list(&mut posts, call.fault);
    inside.counts.items_served += posts.len() as u64;
    posts
}

impl NodeBb {
    fn reply(&mut self, inside: &mut Inside, call: &Call, topic: u64) -> Told {
        let Some(Ok(person)) = caller(call) else { return unknown() };
        let bad = |words: &str| no(StatusCode::BAD_REQUEST, words);
        let text = call.text("content").trim();
        match text.chars().count() {
            0..SHORTEST => return bad("Please enter a longer post. Posts should contain at least 3 character(s)."),
            SHORTEST..=LONGEST => {}
            _ => return bad("Please enter a shorter post. Posts can't be longer than 32767 character(s)."),
        }
        let first = standing(inside, topic).filter(|said| said.kind == Kind::Post);
        let Some((place, under)) = first.map(|said| (said.place, said.id)) else {
            return no(StatusCode::NOT_FOUND, "Topic does not exist");
        };
        if self.locked.contains(&topic) {
            return bad("Topic Locked");
        }
        let answers = match call.number("toPid").filter(|answered| *answered != topic) {
            Some(answered) => match standing(inside, answered) {
                Some(said) => Some(said.id),
                None => return bad("Invalid Post ID"),
            },
            None => None,
        };
        if person > LAST_TRUSTED {
            let id = format!("reply-{}", call.now * 1_000 + i64::try_from(self.queue.len()).unwrap_or(0));
            inside.counts.reply(text, true);
            let waits = queued(&inside.world, &id, person, topic, call);
            self.queue.extend(waits);
            return Told::ok(written(&json!({"id": id, "type": "reply", "queued": true, "message": "waits"})));
        }
        let saying = Saying {
            place,
            kind: Kind::Comment,
            who: Who::Person(person),
            text: text.to_owned(),
            under: Some(under),
            answers,
        };
        let made = inside.world.say(saying, call.now);
        inside.counts.reply(text, true);
        let told = inside.world.find(place, made).map(|said| summary(&inside.world, said));
        Told::ok(written(&told.unwrap_or_default()))
    }
}
