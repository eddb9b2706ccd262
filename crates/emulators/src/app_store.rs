//! App Store Connect, its part of customer reviews: <https://developer.apple.com/documentation/appstoreconnectapi>, and the public feeds of
//! reviews, a country each. What people say below a community's posts are reviews of its app; a review has one response, which is written
//! over.

mod feed;
mod list;
mod render;

use std::collections::HashMap;
use std::time::Duration;

use axum::Router;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::google::claims;
use crate::rest::{self, Call, Play, Told};
use crate::sandbox::{Inside, Sandbox};
use crate::world::{Kind, PLACES, Said, World};

/// What one needs to speak to it.
pub const KEYS: &[&str] = &[
    "app: 100000001, 100000002, 100000003 (3,600 requests an hour)",
    "issuer_id: issuer-of-the-emulator, key_id: any, private_key: any key for ES256",
    "countries: ua, pl, de and others, of the same apps, without a key",
];

/// Each has every so manieth review.
pub const COUNTRIES: [&str; 25] = [
    "ua", "pl", "de", "fr", "it", "es", "pt", "nl", "be", "at", "ch", "cz", "sk", "hu", "ro", "bg", "gr", "se", "no",
    "fi", "dk", "ee", "lv", "lt", "us",
];
const ISSUER: &str = "issuer-of-the-emulator";
const LONGEST: usize = 5_970;
/// Longest life of a token, in seconds.
const LIFE: i64 = 20 * 60;
const HOUR: (usize, Duration) = (3_600, Duration::from_secs(3_600));

/// What only the store has: responses by the number of the review, with their time.
#[derive(Default)]
struct AppStore {
    responses: HashMap<u64, (String, i64)>,
    came: usize,
}

/// Its server.
pub fn router(sandbox: Sandbox) -> Router {
    rest::router::<AppStore>(sandbox)
}

fn no(status: StatusCode, code: &str, detail: &str) -> Told {
    let error = json!({"status": status.as_u16().to_string(), "code": code, "title": code, "detail": detail});
    Told::new(status, json!({"errors": [error]}))
}

fn missing() -> Told {
    no(StatusCode::NOT_FOUND, "NOT_FOUND", "The specified resource does not exist")
}

fn unauthorized() -> Told {
    no(StatusCode::UNAUTHORIZED, "NOT_AUTHORIZED", "Provide a properly configured and signed bearer token")
}

fn find<'a>(world: &'a World, id: &str) -> Option<&'a Said> {
    let said = world.numbered(id.strip_prefix(render::REVIEW)?.parse().ok()?)?;
    (said.kind == Kind::Comment && !said.deleted).then_some(said)
}

fn place_of(app: &str) -> Option<u64> {
    let place = app.parse::<u64>().ok()?.checked_sub(100_000_000)?;
    (1..=PLACES).contains(&place).then_some(place)
}

