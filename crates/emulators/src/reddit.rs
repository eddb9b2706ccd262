//! Reddit's API for programs: <https://www.reddit.com/dev/api>, as clients of it read it. Limits are told in headers with every
//! answer; a comment that is refused is refused with a 200.
//!
//! `POST /api/v1/access_token` gives tokens; lists, threads, searches and `POST /api/comment` ask for one.

mod listing;
mod render;
mod tokens;
mod writing;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use axum::routing::any;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::faults::Fault;
use crate::sandbox::{Inside, Sandbox};
use crate::spoil;

/// What one needs to speak to it.
pub const KEYS: &[&str] = &[
    "client_id: reddit-app, client_secret: reddit-secret",
    "login: person1001 with password: password-1001, and so on to 1064; person1002 is banned in place3",
    "subreddits: place1, place2, place3 (100 requests a minute, counted over ten)",
];

/// Requests of a window, and how long one is.
const WINDOW: (u64, Duration) = (1_000, Duration::from_secs(600));
/// What a client is told to wait by a fault.
const FAULT_WAIT: Duration = Duration::from_secs(2);

#[derive(Clone)]
struct Reddit {
    sandbox: Sandbox,
    own: Arc<Mutex<Own>>,
}

/// What only Reddit has.
#[derive(Default)]
struct Own {
    tokens: tokens::Tokens,
    /// Full names of what nobody may answer.
    locked: HashSet<String>,
    window: Option<(Instant, u64)>,
    /// Told to stay away until then.
    away: Option<Instant>,
    /// Of requests that failed inside, every second was done all the same.
    failures: u64,
}

/// Its server.
pub fn router(sandbox: Sandbox) -> Router {
    Router::new().route("/{*path}", any(call)).with_state(Reddit { sandbox, own: Arc::default() })
}

/// A request that was understood.
struct Call {
    post: bool,
    path: Vec<String>,
    parameters: HashMap<String, String>,
    /// Nobody is the app itself.
    person: Option<u64>,
    now: i64,
    fault: Option<Fault>,
}

impl Call {
    fn text(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }

    fn parts(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }
}

/// A status and what stands in it.
type Answer = (StatusCode, Value);

fn refusal(status: StatusCode, message: &str) -> Answer {
    (status, json!({"message": message, "error": status.as_u16()}))
}

impl Reddit {
    fn own(&self) -> MutexGuard<'_, Own> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts the request. The headers that tell of it, and whether it is one too many.
    fn come(&self, inside: &mut Inside) -> (HeaderMap, bool) {
        let (most, length) = WINDOW;
        let now = Instant::now();
        let length = self.sandbox.scaled(length);
        let mut own = self.own();
        let (ends, used) = own.window.filter(|(ends, _)| *ends > now).unwrap_or((now + length, 0));
        own.window = Some((ends, used + 1));
        let away = own.away.filter(|until| *until > now);
        let too_many = used + 1 > most || away.is_some();
        inside.counts.limits_exceeded += u64::from(too_many);
        let left = if away.is_some() { 0 } else { most.saturating_sub(used + 1) };
        (self.told(used + 1, left, away.unwrap_or(ends) - now), too_many)
    }

    /// A wait of ours in the network's whole seconds.
    fn seconds(&self, wait: Duration) -> u64 {
        let scale = 1_000.0 / self.sandbox.scaled(Duration::from_secs(1_000)).as_secs_f64();
        (wait.as_secs_f64() * scale).ceil() as u64
    }

    fn told(&self, used: u64, left: u64, reset: Duration) -> HeaderMap {
        let values = [
            ("x-ratelimit-used", used.to_string()),
            ("x-ratelimit-remaining", format!("{left}.0")),
            ("x-ratelimit-reset", self.seconds(reset).to_string()),
        ];
        let header = |(name, value): (&'static str, String)| {
            Some((axum::http::HeaderName::from_static(name), HeaderValue::from_str(&value).ok()?))
        };
        values.into_iter().filter_map(header).collect()
    }
}

async fn call(
    State(reddit): State<Reddit>,
    method: Method,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = |bytes: &[u8]| url::form_urlencoded::parse(bytes).into_owned().collect::<HashMap<String, String>>();
    let mut parameters = form(query.unwrap_or_default().as_bytes());
    parameters.extend(form(&body));
    let path: Vec<String> = path.trim_matches('/').split('/').map(str::to_owned).collect();
    let path: Vec<String> = path.into_iter().map(|part| part.trim_end_matches(".json").to_owned()).collect();
    let now = reddit.sandbox.now();
    let mut inside = reddit.sandbox.inside();
    let whole = path.join("/");
    let known = |part: &&String| !part.contains('_') || part.starts_with("access");
    let counted = path.iter().take(3).filter(known).cloned().collect::<Vec<_>>().join("/");
    inside.counts.request(if path[0] == "api" { &counted } else { path.last().map_or("", String::as_str) });
    if whole == "api/v1/access_token" {
        let (status, value) = reddit.own().tokens.give(&headers, &parameters);
        return spoil::answer(status, value, None, 0);
    }
    let Some(person) = reddit.own().tokens.whose(&headers) else {
        let (status, value) = refusal(StatusCode::UNAUTHORIZED, "Unauthorized");
        return spoil::answer(status, value, None, 0);
    };
    let (limits, too_many) = reddit.come(&mut inside);
    if too_many {
        return told(refusal(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests"), limits, None, 0);
    }
    let mut asked = Call { post: method == Method::POST, path, parameters, person, now, fault: None };
    asked.fault = inside.draw(if asked.post { writing::FAULTS } else { listing::FAULTS });
    let slow_ms = inside.faults.slow_ms;
    let answer = match asked.fault {
        Some(Fault::ExpiredToken) => {
            reddit.own().tokens.forget(&headers);
            return told(refusal(StatusCode::UNAUTHORIZED, "Unauthorized"), limits, None, 0);
        }
        Some(Fault::RateLimit) if !asked.post => {
            let wait = reddit.sandbox.scaled(FAULT_WAIT);
            reddit.own().away = Some(Instant::now() + wait);
            let limits = reddit.told(WINDOW.0, 0, wait);
            return told(refusal(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests"), limits, None, 0);
        }
        Some(Fault::ServerError) => {
            let done = {
                let mut own = reddit.own();
                own.failures += 1;
                own.failures.is_multiple_of(2)
            };
            if asked.post && done {
                writing::answer(&reddit, &mut inside, &asked);
            }
            refusal(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
        }
        _ if asked.post => writing::answer(&reddit, &mut inside, &asked),
        _ => listing::answer(&reddit, &mut inside, &asked),
    };
    drop(inside);
    reddit.sandbox.changed();
    told(answer, limits, asked.fault, slow_ms)
}

fn told((status, value): Answer, limits: HeaderMap, fault: Option<Fault>, slow_ms: u64) -> Response {
    let mut response = spoil::answer(status, value, fault, slow_ms);
    response.headers_mut().extend(limits);
    response
}
