//! Reddit's API for programs: <https://www.reddit.com/dev/api>, as clients of it read it. Limits are told in headers with every
//! answer; a comment that is refused is refused with a 200.
//!
//! `POST /api/v1/access_token` gives tokens, also to whom a person agreed at `/api/v1/authorize`; lists, threads, searches and `POST /api/comment` ask for one.

mod consent;
mod listing;
mod query;
mod render;
mod tokens;
mod writing;

use std::collections::HashSet;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde_json::json;
use tokio::time::Instant;

use crate::consent::page::behave;
use crate::faults::Fault;
use crate::rest::{self, Call, Play, Told};
use crate::sandbox::{Inside, Sandbox};

/// What one needs to speak to it.
pub const KEYS: &[&str] = &[
    "client_id: reddit-app, client_secret: reddit-secret",
    "consent: at /api/v1/authorize, client_id reddit-app; how it behaves: POST /_consent {\"life_s\": 60}",
    "login: person1001 with password: password-1001, and so on to 1064; person1002 is banned in place3",
    "subreddits: place1, place2, place3 (100 requests a minute, counted over ten)",
];

/// Requests of a window, and how long one is.
const WINDOW: (u64, Duration) = (1_000, Duration::from_secs(600));
/// What a client is told to wait by a fault.
const FAULT_WAIT: Duration = Duration::from_secs(2);
const TOKENS: [&str; 3] = ["api", "v1", "access_token"];
const REVOKED: [&str; 3] = ["api", "v1", "revoke_token"];

/// What only Reddit has.
#[derive(Default)]
struct Reddit {
    tokens: tokens::Tokens,
    /// Full names of what nobody may answer.
    locked: HashSet<String>,
    window: Option<(Instant, u64)>,
    /// Told to stay away until then.
    away: Option<Instant>,
    /// What is used, what is left, and the seconds until it begins anew.
    left: (u64, u64, u64),
}

/// Whether its search would bring, by that query, what person 1001 (`person1001`) says in the first community, under a title of the same
/// words.
///
/// # Errors
/// Why Reddit does not take the query.
pub fn fits(query: &str, text: &str) -> Result<bool, String> {
    let text = text.to_lowercase();
    let post = query::Searched { text: &text, title: &text, author: "person1001", place: "place1" };
    Ok(query::Query::read(query)?.finds(&post))
}

/// Its server.
pub fn router(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/api/v1/authorize", get(consent::ask).post(consent::answer))
        .route("/_consent", post(behave))
        .with_state(sandbox.clone())
        .merge(rest::router::<Reddit>(sandbox))
}

fn refusal(status: StatusCode, message: &str) -> Told {
    Told::new(status, json!({"message": message, "error": status.as_u16()}))
}

impl Reddit {
    /// Counts the request; whether it is one too many.
    fn come(&mut self, sandbox: &Sandbox) -> bool {
        let (most, length) = WINDOW;
        let now = Instant::now();
        let (ends, used) = self.window.filter(|(ends, _)| *ends > now).unwrap_or((now + sandbox.scaled(length), 0));
        let used = used + 1;
        self.window = Some((ends, used));
        let away = self.away.filter(|until| *until > now);
        let left = if away.is_some() { 0 } else { most.saturating_sub(used) };
        self.left = (used, left, rest::seconds(sandbox, away.unwrap_or(ends) - now));
        used > most || away.is_some()
    }

    /// `None` when the token is not good.
    fn whose(&self, inside: &Inside, call: &Call) -> Option<Option<u64>> {
        let agreed = || inside.grants.who(call.authorization("bearer")?, call.now)?;
        self.tokens.whose(call).or_else(|| agreed().map(Some))
    }

    fn limited(&self, told: Told) -> Told {
        let (used, left, reset) = self.left;
        let told = told.with("x-ratelimit-used", used).with("x-ratelimit-remaining", format!("{left}.0"));
        told.with("x-ratelimit-reset", reset)
    }
}

impl Play for Reddit {
    fn admit(&mut self, sandbox: &Sandbox, inside: &mut Inside, call: &Call) -> Result<(), Told> {
        if self.spares(call) {
            return Ok(());
        }
        if self.whose(inside, call).is_none() {
            return Err(refusal(StatusCode::UNAUTHORIZED, "Unauthorized"));
        }
        if self.come(sandbox) {
            inside.counts.limits_exceeded += 1;
            return Err(self.limited(refusal(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests")));
        }
        Ok(())
    }

    fn spares(&self, call: &Call) -> bool {
        [TOKENS, REVOKED].iter().any(|place| call.parts() == place)
    }

    fn refuse(&mut self, sandbox: &Sandbox, inside: &mut Inside, call: &Call, fault: Fault) -> Option<Told> {
        let told = match fault {
            Fault::ExpiredToken => {
                self.tokens.forget(call);
                inside.grants.end(call.authorization("bearer").unwrap_or_default());
                refusal(StatusCode::UNAUTHORIZED, "Unauthorized")
            }
            // Where something is written Reddit says it in other words.
            Fault::RateLimit if !call.writes() => {
                let wait = sandbox.scaled(FAULT_WAIT);
                self.away = Some(Instant::now() + wait);
                self.left = (WINDOW.0, 0, rest::seconds(sandbox, wait));
                refusal(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests")
            }
            Fault::ServerError => refusal(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
            _ => return None,
        };
        Some(self.limited(told))
    }

    fn answer(&mut self, sandbox: &Sandbox, inside: &mut Inside, call: &Call) -> Told {
        if call.parts() == TOKENS {
            return self.tokens.give(inside, call);
        }
        if call.parts() == REVOKED {
            return consent::revoke(inside, call);
        }
        // Nobody is the app itself.
        let person = self.whose(inside, call).flatten();
        let agreed = call.authorization("bearer").and_then(|token| inside.grants.agreed(token));
        if call.writes() && agreed.is_some_and(|agreed| !agreed.scope.split(' ').any(|right| right == "submit")) {
            return self.limited(refusal(StatusCode::FORBIDDEN, "Forbidden"));
        }
        let told = if call.writes() {
            writing::answer(self, sandbox, inside, call, person)
        } else {
            listing::answer(self, inside, call, person)
        };
        self.limited(told)
    }
}
