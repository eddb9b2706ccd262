//! The YouTube Data API v3: <https://developers.google.com/youtube/v3/docs>. A post of a community is a video of its channel, what
//! people say below it are comments; a reply answers the comment at the top of its thread. A day has 10,000 units.

mod consent;
mod lists;

use std::time::Duration;

use axum::Router;
use axum::http::{Method, StatusCode};
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::consent::page::behave;
use crate::faults::Fault;
use crate::google::{self, Grants};
use crate::rest::{self, Call, Play, Told};
use crate::sandbox::{Inside, Sandbox};
use crate::searching::Search;
use crate::world::{Kind, Saying, Who};

/// What one needs to speak to it.
pub const KEYS: &[&str] = &[
    "api_key: youtube-key (10,000 units a day, 100 searches)",
    "client_id: google-client, client_secret: google-secret, refresh_token: refresh-1001 to refresh-1064 (a person's channel)",
    "refresh_token: refresh-1 to refresh-3 (the channels of the communities, which see what waits for their review)",
    "a comment that holds an address waits for the review of the channel and is shown to nobody else",
    "token_url: /token of this address; consent: at /o/oauth2/v2/auth, how it behaves: POST /_consent {\"life_s\": 60}",
    "channels: UCplace10000000000000001, UCplace20000000000000002, UCplace30000000000000003",
];

const COMMENT: &str = "https://www.googleapis.com/auth/youtube.force-ssl";
const KEY: &str = "youtube-key";
const UNITS: u64 = 10_000;
const SEARCHES: u64 = 100;
const WRITING: u64 = 50;
const DAY: Duration = Duration::from_secs(86_400);
const LONGEST: usize = 10_000;

/// What only YouTube has.
#[derive(Default)]
struct YouTube {
    grants: Grants,
    units: u64,
    searches: u64,
    begun: Option<tokio::time::Instant>,
    closed: std::collections::HashSet<u64>,
    held: lists::Held,
}

/// Whether its search would bring, by that query, a video with these words.
#[must_use]
pub fn fits(query: &str, text: &str) -> bool {
    Search::read(query, true).finds(&text.to_lowercase())
}

/// Its server.
pub fn router(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/o/oauth2/v2/auth", get(consent::ask).post(consent::answer))
        .route("/_consent", post(behave))
        .with_state(sandbox.clone())
        .merge(rest::router::<YouTube>(sandbox))
}

pub(super) fn no(status: StatusCode, reason: &str, words: &str) -> Told {
    google::no(status, "youtube", reason, words)
}

impl Play for YouTube {
    fn admit(&mut self, sandbox: &Sandbox, inside: &mut Inside, call: &Call) -> Result<(), Told> {
        if self.spares(call) {
            return Ok(());
        }
        let key = if call.text("key").is_empty() { call.header("x-goog-api-key") } else { call.text("key") };
        let whose = self.whose(inside, call);
        let known = key == KEY || whose.is_some();
        if call.authorization("bearer").is_some() && whose.is_none() {
            return Err(google::unauthorized());
        }
        if !known {
            return Err(no(StatusCode::BAD_REQUEST, "badRequest", "API key not valid. Please pass a valid API key."));
        }
        let now = tokio::time::Instant::now();
        if self.begun.is_none_or(|begun| now - begun >= sandbox.scaled(DAY)) {
            (self.units, self.searches, self.begun) = (0, 0, Some(now));
        }
        let is_search = call.parts().last() == Some(&"search");
        let (spent, most, costs) = if is_search {
            (&mut self.searches, SEARCHES, 1)
        } else {
            (&mut self.units, UNITS, if call.writes() { WRITING } else { 1 })
        };
        if *spent + costs > most {
            inside.counts.limits_exceeded += 1;
            let words = "The request cannot be completed because you have exceeded your quota.";
            return Err(no(StatusCode::FORBIDDEN, "quotaExceeded", words));
        }
        *spent += costs;
        Ok(())
    }

    fn spares(&self, call: &Call) -> bool {
        matches!(call.parts()[..], ["token" | "revoke"])
    }

    fn refuse(&mut self, _sandbox: &Sandbox, inside: &mut Inside, call: &Call, fault: Fault) -> Option<Told> {
        match fault {
            Fault::RateLimit => {
                let told = no(StatusCode::FORBIDDEN, "rateLimitExceeded", "Rate limit exceeded");
                Some(told.with("retry-after", 1))
            }
            Fault::ExpiredToken if call.authorization("bearer").is_some() => {
                self.grants.forget(call);
                inside.grants.end(call.authorization("bearer").unwrap_or_default());
                Some(google::unauthorized())
            }
            Fault::DeletedParent => Some(no(StatusCode::NOT_FOUND, "commentNotFound", "The comment is gone.")),
            Fault::ServerError => Some(no(StatusCode::SERVICE_UNAVAILABLE, "backendError", "Backend Error")),
            _ => None,
        }
    }

