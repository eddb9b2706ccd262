//! The Google Play Developer API, its part of reviews: <https://developers.google.com/android-publisher/reply-to-reviews>. What people
//! say below a community's posts are reviews of its app; a review has one answer, which is written over.

use std::collections::HashMap;
use std::time::Duration;

use axum::Router;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::forum;
use crate::google::{self, Grants};
use crate::rest::{self, Call, Play, Told};
use crate::sandbox::{Inside, Sandbox};
use crate::spoil;
use crate::world::{Kind, PLACES, Said, World, name_of};

/// What one needs to speak to it.
pub const KEYS: &[&str] = &[
    "package: example.place1, example.place2, example.place3 (200 questions an hour, 2,000 answers a day)",
    "service_account: a JSON file with client_email robot@project.example, any RSA key, token_uri /token of this address",
];

const SCOPE: &str = "https://www.googleapis.com/auth/androidpublisher";
const LONGEST: usize = 350;
/// Reviews are shown for so long.
const WEEK: i64 = 7 * 86_400;
const HOUR: (usize, Duration) = (200, Duration::from_secs(3_600));
const DAY: (usize, Duration) = (2_000, Duration::from_secs(86_400));

/// What only the store has: answers by the number of the review, with their time.
#[derive(Default)]
struct GooglePlay {
    grants: Grants,
    answers: HashMap<u64, (String, i64)>,
}

/// Its server.
pub fn router(sandbox: Sandbox) -> Router {
    rest::router::<GooglePlay>(sandbox)
}

fn no(status: StatusCode, reason: &str, words: &str) -> Told {
    google::no(status, "androidpublisher", reason, words)
}

/// The reviews of an app, the newest first.
fn reviews(world: &World, place: u64) -> impl Iterator<Item = &Said> {
    world.of(place, Kind::Comment).rev()
}

fn review_id(said: &Said) -> String {
    format!("gp:AOqpTO-{:08}", said.number)
}

fn find<'a>(world: &'a World, place: u64, id: &str) -> Option<&'a Said> {
    let said = world.numbered(id.strip_prefix("gp:AOqpTO-")?.parse().ok()?)?;
    (said.kind == Kind::Comment && said.place == place && !said.deleted).then_some(said)
}

impl Play for GooglePlay {
    fn admit(&mut self, sandbox: &Sandbox, inside: &mut Inside, call: &Call) -> Result<(), Told> {
        if call.parts() == ["token"] {
            return Ok(());
        }
        if self.grants.whose(call).is_none() {
            return Err(google::unauthorized());
        }
        let (who, (most, length)) = if call.writes() { ("answers", DAY) } else { ("questions", HOUR) };
        inside.limits.come(who, most, sandbox.scaled(length)).map_err(|_| {
            inside.counts.limits_exceeded += 1;
            no(StatusCode::FORBIDDEN, "quotaExceeded", "Quota exceeded.")
        })
    }

    fn spares(&self, call: &Call) -> bool {
        call.parts() == ["token"]
    }

    fn refuse(&mut self, _sandbox: &Sandbox, _inside: &mut Inside, call: &Call, fault: Fault) -> Option<Told> {
        match fault {
            Fault::RateLimit => {
                let told = no(StatusCode::FORBIDDEN, "rateLimitExceeded", "Rate limit exceeded");
                Some(told.with("retry-after", 1))
            }
            Fault::ExpiredToken => {
                self.grants.forget(call);
                Some(google::unauthorized())
            }
            Fault::DeletedParent => Some(no(StatusCode::NOT_FOUND, "reviewNotFound", "The review could not be found.")),
            Fault::ServerError => Some(no(StatusCode::SERVICE_UNAVAILABLE, "backendError", "Backend Error")),
            _ => None,
        }
    }

    fn answer(&mut self, _sandbox: &Sandbox, inside: &mut Inside, call: &Call) -> Told {
        let parts = call.parts();
        if parts == ["token"] {
            return self.grants.assertion(call, SCOPE);
        }
        let ["androidpublisher", "v3", "applications", package, "reviews", below @ ..] = &parts[..] else {
            return no(StatusCode::NOT_FOUND, "notFound", "Not Found");
        };
        let place = package.strip_prefix("example.place").and_then(|place| place.parse().ok());
        let Some(place) = place.filter(|place| (1..=PLACES).contains(place)) else {
            return no(StatusCode::FORBIDDEN, "permissionDenied", "The caller does not have permission");
        };
        let missing = || no(StatusCode::NOT_FOUND, "reviewNotFound", "The review could not be found.");
        match (&call.method, below) {
            (&Method::GET, []) => self.list(inside, call, place),
            (&Method::GET, [id]) => match find(&inside.world, place, id) {
                Some(said) => Told::ok(self.review(said)),
                None => missing(),
            },
            (&Method::POST, [named]) => {
                let id =
                    named.strip_suffix(":reply").and_then(|id| find(&inside.world, place, id)).map(|said| said.number);
                let Some(id) = id else { return missing() };
                let text = call.body.get("replyText").and_then(Value::as_str).unwrap_or_default().trim().to_owned();
                if text.is_empty() || text.chars().count() > LONGEST {
                    let words = if text.is_empty() { "The reply is empty." } else { "The reply is too long." };
                    return no(StatusCode::BAD_REQUEST, "invalid", words);
                }
                let made = self.answers.get(&id).is_none_or(|(before, _)| *before != text);
                inside.counts.reply(&text, made);
                self.answers.insert(id, (text.clone(), call.now));
                Told::ok(
                    json!({"result": {"replyText": text, "lastEdited": {"seconds": call.now.to_string(), "nanos": 0}}}),
                )
            }
            _ => missing(),
        }
    }
}

impl GooglePlay {
    fn review(&self, said: &Said) -> Value {
        let (first, last) = name_of(forum::author(said));
        let at = |seconds: i64| json!({"seconds": seconds.to_string(), "nanos": 0});
        let user = json!({"userComment": {"text": format!("\t{}", said.text), "lastModified": at(said.edited_at.unwrap_or(said.at)),
            "starRating": 1 + said.number % 5, "reviewerLanguage": "ru", "thumbsUpCount": 0, "thumbsDownCount": 0}});
        let mut comments = vec![user];
        comments.extend(
            self.answers
                .get(&said.number)
                .map(|(text, seconds)| json!({"developerComment": {"text": text, "lastModified": at(*seconds)}})),
        );
        json!({"reviewId": review_id(said), "authorName": format!("{first} {last}"), "comments": comments})
    }

    fn list(&self, inside: &mut Inside, call: &Call, place: u64) -> Told {
        let skip: usize = call.text("token").strip_prefix("after").and_then(|skip| skip.parse().ok()).unwrap_or(0);
        let size = call.number("maxResults").and_then(|size| usize::try_from(size).ok()).unwrap_or(10).clamp(1, 100);
        let size = size.min(inside.faults.page);
        let all: Vec<&Said> = reviews(&inside.world, place).filter(|said| said.at > call.now - WEEK).collect();
        let mut told: Vec<Value> = all.iter().skip(skip).take(size).map(|said| self.review(said)).collect();
        let more = all.len() > skip + size;
        spoil::list(&mut told, call.fault);
        inside.counts.items_served += told.len() as u64;
        let mut answer = json!({ "reviews": told });
        if more {
            answer["tokenPagination"] = json!({"nextPageToken": format!("after{}", skip + size)});
        }
        Told::ok(answer)
    }
}
