//! A Flarum forum: <https://docs.flarum.org/rest-api>. Anybody may read. Whoever comes with the forum's own key moderates it.

mod discussions;
mod posts;
mod render;

use std::collections::HashSet;
use std::time::Duration;

use axum::Router;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::forum;
use crate::rest::{self, Call, Play, Told};
use crate::sandbox::{Inside, Sandbox};
use crate::world::{FIRST_PERSON, Kind, PEOPLE, Said};
use render::user;

/// What one needs to speak to it.
pub const KEYS: &[&str] = &[
    "api_key: flarum-token-1001 and so on to 1064 (of a person: one post in ten seconds)",
    "api_key: flarum-key with user_id: 1001 and so on to 1064 (these may close and hide too)",
    "password: flarum-password of person1001 and so on to person1064 (POST /api/token gives the token)",
];

const USUAL_PAGE: usize = 20;
const LARGEST_PAGE: usize = 50;
const LONGEST: usize = 63_000;
const PASSWORD: &str = "flarum-password";
const OWN_KEY: &str = "flarum-key";
/// One post in so long.
const FLOOD: Duration = Duration::from_secs(10);
const FAULT_WAIT: Duration = Duration::from_secs(2);

/// What only a forum of this kind has.
#[derive(Default)]
struct Flarum {
    locked: HashSet<u64>,
}

/// Its server.
pub fn router(sandbox: Sandbox) -> Router {
    rest::router::<Flarum>(sandbox)
}

/// How it says no; in words only where they stand in its contract.
fn no(status: StatusCode, code: &str) -> Told {
    Told::new(status, json!({"errors": [{"status": status.as_u16().to_string(), "code": code}]}))
}

fn missing() -> Told {
    no(StatusCode::NOT_FOUND, "not_found")
}

fn denied() -> Told {
    no(StatusCode::FORBIDDEN, "permission_denied")
}

fn stranger() -> Told {
    no(StatusCode::UNAUTHORIZED, "not_authenticated")
}

/// A field that is not as it must be.
fn wrong(field: &str, words: &str) -> Told {
    let error = json!({"status": "422", "code": "validation_error", "detail": words, "source": {"pointer": format!("/data/attributes/{field}")}});
    Told::new(StatusCode::UNPROCESSABLE_ENTITY, json!({"errors": [error]}))
}

fn caller(call: &Call) -> Option<Result<u64, ()>> {
    let said = call.authorization("token")?;
    let (token, user) = said.split_once(';').unwrap_or((said, ""));
    let person = match token {
        OWN_KEY => user.trim().strip_prefix("userId="),
        token => token.strip_prefix("flarum-token-"),
    };
    let person = person.and_then(|person| person.parse().ok());
    Some(person.filter(|person| (FIRST_PERSON..FIRST_PERSON + PEOPLE).contains(person)).ok_or(()))
}

/// The person that asks.
fn person(call: &Call) -> Option<u64> {
    caller(call).and_then(Result::ok)
}

fn moderates(call: &Call) -> bool {
    call.authorization("token").is_some_and(|token| token.split(';').next() == Some(OWN_KEY))
}

/// A name that is written as a number or as text.
fn id(value: Option<&Value>) -> Option<u64> {
    let value = value?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn text<'a>(call: &'a Call, field: &str) -> Option<&'a str> {
    call.body.pointer(&format!("/data/attributes/{field}")).and_then(Value::as_str).map(str::trim)
}

fn flag(call: &Call, field: &str) -> Option<bool> {
    call.body.pointer(&format!("/data/attributes/{field}")).and_then(Value::as_bool)
}

/// Some of all that fits: how many are passed over, how many are told.
fn window(inside: &Inside, call: &Call) -> (usize, usize) {
    let size = |name: &str| call.number(name).and_then(|number| usize::try_from(number).ok());
    let limit = size("page[limit]").unwrap_or(USUAL_PAGE).min(LARGEST_PAGE).min(inside.faults.page);
    (size("page[offset]").unwrap_or(0), limit)
}

/// Where a list begins, what stands before and what behind.
fn links(call: &Call, (passed, limit): (usize, usize), is_more: bool) -> Value {
    let address = |passed: usize| {
        let base = format!("http://{}/{}?page%5Blimit%5D={limit}", call.header("host"), call.path.join("/"));
        if passed > 0 { format!("{base}&page%5Boffset%5D={passed}") } else { base }
    };
    let mut links = json!({"first": address(0)});
    if passed > 0 {
        links["prev"] = json!(address(passed.saturating_sub(limit)));
    }
    if is_more {
        links["next"] = json!(address(passed + limit));
    }
    links
}