    fn answer(&mut self, _sandbox: &Sandbox, inside: &mut Inside, call: &Call) -> Told {
        let (parts, whose) = (call.parts(), self.whose(inside, call));
        match (&call.method, &parts[..]) {
            (&Method::POST, ["token"]) => {
                consent::give(inside, call).unwrap_or_else(|| self.grants.refresh(call, COMMENT))
            }
            (&Method::POST, ["revoke"]) => consent::revoke(inside, call),
            (&Method::GET, ["youtube", "v3", "channels"]) => lists::channels(call, whose),
            (&Method::GET, ["youtube", "v3", "commentThreads"]) => {
                let video = lists::video_of(&inside.world, call.text("videoId")).map(|video| video.number);
                if video.is_some_and(|video| self.closed.contains(&video)) {
                    return no(StatusCode::FORBIDDEN, "commentsDisabled", "The video has disabled comments.");
                }
                lists::threads(inside, &self.held, call, whose)
            }
            (&Method::GET, ["youtube", "v3", "comments"]) => lists::comments(inside, &self.held, call),
            (&Method::GET, ["youtube", "v3", "search"]) => lists::search(inside, call),
            (&Method::GET, ["youtube", "v3", "videos"]) => lists::videos(inside, call),
            (_, ["youtube", "v3", "comments" | "commentThreads"]) => self.write(inside, call),
            // Not YouTube's: whoever runs the emulator closes the comments of a video.
            (&Method::POST, ["close", video]) => {
                self.closed.extend(lists::video_of(&inside.world, video).map(|said| said.number));
                Told::ok(json!({}))
            }
            _ => no(StatusCode::NOT_FOUND, "notFound", "Not Found"),
        }
    }
}

impl YouTube {
    /// By a token that was made of something lasting, or by one of a consent.
    fn whose(&self, inside: &Inside, call: &Call) -> Option<u64> {
        let agreed = || inside.grants.who(call.authorization("bearer")?, call.now)?;
        self.grants.whose(call).or_else(agreed)
    }

    fn write(&mut self, inside: &mut Inside, call: &Call) -> Told {
        let Some(person) = self.whose(inside, call) else { return google::unauthorized() };
        let agreed = call.authorization("bearer").and_then(|token| inside.grants.agreed(token));
        if agreed.is_some_and(|agreed| !agreed.scope.split(' ').any(|right| right == COMMENT)) {
            let words = "Request had insufficient authentication scopes.";
            return no(StatusCode::FORBIDDEN, "insufficientPermissions", words);
        }
        let threads = call.parts().last() == Some(&"commentThreads");
        let said = |path: &str| call.body.pointer(path).and_then(Value::as_str).unwrap_or_default();
        if call.method == Method::DELETE {
            let own = lists::comment_of(&inside.world, call.text("id")).filter(|said| said.who == Who::Person(person));
            let Some((place, id)) = own.map(|said| (said.place, said.id)) else {
                return no(StatusCode::FORBIDDEN, "forbidden", "The comment cannot be deleted.");
            };
            inside.world.delete(place, id);
            return Told::new(StatusCode::NO_CONTENT, Value::Null);
        }
        if call.method == Method::PUT {
            let own = lists::comment_of(&inside.world, said("/id")).filter(|said| said.who == Who::Person(person));
            let Some((place, id)) = own.map(|said| (said.place, said.id)) else {
                return no(StatusCode::FORBIDDEN, "forbidden", "The comment cannot be changed.");
            };
            inside.world.edit(place, id, said("/snippet/textOriginal"), call.now);
            return lists::one(inside, place, id);
        }
        let text = if threads { "/snippet/topLevelComment/snippet/textOriginal" } else { "/snippet/textOriginal" };
        let text = said(text).trim().to_owned();
        if text.is_empty() {
            return no(StatusCode::BAD_REQUEST, "commentTextRequired", "The comment has no text.");
        }
        if text.chars().count() > LONGEST {
            return no(StatusCode::BAD_REQUEST, "commentTextTooLong", "The comment is too long.");
        }
        let above = if threads {
            lists::video_of(&inside.world, said("/snippet/videoId")).map(|video| (video.place, video.id, None))
        } else {
            let parent = lists::comment_of(&inside.world, said("/snippet/parentId"));
            let top = parent.filter(|parent| parent.answers.is_none());
            top.and_then(|top| Some((top.place, top.under?, Some(top.id))))
        };
        let Some((place, under, answers)) = above else {
            let reason = if threads { "videoNotFound" } else { "parentCommentNotFound" };
            return no(StatusCode::NOT_FOUND, reason, "What is answered could not be found.");
        };
        let video = inside.world.find(place, under).map_or(0, |video| video.number);
        if self.closed.contains(&video) {
            return no(StatusCode::FORBIDDEN, "commentsDisabled", "The video has disabled comments.");
        }
        let who = Who::Person(person);
        let saying = Saying { place, kind: Kind::Comment, who, text: text.clone(), under: Some(under), answers };
        let id = inside.world.say(saying, call.now);
        inside.counts.reply(&text, true);
        if text.contains("://") {
            self.held.extend(inside.world.find(place, id).map(|said| said.number));
        }
        if threads { lists::one_thread(inside, place, id) } else { lists::one(inside, place, id) }
    }
}
