//! App Store Connect, its part of customer reviews: <https://developer.apple.com/documentation/appstoreconnectapi>, and the public feeds of
//! reviews, a country each. What people say below a community's posts are reviews of its app; a review has one response, which is written
//! over.

use std::collections::HashMap;
use std::time::Duration;

use axum::Router;
use axum::http::{Method, StatusCode};
use molva_domain::Timestamp;
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::forum;
use crate::google::claims;
use crate::rest::{self, Call, Play, Told};
use crate::sandbox::{Inside, Sandbox};
use crate::spoil;
use crate::world::{Kind, PLACES, Said, World, title_of};

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
/// Of a feed.
const PAGE: usize = 50;
const PAGES: usize = 10;

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

fn unauthorized() -> Told {
    no(StatusCode::UNAUTHORIZED, "NOT_AUTHORIZED", "Provide a properly configured and signed bearer token")
}

fn review_id(number: u64) -> String {
    format!("00000036-7d2a-f56c-3b3c-{number:012}")
}

fn find<'a>(world: &'a World, id: &str) -> Option<&'a Said> {
    let said = world.numbered(id.strip_prefix("00000036-7d2a-f56c-3b3c-")?.parse().ok()?)?;
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
        let lasts = said["exp"].as_i64().unwrap_or(0) - said["iat"].as_i64().unwrap_or(0);
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
        let missing = || no(StatusCode::NOT_FOUND, "NOT_FOUND", "The specified resource does not exist");
        let told = match (&call.method, &call.parts()[..]) {
            (&Method::GET, [country, "rss", "customerreviews", page, app, ..]) => {
                return feed(inside, call, country, page, app);
            }
            (&Method::GET, ["v1", "apps", app]) => match place_of(app) {
                Some(place) => Told::ok(json!({"data": {"type": "apps", "id": app,
                    "attributes": {"name": title_of(place), "bundleId": format!("example.place{place}")}}})),
                None => missing(),
            },
            (&Method::GET, ["v1", "apps", app, "customerReviews"]) => match place_of(app) {
                Some(place) => self.list(inside, call, app, place),
                None => missing(),
            },
            (&Method::GET, ["v1", "customerReviews", id]) => match find(&inside.world, id) {
                Some(said) => Told::ok(json!({"data": self.review(said)})),
                None => missing(),
            },
            (&Method::GET, ["v1", "customerReviews", id, "response"]) => {
                let number = find(&inside.world, id).map(|said| said.number);
                match number.filter(|number| self.responses.contains_key(number)) {
                    Some(number) => Told::ok(json!({"data": self.response(number)})),
                    None => missing(),
                }
            }
            (&Method::POST, ["v1", "customerReviewResponses"]) => self.respond(inside, call),
            (&Method::DELETE, ["v1", "customerReviewResponses", id]) => {
                let number = id.strip_prefix("response-").and_then(|number| number.parse().ok()).unwrap_or(0);
                match self.responses.remove(&number) {
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

/// The newest reviews of a country: five hundred and no more.
fn feed(inside: &mut Inside, call: &Call, country: &str, page: &str, app: &str) -> Told {
    let number = page.strip_prefix("page=").and_then(|page| page.parse::<usize>().ok()).unwrap_or(0);
    let place = app.strip_prefix("id=").and_then(place_of);
    let country = COUNTRIES.iter().position(|known| *known == country);
    let (Some(place), Some(country), 1..=PAGES) = (place, country, number) else {
        return Told::new(StatusCode::BAD_REQUEST, json!({"error": "no such page"}));
    };
    let of_country = |said: &&Said| said.number % COUNTRIES.len() as u64 == country as u64;
    let all = inside.world.of(place, Kind::Comment).rev().filter(of_country);
    let mut entries: Vec<Value> = all.skip((number - 1) * PAGE).take(PAGE).map(entry).collect();
    spoil::list(&mut entries, call.fault);
    inside.counts.items_served += entries.len() as u64;
    // One entry stands alone, and none is left out.
    Told::ok(match entries.len() {
        0 => json!({"feed": {"author": {}}}),
        1 => json!({"feed": {"entry": entries.remove(0)}}),
        _ => json!({"feed": {"entry": entries}}),
    })
}

fn entry(said: &Said) -> Value {
    let label = |text: &str| json!({ "label": text });
    let author = forum::author(said);
    json!({"id": label(&said.number.to_string()), "updated": label(&Timestamp::from_secs(said.edited_at.unwrap_or(said.at)).to_rfc3339()),
        "im:rating": label(&(1 + said.number % 5).to_string()), "title": label(&rest::title(&said.text)), "content": label(&said.text),
        "author": {"name": label(&forum::name(author)), "uri": label(&format!("https://itunes.apple.com/reviews/id{author}"))}})
}

impl AppStore {
    fn review(&self, said: &Said) -> Value {
        let id = review_id(said.number);
        let response = self.responses.contains_key(&said.number);
        let response =
            response.then(|| json!({"type": "customerReviewResponses", "id": format!("response-{}", said.number)}));
        json!({"type": "customerReviews", "id": id, "attributes": {"rating": 1 + said.number % 5, "title": rest::title(&said.text),
                "body": said.text, "reviewerNickname": forum::name(forum::author(said)), "territory": "UKR",
                "createdDate": Timestamp::from_secs(said.at).to_rfc3339()},
            "relationships": {"response": {"data": response}}})
    }

    fn response(&self, number: u64) -> Value {
        let (text, at) = self.responses.get(&number).cloned().unwrap_or_default();
        json!({"type": "customerReviewResponses", "id": format!("response-{number}"), "attributes": {"responseBody": text, "state": "PUBLISHED",
            "lastModifiedDate": Timestamp::from_secs(at).to_rfc3339()}})
    }

    fn list(&self, inside: &mut Inside, call: &Call, app: &str, place: u64) -> Told {
        let skip: usize = call.text("cursor").strip_prefix("after").and_then(|skip| skip.parse().ok()).unwrap_or(0);
        let size = call.number("limit").and_then(|size| usize::try_from(size).ok()).unwrap_or(50).clamp(1, 200);
        let size = size.min(inside.faults.page);
        let all: Vec<&Said> = inside.world.of(place, Kind::Comment).rev().collect();
        let shown: Vec<&&Said> = all.iter().skip(skip).take(size).collect();
        let mut told: Vec<Value> = shown.iter().map(|said| self.review(said)).collect();
        let included: Vec<Value> = shown
            .iter()
            .filter(|said| self.responses.contains_key(&said.number))
            .map(|said| self.response(said.number))
            .collect();
        let more = all.len() > skip + size;
        spoil::list(&mut told, call.fault);
        inside.counts.items_served += told.len() as u64;
        let next = format!("http://{}/v1/apps/{app}/customerReviews?cursor=after{}", call.header("host"), skip + size);
        let links = if more { json!({ "next": next }) } else { json!({}) };
        Told::ok(json!({"data": told, "included": included, "links": links}))
    }

    fn respond(&mut self, inside: &mut Inside, call: &Call) -> Told {
        let said = |path: &str| call.body.pointer(path).and_then(Value::as_str).unwrap_or_default();
        let text = said("/data/attributes/responseBody").trim().to_owned();
        let found = find(&inside.world, said("/data/relationships/review/data/id")).map(|said| said.number);
        let Some(number) = found else {
            return no(StatusCode::NOT_FOUND, "NOT_FOUND", "There is no such review");
        };
        let wrong = |words: &str| no(StatusCode::CONFLICT, "ENTITY_ERROR.ATTRIBUTE.INVALID", words);
        if text.is_empty() {
            return wrong("The response body is required.");
        }
        if text.chars().count() > LONGEST {
            return wrong("The response body is too long; 5970 characters are allowed.");
        }
        let made = self.responses.get(&number).is_none_or(|(before, _)| *before != text);
        inside.counts.reply(&text, made);
        self.responses.insert(number, (text, call.now));
        Told::new(StatusCode::CREATED, json!({"data": self.response(number)}))
    }
}
