//! X, API v2: <https://docs.x.com/x-api>. Accounts are the three communities (`brand1` …) and everybody who writes (`person1001` …);
//! what they say in public are posts, what is said under a post is an answer to it and begins with the name of who is answered.
//!
//! Rules are matched, windows of a quarter of an hour and credits are kept, and signatures of OAuth 1.0a are checked.

mod ask;
mod auth;
mod consent;
mod endpoint;
mod hooks;
mod media;
mod problem;
mod query;
mod render;
mod rules;
mod sending;
mod stream;
mod tweets;
mod windows;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use crate::faults::Fault;
use crate::multipart;
use crate::sandbox::Sandbox;
use crate::spoil;
use crate::world::Said;
use auth::Caller;
use endpoint::Endpoint;
use hooks::Hooks;
use problem::Problem;
use rules::Rules;
use tweets::Tweets;
use windows::Windows;

/// What one needs to speak to it.
pub const KEYS: &[&str] = &[
    "bearer_token: app-token (the application: stream, search, counts, usage)",
    "access_token: user-token-1, -2, -3 (brand1, brand2, brand3; may answer whoever names or quotes them)",
    "access_token: enterprise-token-1 (brand1, may answer anybody)",
    "or signed: consumer_key app-key, consumer_secret app-secret, access_token user-token-1, access_token_secret user-secret-1",
    "consumer_secret: app-secret, for the calls of webhooks (POST /2/webhooks, POST /2/activity/subscriptions)",
    "by consent: client id emulator-client, secret emulator-secret or none",
    "GET and POST /_credits {\"usd\": 1.5}: what is left",
];

/// What a post and an author cost to read, in millionths of a dollar, once a day.
const POST: u64 = 5_000;

/// The id of a post in the world, of its first version.
#[must_use]
pub fn native_id(said: &Said) -> u64 {
    tweets::id_at(said.at * 1_000, said.place, said.id)
}

/// Whether X would bring, by a rule or query, what person 1001 (`person1001`) says. Reposts, pictures and other people are not there.
///
/// # Errors
/// Why X does not take the rule.
pub fn fits(rule: &str, text: &str) -> Result<bool, String> {
    query::fits(rule, 1_001, text)
}

/// Its server.
pub fn router(sandbox: Sandbox) -> Router {
    let x = X { sandbox, own: Arc::default() };
    Router::new()
        .route("/2/{*rest}", any(call))
        .route("/2/oauth2/token", post(consent::token))
        .route("/2/oauth2/revoke", post(consent::revoke))
        .route("/i/oauth2/authorize", get(consent::ask).post(consent::answer))
        .route("/_credits", get(credits).post(set_credits))
        .with_state(x)
}

#[derive(Clone)]
struct X {
    sandbox: Sandbox,
    own: Arc<Mutex<Own>>,
}

/// What the server knows beside the world.
struct Own {
    tweets: Tweets,
    rules: Rules,
    hooks: Hooks,
    windows: Windows,
    /// Open streams of the application.
    connections: usize,
    money: Money,
    /// Files that come in pieces.
    pieces: HashMap<u64, media::Pieces>,
    /// What each account said: the same words are refused.
    said: HashMap<u64, HashSet<String>>,
}

/// Millionths of a dollar.
#[derive(Clone, Debug)]
struct Money {
    left: u64,
    spent: u64,
    /// Posts read on that day.
    day: i64,
    read: HashSet<u64>,
}

impl Default for Own {
    fn default() -> Self {
        let money = Money { left: u64::MAX, spent: 0, day: 0, read: HashSet::new() };
        Self {
            tweets: Tweets::default(),
            rules: Rules::default(),
            hooks: Hooks::default(),
            windows: Windows::default(),
            connections: 0,
            money,
            pieces: HashMap::new(),
            said: HashMap::new(),
        }
    }
}

impl Money {
    fn pay(&mut self, sum: u64) {
        self.spent += sum;
        self.left = self.left.saturating_sub(sum);
    }

    /// A post is read: paid for once a day.
    fn read(&mut self, id: u64, now: i64) {
        let day = now.div_euclid(86_400);
        if self.day != day {
            self.day = day;
            self.read.clear();
        }
        if self.read.insert(id) {
            self.pay(POST);
        }
    }
}