/// The first post of a discussion that stands.
fn discussion(inside: &Inside, id: u64) -> Option<&Said> {
    forum::find(&inside.world, id).filter(|said| said.kind == Kind::Post && !said.deleted)
}

impl Play for Flarum {
    fn admit(&mut self, _sandbox: &Sandbox, _inside: &mut Inside, call: &Call) -> Result<(), Told> {
        // A token that is not known is a stranger's to Flarum; what only people may do is refused then.
        match caller(call) {
            Some(Err(())) => Err(stranger()),
            _ => Ok(()),
        }
    }

    fn spares(&self, call: &Call) -> bool {
        call.parts() == ["api", "token"]
    }

    fn refuse(&mut self, _sandbox: &Sandbox, _inside: &mut Inside, _call: &Call, fault: Fault) -> Option<Told> {
        match fault {
            Fault::RateLimit => {
                Some(no(StatusCode::TOO_MANY_REQUESTS, "too_many_requests").with("retry-after", FAULT_WAIT.as_secs()))
            }
            Fault::ExpiredToken => Some(stranger()),
            Fault::DeletedParent => Some(missing()),
            Fault::ServerError => Some(no(StatusCode::INTERNAL_SERVER_ERROR, "unknown")),
            _ => None,
        }
    }

    fn answer(&mut self, sandbox: &Sandbox, inside: &mut Inside, call: &Call) -> Told {
        let number = |text: &str| text.parse::<u64>().unwrap_or(0);
        match (&call.method, &call.parts()[..]) {
            (&Method::GET, ["api"]) => front(call),
            (&Method::POST, ["api", "token"]) => token(call),
            (&Method::GET, ["api", "users", id]) => match number(id) {
                id @ FIRST_PERSON.. if id < FIRST_PERSON + PEOPLE => {
                    Told::ok(json!({"data": render::whole_user(&inside.world, id), "included": []}))
                }
                _ => missing(),
            },
            (&Method::GET, ["api", "posts"]) => posts::list(inside, call),
            (&Method::POST, ["api", "posts"]) => self.reply(sandbox, inside, call),
            (&Method::GET, ["api", "posts", id]) => posts::one(inside, call, number(id)),
            (&Method::PATCH, ["api", "posts", id]) => posts::change(inside, call, number(id)),
            (&Method::DELETE, ["api", "posts", id]) => posts::delete(inside, call, number(id)),
            (&Method::GET, ["api", "discussions"]) => self.discussions(inside, call),
            (&Method::POST, ["api", "discussions"]) => self.begin(sandbox, inside, call),
            (&Method::GET, ["api", "discussions", id]) => self.discussion(inside, call, number(id)),
            (&Method::PATCH, ["api", "discussions", id]) => self.change(inside, call, number(id)),
            _ => missing(),
        }
    }
}

fn front(call: &Call) -> Told {
    let actor = person(call);
    let included: Vec<Value> = actor.map(user).into_iter().collect();
    let data = actor.map(|person| json!({"type": "users", "id": person.to_string()}));
    let base = format!("http://{}", call.header("host"));
    Told::ok(
        json!({"data": {"type": "forums", "id": "1", "attributes": {"title": "Forum", "description": "", "baseUrl": base, "basePath": "",
            "apiUrl": format!("{base}/api"), "canStartDiscussion": actor.is_some(), "allowSignUp": true},
        "relationships": {"groups": {"data": []}, "actor": {"data": data}}}, "included": included}),
    )
}

/// A token for a name and a password.
fn token(call: &Call) -> Told {
    let person = call.text("identification").strip_prefix("person").and_then(|person| person.parse::<u64>().ok());
    match person.filter(|person| (FIRST_PERSON..FIRST_PERSON + PEOPLE).contains(person)) {
        Some(person) if call.text("password") == PASSWORD => {
            Told::ok(json!({"token": format!("flarum-token-{person}"), "userId": person}))
        }
        _ => stranger(),
    }
}

impl Flarum {
    /// Whether somebody may not say any more just now, with the refusal.
    fn flood(sandbox: &Sandbox, inside: &mut Inside, call: &Call, person: u64) -> Result<(), Told> {
        if !moderates(call) && inside.limits.come(&format!("post {person}"), 1, sandbox.scaled(FLOOD)).is_err() {
            inside.counts.limits_exceeded += 1;
            return Err(no(StatusCode::TOO_MANY_REQUESTS, "too_many_requests"));
        }
        Ok(())
    }
}
