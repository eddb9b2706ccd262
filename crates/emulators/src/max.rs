//! The MAX Bot API, schema 0.0.33: <https://dev.max.ru/docs-api>.
//!
//! JSON over `GET`, `POST`, `PUT` and `DELETE`, with the token in `Authorization`. The bot is in three channels with comments, in three
//! group chats whose messages it may read, and everybody may write to it.

mod call;
mod chats;
mod hooks;
mod messages;
mod render;
mod sending;
mod updates;
mod upload;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use axum::routing::{any, post};
use serde_json::Value;

use crate::faults::Fault;
use crate::sandbox::Sandbox;
use crate::spoil;
use call::{Call, Refusal};
use hooks::Hook;

/// The one bot's.
const TOKEN: &str = "emulator-token-of-max";
const BOT: u64 = 7_000_001;

/// What one needs to speak to it.
pub const KEYS: &[&str] = &[
    "token: emulator-token-of-max",
    "channels: -70000000000001, -70000000000002, -70000000000003; groups: -71000000000001, …",
];

/// Its server.
pub fn router(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/upload/{kind}", post(upload::receive))
        .route("/{*path}", any(call))
        .with_state(Max { sandbox, bot: Arc::default() })
}

#[derive(Clone)]
struct Max {
    sandbox: Sandbox,
    bot: Arc<Mutex<Bot>>,
}

/// What the server knows of the bot.
#[derive(Debug, Default)]
struct Bot {
    /// Events up to this number are committed.
    committed: usize,
    hooks: Vec<Hook>,
    /// Hooks there ever were, so that each has a number of its own.
    hooked: u64,
}

type Answer = Result<Value, Refusal>;

impl Max {
    fn bot(&self) -> MutexGuard<'_, Bot> {
        self.bot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Thirty requests a second in all, two of them for updates.
    fn within_limits(&self, updates: bool) -> Result<(), Refusal> {
        let window = self.sandbox.scaled(Duration::from_secs(1));
        let rules = [("all", 30), ("updates", 2)];
        let mut inside = self.sandbox.inside();
        for (who, most) in &rules[..1 + usize::from(updates)] {
            if inside.limits.come(who, *most, window).is_err() {
                inside.counts.limits_exceeded += 1;
                return Err(Refusal::too_many(1));
            }
        }
        Ok(())
    }
}

async fn call(
    State(max): State<Max>,
    method: Method,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut call = Call::read(&method, &path, &query.unwrap_or_default(), &body);
    call.host = headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
    let name = call.name();
    max.sandbox.inside().counts.request(&name);
    if headers.get("authorization") != Some(&HeaderValue::from_static(TOKEN)) {
        return told(&Refusal::new(401, "verify.token", "Invalid access_token"));
    }
    if let Err(refusal) = max.within_limits(name == "GET /updates") {
        return told(&refusal);
    }
    let (fault, slow_ms) = {
        let mut inside = max.sandbox.inside();
        (inside.draw(call::faults(&name)), inside.faults.slow_ms)
    };
    let answer = match fault.and_then(Refusal::of_fault) {
        Some(refusal) => {
            if let Some(after) = refusal.retry_after_s {
                let wait = max.sandbox.scaled(Duration::from_secs(after));
                max.sandbox.inside().limits.stay_away("all", wait);
            }
            Err(refusal)
        }
        None => call::run(&max, &name, &call, fault).await,
    };
    match answer {
        Ok(result) => spoil::answer(StatusCode::OK, result, fault, slow_ms),
        Err(refusal) => told(&refusal),
    }
}

fn told(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut answer = spoil::answer(status, refusal.body(), None::<Fault>, 0);
    if let Some(after) = refusal.retry_after_s {
        answer.headers_mut().insert("retry-after", HeaderValue::from(after));
    }
    answer
}