impl Play for AppStore {
    fn admit(&mut self, sandbox: &Sandbox, inside: &mut Inside, call: &Call) -> Result<(), Told> {
        if call.parts().get(1) == Some(&"rss") {
            return Ok(());
        }
        // Who has the key is not proved here, only what the token says.
        let said = call.authorization("bearer").and_then(claims).unwrap_or_default();
        // It need not say when it was made.
        let lasts = said["exp"].as_i64().unwrap_or(0) - said["iat"].as_i64().unwrap_or(call.now);
        if said["iss"] != ISSUER || said["aud"] != "appstoreconnect-v1" || !(1..=LIFE).contains(&lasts) {
            return Err(unauthorized());
        }
        let (most, length) = HOUR;
        self.came += 1;
        inside.limits.come("hour", most, sandbox.scaled(length)).map_err(|_| {
            inside.counts.limits_exceeded += 1;
            no(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMIT_EXCEEDED", "The request rate limit has been reached.")
        })
    }

    fn refuse(&mut self, _sandbox: &Sandbox, _inside: &mut Inside, _call: &Call, fault: Fault) -> Option<Told> {
        match fault {
            Fault::RateLimit => {
                let told = no(
                    StatusCode::TOO_MANY_REQUESTS,
                    "RATE_LIMIT_EXCEEDED",
                    "The request rate limit has been reached.",
                );
                Some(told.with("retry-after", 1))
            }
            Fault::ExpiredToken => Some(unauthorized()),
            Fault::DeletedParent => Some(no(StatusCode::NOT_FOUND, "NOT_FOUND", "There is no such review")),
            Fault::ServerError => Some(no(StatusCode::INTERNAL_SERVER_ERROR, "UNEXPECTED_ERROR", "")),
            _ => None,
        }
    }

    fn answer(&mut self, _sandbox: &Sandbox, inside: &mut Inside, call: &Call) -> Told {
        let told = match (&call.method, &call.parts()[..]) {
            (&Method::GET, [country, "rss", "customerreviews", page, app, ..]) => {
                return feed::feed(inside, call, country, page, app);
            }
            (&Method::GET, ["v1", "apps"]) => {
                let apps: Vec<Value> = (1..=PLACES).map(|place| render::app(call, place)).collect();
                let own = render::address(call, "v1/apps");
                let paging = json!({"paging": {"total": apps.len(), "limit": 50}});
                Told::ok(json!({"data": apps, "links": {"self": own}, "meta": paging}))
            }
            (&Method::GET, ["v1", "apps", app]) => match place_of(app) {
                Some(place) => Told::ok(self.document(call, render::app(call, place))),
                None => missing(),
            },
            (&Method::GET, ["v1", "apps", app, "customerReviews"]) => match place_of(app) {
                Some(place) => list::reviews(self, inside, call, place),
                None => missing(),
            },
            (&Method::GET, ["v1", "customerReviews", id]) => self.one(inside, call, id),
            (&Method::GET, ["v1", "customerReviews", id, "response"]) => {
                let number = find(&inside.world, id).map(|said| said.number);
                match number.filter(|number| self.responses.contains_key(number)) {
                    Some(number) => Told::ok(self.document(call, render::response(self, call, number))),
                    None => missing(),
                }
            }
            (&Method::GET, ["v1", "customerReviewResponses", id]) => {
                match render::number_of(id).filter(|number| self.responses.contains_key(number)) {
                    Some(number) => Told::ok(self.document(call, render::response(self, call, number))),
                    None => missing(),
                }
            }
            (&Method::POST, ["v1", "customerReviewResponses"]) => self.respond(inside, call),
            (&Method::DELETE, ["v1", "customerReviewResponses", id]) => {
                match render::number_of(id).and_then(|number| self.responses.remove(&number)) {
                    Some(_) => Told::new(StatusCode::NO_CONTENT, Value::Null),
                    None => missing(),
                }
            }
            _ => missing(),
        };
        let left = HOUR.0.saturating_sub(self.came);
        told.with("x-rate-limit", format!("user-hour-lim:{};user-hour-rem:{left};", HOUR.0))
    }
}

impl AppStore {
    fn respond(&mut self, inside: &mut Inside, call: &Call) -> Told {
        let said = |path: &str| call.body.pointer(path).and_then(Value::as_str).unwrap_or_default();
        let text = said("/data/attributes/responseBody").trim().to_owned();
        let found = find(&inside.world, said("/data/relationships/review/data/id")).map(|said| said.number);
        let Some(number) = found else {
            return no(StatusCode::NOT_FOUND, "NOT_FOUND", "There is no such review");
        };
        let wrong = |words: &str| {
            let mut told = no(StatusCode::CONFLICT, "ENTITY_ERROR.ATTRIBUTE.INVALID", words);
            told.body["errors"][0]["source"] = json!({"pointer": "/data/attributes/responseBody"});
            told
        };
        if text.is_empty() {
            return wrong("The response body is required.");
        }
        if text.chars().count() > LONGEST {
            return wrong("The response body is too long; 5970 characters are allowed.");
        }
        let made = self.responses.get(&number).is_none_or(|(before, _)| *before != text);
        inside.counts.reply(&text, made);
        self.responses.insert(number, (text, call.now));
        Told::new(StatusCode::CREATED, self.document(call, render::response(self, call, number)))
    }

    /// One thing, with the address it was asked for at.
    fn document(&self, call: &Call, data: Value) -> Value {
        json!({"data": data, "links": {"self": render::address(call, &call.path.join("/"))}})
    }

    fn one(&self, inside: &Inside, call: &Call, id: &str) -> Told {
        let Some(said) = find(&inside.world, id) else { return missing() };
        let with_response = call.text("include").split(',').any(|name| name == "response");
        let mut told = self.document(call, render::review(self, call, said));
        if with_response && self.responses.contains_key(&said.number) {
            told["included"] = json!([render::response(self, call, said.number)]);
        }
        Told::ok(told)
    }
}
