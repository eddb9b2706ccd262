//! The Telegram Bot API, 10.1: <https://core.telegram.org/bots/api>.
//!
//! `POST` or `GET /botTOKEN/METHOD` with JSON, a form or a query. The bot is in three channels, in the groups that discuss them, in
//! three forums, and everybody may write to it.

mod chats;
mod method;
mod render;
mod sending;
mod updates;
mod webhook;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::sandbox::Sandbox;
use crate::spoil;
use method::{Call, Refusal};

/// The one bot's.
const TOKEN: &str = "7000001:emulator-token";
const BOT: u64 = 7_000_001;

/// What one needs to speak to it.
pub const KEYS: &[&str] = &[
    "token: 7000001:emulator-token",
    "channels: @channel1, @channel2, @channel3; groups: @talk1, …; forums: @forum1, …",
];

/// Its server.
pub fn router(sandbox: Sandbox) -> Router {
    let bot = Telegram { sandbox, bot: Arc::default() };
    Router::new().route("/{bot}/{method}", get(call).post(call)).with_state(bot)
}

#[derive(Clone)]
struct Telegram {
    sandbox: Sandbox,
    bot: Arc<Mutex<Bot>>,
}

/// What the server knows of the bot.
#[derive(Debug, Default)]
struct Bot {
    /// Updates before this one are confirmed and gone.
    confirmed: u64,
    /// Who asks for updates now; another ends it.
    polling: u64,
    webhook: Option<webhook::Webhook>,
    allowed: Vec<String>,
}

impl Telegram {
    fn bot(&self) -> MutexGuard<'_, Bot> {
        self.bot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn call(
    State(telegram): State<Telegram>,
    Path((bot, method)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let content_type = headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let call = Call::read(query.unwrap_or_default().as_bytes(), content_type, &body);
    let method = method.to_lowercase();
    telegram.sandbox.inside().counts.request(&method);
    let (fault, slow_ms) = {
        let mut inside = telegram.sandbox.inside();
        (inside.draw(method::faults(&method)), inside.faults.slow_ms)
    };
    let refused = fault.and_then(Refusal::of_fault);
    let answer = match refused {
        _ if bot.strip_prefix("bot") != Some(TOKEN) => Err(Refusal::new(401, "Unauthorized")),
        Some(refusal) => {
            if let Some(after) = refusal.retry_after {
                let wait = telegram.sandbox.scaled(std::time::Duration::from_secs(after));
                telegram.sandbox.inside().limits.stay_away(&method, wait);
            }
            Err(refusal)
        }
        None => came_early(&telegram, &method).and(method::run(&telegram, &method, &call, fault).await),
    };
    match answer {
        Ok(result) => spoil::answer(StatusCode::OK, json!({"ok": true, "result": result}), fault, slow_ms),
        Err(refusal) => told(&refusal),
    }
}

/// Whoever was told to wait and did not.
fn came_early(telegram: &Telegram, method: &str) -> Result<(), Refusal> {
    let mut inside = telegram.sandbox.inside();
    let wait = inside.limits.come(method, usize::MAX, std::time::Duration::ZERO);
    wait.map_err(|_| {
        inside.counts.limits_exceeded += 1;
        Refusal::too_many(1)
    })
}

fn told(refusal: &Refusal) -> Response {
    let mut body = json!({"ok": false, "error_code": refusal.code, "description": refusal.description});
    if let Some(after) = refusal.retry_after {
        body["parameters"] = json!({ "retry_after": after });
    }
    let status = StatusCode::from_u16(refusal.code).unwrap_or(StatusCode::BAD_REQUEST);
    spoil::answer(status, body, None::<Fault>, 0)
}

type Answer = Result<Value, Refusal>;
