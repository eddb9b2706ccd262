//! A Flarum forum: <https://docs.flarum.org/rest-api>. Anybody may read.

use std::collections::HashSet;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use molva_domain::Timestamp;
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::forum;
use crate::rest::{self, Call, Play, Told};
use crate::sandbox::{Inside, Sandbox};
use crate::spoil;
use crate::world::{FIRST_PERSON, Kind, PEOPLE, Said, Saying, Who, World};

/// What one needs to speak to it.
pub const KEYS: &[&str] = &[
    "api_key: flarum-token-1001 and so on to 1064 (of a person: one post in ten seconds)",
    "api_key: flarum-key with user_id: 1001 and so on to 1064",
];

const USUAL_PAGE: usize = 20;
const LARGEST_PAGE: usize = 50;
const LONGEST: usize = 63_000;
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

fn no(status: StatusCode, code: &str, detail: &str) -> Told {
    Told::new(status, json!({"errors": [{"status": status.as_u16().to_string(), "code": code, "detail": detail}]}))
}

fn caller(call: &Call) -> Option<Result<u64, ()>> {
    let said = call.authorization("token")?;
    let (token, user) = said.split_once(';').unwrap_or((said, ""));
    let person = match token {
        "flarum-key" => user.trim().strip_prefix("userId="),
        token => token.strip_prefix("flarum-token-"),
    };
    let person = person.and_then(|person| person.parse().ok());
    Some(person.filter(|person| (FIRST_PERSON..FIRST_PERSON + PEOPLE).contains(person)).ok_or(()))
}

impl Play for Flarum {
    fn admit(&mut self, _sandbox: &Sandbox, _inside: &mut Inside, call: &Call) -> Result<(), Told> {
        // A token that is not known is a stranger's to Flarum; what only people may do is refused then.
        match caller(call) {
            Some(Err(())) => Err(no(StatusCode::UNAUTHORIZED, "not_authenticated", "")),
            _ => Ok(()),
        }
    }

    fn refuse(&mut self, _sandbox: &Sandbox, _inside: &mut Inside, _call: &Call, fault: Fault) -> Option<Told> {
        match fault {
            Fault::RateLimit => Some(
                no(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "").with("retry-after", FAULT_WAIT.as_secs()),
            ),
            Fault::ExpiredToken => Some(no(StatusCode::UNAUTHORIZED, "not_authenticated", "")),
            Fault::DeletedParent => Some(no(StatusCode::NOT_FOUND, "not_found", "")),
            Fault::ServerError => Some(no(StatusCode::INTERNAL_SERVER_ERROR, "unknown", "")),
            _ => None,
        }
    }

    fn answer(&mut self, sandbox: &Sandbox, inside: &mut Inside, call: &Call) -> Told {
        let number = |text: &str| text.parse::<u64>().unwrap_or(0);
        let missing = || no(StatusCode::NOT_FOUND, "not_found", "");
        match (call.writes(), &call.parts()[..]) {
            (false, ["api"]) => {
                let actor = caller(call).and_then(Result::ok);
                let included: Vec<Value> = actor.map(user).into_iter().collect();
                let data = actor.map(|person| json!({"type": "users", "id": person.to_string()}));
                Told::ok(
                    json!({"data": {"type": "forums", "id": "1", "attributes": {"title": "Forum", "canStartDiscussion": actor.is_some()},
                    "relationships": {"groups": {"data": []}, "actor": {"data": data}}}, "included": included}),
                )
            }
            (false, ["api", "posts"]) => list(inside, call),
            (false, ["api", "posts", id]) => {
                match forum::find(&inside.world, number(id)).filter(|said| !said.deleted) {
                    Some(said) => {
                        Told::ok(json!({"data": post(&inside.world, said), "included": [user(forum::author(said))]}))
                    }
                    None => missing(),
                }
            }
            (true, ["api", "posts"]) => self.reply(sandbox, inside, call),
            (true, ["api", "discussions", id]) => {
                self.locked.insert(number(id));
                Told::ok(json!({"data": {"type": "discussions", "id": id}}))
            }
            _ => missing(),
        }
    }
}