impl X {
    fn own(&self) -> MutexGuard<'_, Own> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings what was said in the world since.
    fn catch_up(&self) {
        self.own().tweets.catch_up(&self.sandbox.inside().world);
    }
}

/// A request, read.
struct Call {
    caller: Caller,
    /// Of the query, and of a form.
    parameters: HashMap<String, String>,
    body: serde_json::Value,
    /// What came as a file, by the name of its field.
    files: HashMap<String, Vec<u8>>,
    /// The pieces of the path that are no words of the API.
    name: String,
    now: i64,
}

impl Call {
    fn text(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    fn number(&self, name: &str) -> Result<Option<u64>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let number = text.parse().ok();
        number
            .map(Some)
            .ok_or_else(|| Problem::invalid(&format!("The `{name}` query parameter value [{text}] is not valid")))
    }
}

async fn call(
    State(x): State<X>,
    method: Method,
    uri: Uri,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let now = x.sandbox.now();
    let Some((endpoint, name)) = Endpoint::find(&method, uri.path()) else {
        return Problem::not_found().response(None);
    };
    x.sandbox.inside().counts.request(endpoint.name);
    let query = query.unwrap_or_default();
    let host = headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
    let address = format!("http://{host}{}", uri.path());
    let agreed = |token: &str| x.sandbox.inside().grants.who(token, now).flatten();
    let caller = match auth::caller(&headers, method.as_str(), &address, &query, now, agreed) {
        Ok(caller) => caller,
        Err(problem) => return problem.response(None),
    };
    let (limit, fault, slow_ms) = {
        let window = x.own().windows.come(&x.sandbox, endpoint, &caller, now);
        let mut inside = x.sandbox.inside();
        match window {
            Ok(told) => (told, inside.draw(endpoint.faults), inside.faults.slow_ms),
            Err(told) => {
                inside.counts.limits_exceeded += 1;
                return Problem::too_many().response(Some(&told));
            }
        }
    };
    if fault == Some(Fault::RateLimit) {
        let told = x.own().windows.stay_away(&x.sandbox, endpoint, &caller, now);
        return Problem::too_many().response(Some(&told));
    }
    if let Some(problem) = fault.and_then(Problem::of_fault) {
        return problem.response(Some(&limit));
    }
    if endpoint.costs && x.own().money.left == 0 {
        return Problem::no_credits().response(Some(&limit));
    }
    x.catch_up();
    let mut parameters: HashMap<String, String> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let mut files = HashMap::new();
    let content_type = headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    for part in multipart::parts(content_type, &body).unwrap_or_default() {
        match part.file_name {
            Some(_) => drop(files.insert(part.name, part.body)),
            None => drop(parameters.insert(part.name, String::from_utf8_lossy(&part.body).into_owned())),
        }
    }
    let body = serde_json::from_slice(&body).unwrap_or_default();
    let asked = Call { caller, parameters, body, files, name, now };
    if endpoint.name == "stream" {
        return match stream::open(&x, &asked) {
            Ok(response) => limit.put(response),
            Err(problem) => problem.response(Some(&limit)),
        };
    }
    if matches!(endpoint.name, "add_webhook" | "check_webhook") {
        return limit.put(hooks::check(&x, &asked).await);
    }
    match endpoint.run(&x, &asked, fault) {
        Ok((status, value)) => {
            let answer = limit.put(spoil::answer(status, value, fault, slow_ms));
            problem::with_date(answer, now)
        }
        Err(problem) => problem.response(Some(&limit)),
    }
}

#[derive(Serialize, Deserialize)]
struct Credits {
    /// Left.
    usd: f64,
    #[serde(default)]
    spent_usd: f64,
}

async fn credits(State(x): State<X>) -> Response {
    let money = x.own().money.clone();
    let usd = |millionths: u64| millionths as f64 / 1_000_000.0;
    Json(Credits { usd: usd(money.left), spent_usd: usd(money.spent) }).into_response()
}

async fn set_credits(State(x): State<X>, Json(credits): Json<Credits>) -> Response {
    x.own().money.left = (credits.usd.max(0.0) * 1_000_000.0) as u64;
    self::credits(State(x)).await
}