fn user(author: u64) -> Value {
    let name = forum::name(author);
    json!({"type": "users", "id": author.to_string(), "attributes": {"username": name, "displayName": name, "slug": name}})
}

fn post(world: &World, said: &Said) -> Value {
    let first = forum::first(world, said);
    let time = |seconds| Timestamp::from_secs(seconds).to_rfc3339();
    json!({"type": "posts", "id": said.number.to_string(), "attributes": {"number": forum::place_in_topic(said), "createdAt": time(said.at),
            "contentType": "comment", "content": said.text, "contentHtml": rest::html(&said.text), "editedAt": said.edited_at.map(time),
            "isHidden": false},
        "relationships": {"user": {"data": {"type": "users", "id": forum::author(said).to_string()}},
            "discussion": {"data": {"type": "discussions", "id": first.number.to_string()}}}})
}

fn list(inside: &mut Inside, call: &Call) -> Told {
    let size = |name: &str| call.number(name).and_then(|number| usize::try_from(number).ok());
    let limit = size("page[limit]").unwrap_or(USUAL_PAGE).min(LARGEST_PAGE).min(inside.faults.page);
    let (author, discussion) = (call.text("filter[author]"), call.number("filter[discussion]"));
    let number = call.number("filter[number]");
    let ids = call.text("filter[id]");
    let world = &inside.world;
    let all = forum::newest(world)
        .filter(|said| author.is_empty() || forum::name(forum::author(said)) == author)
        .filter(|said| ids.is_empty() || ids.split(',').any(|id| id == said.number.to_string()))
        .filter(|said| number.is_none_or(|wanted| forum::place_in_topic(said) == wanted))
        .filter(|said| discussion.is_none_or(|wanted| forum::first(world, said).number == wanted));
    let shown: Vec<&Said> = all.skip(size("page[offset]").unwrap_or(0)).take(limit).collect();
    let mut posts: Vec<Value> = shown.iter().map(|said| post(world, said)).collect();
    let mut included: Vec<Value> = shown.iter().map(|said| user(forum::author(said))).collect();
    included.extend(shown.iter().map(|said| {
        let first = forum::first(world, said);
        json!({"type": "discussions", "id": first.number.to_string(), "attributes": {"title": rest::title(&first.text), "slug": "topic"}})
    }));
    spoil::list(&mut posts, call.fault);
    inside.counts.items_served += posts.len() as u64;
    Told::ok(json!({"data": posts, "included": included, "links": {}}))
}

impl Flarum {
    fn reply(&self, sandbox: &Sandbox, inside: &mut Inside, call: &Call) -> Told {
        let Some(Ok(person)) = caller(call) else { return no(StatusCode::UNAUTHORIZED, "not_authenticated", "") };
        let said = |path: &str| call.body.pointer(path).and_then(Value::as_str).unwrap_or_default();
        let text = said("/data/attributes/content").trim();
        let topic: u64 = said("/data/relationships/discussion/data/id").parse().unwrap_or(0);
        let wrong = |words: &str| {
            let body = json!({"errors": [{"status": "422", "code": "validation_error", "detail": words, "source": {"pointer": "/data/attributes/content"}}]});
            Told::new(StatusCode::UNPROCESSABLE_ENTITY, body)
        };
        if text.is_empty() {
            return wrong("The content field is required.");
        }
        if text.chars().count() > LONGEST {
            return wrong("The content may not be greater than 63000 characters.");
        }
        let first = forum::find(&inside.world, topic).filter(|said| said.kind == Kind::Post && !said.deleted);
        let Some((place, under)) = first.map(|said| (said.place, said.id)) else {
            return no(StatusCode::NOT_FOUND, "not_found", "");
        };
        if self.locked.contains(&topic) {
            return no(StatusCode::FORBIDDEN, "permission_denied", "");
        }
        let is_own = call.authorization("token").is_some_and(|token| token.starts_with("flarum-token-"));
        if is_own && inside.limits.come(&format!("post {person}"), 1, sandbox.scaled(FLOOD)).is_err() {
            inside.counts.limits_exceeded += 1;
            return no(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "");
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
        let told = inside.world.find(place, made).map(|said| post(&inside.world, said));
        Told::new(StatusCode::CREATED, json!({"data": told, "included": [user(person)]}))
    }
}
