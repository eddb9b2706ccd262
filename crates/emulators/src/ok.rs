//! Odnoklassniki: the REST API, <https://apiok.ru/dev/methods>, and the Graph API of groups' messages,
//! <https://apiok.ru/dev/graph_api/bot_api>. Every answer is a 200, also a refusal.
//!
//! `GET` or `POST /fb.do` and `/api/GROUP/METHOD`, signed; `/graph/…` with the token of a group. The one application is that of an
//! administrator of three groups, in whose topics people comment and to which they write.

mod call;
mod comments;
mod graph;
mod hooks;
mod people;
mod topics;
mod upload;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use axum::routing::{any, get, post};
use serde_json::Value;

use crate::faults::Fault;
use crate::sandbox::Sandbox;
use crate::spoil;
use call::{Call, Refusal};
use hooks::Hook;

const APPLICATION_KEY: &str = "CEMULATORKEY";
const APPLICATION_SECRET: &str = "EMULATORSECRET";
/// Of the administrator.
const TOKEN: &str = "emulator-token-of-ok";
/// Of a group, with its number behind.
const GROUP_TOKEN: &str = "emulator-token-of-group-";
/// Requests a second that are borne with.
const PER_SECOND: usize = 20;

/// What one needs to speak to it.
pub const KEYS: &[&str] = &[
    "application key: CEMULATORKEY; its secret: EMULATORSECRET; access token: emulator-token-of-ok",
    "groups: 70000000000001, 70000000000002, 70000000000003",
    "tokens of groups, for messages: emulator-token-of-group-1, -2, -3",
];

type Answer = Result<Value, Refusal>;

/// Its server.
pub fn router(sandbox: Sandbox) -> Router {
    let ok = Okru { sandbox, groups: Arc::default() };
    Router::new()
        .route("/fb.do", get(by_parameter).post(by_parameter))
        .route("/api/{group}/{method}", get(by_path).post(by_path))
        .route("/graph/{*path}", any(by_graph))
        .route("/upload.do", post(upload::receive))
        .with_state(ok)
}

#[derive(Clone)]
struct Okru {
    sandbox: Sandbox,
    groups: Arc<Mutex<Vec<Hook>>>,
}

impl Okru {
    fn hooks(&self) -> MutexGuard<'_, Vec<Hook>> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn within_limits(&self) -> Result<(), Refusal> {
        let window = self.sandbox.scaled(Duration::from_secs(1));
        let mut inside = self.sandbox.inside();
        if inside.limits.come("all", PER_SECOND, window).is_ok() {
            return Ok(());
        }
        inside.counts.limits_exceeded += 1;
        Err(Refusal::limit())
    }

    /// What goes wrong with a call, and the refusal that is.
    fn draw(&self, name: &str) -> (Option<Fault>, Option<Refusal>, u64) {
        let mut inside = self.sandbox.inside();
        let fault = inside.draw(call::faults(name));
        let refusal = fault.and_then(Refusal::of_fault);
        if fault == Some(Fault::RateLimit) {
            let wait = self.sandbox.scaled(Duration::from_secs(1));
            inside.limits.stay_away("all", wait);
        }
        (fault, refusal, inside.faults.slow_ms)
    }
}

async fn by_parameter(State(ok): State<Okru>, RawQuery(query): RawQuery, body: Bytes) -> Response {
    rest(&ok, Call::read(None, query.as_deref().unwrap_or_default(), &body))
}

async fn by_path(
    State(ok): State<Okru>,
    Path((group, method)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    rest(&ok, Call::read(Some(format!("{group}.{method}")), query.as_deref().unwrap_or_default(), &body))
}

fn rest(ok: &Okru, call: Call) -> Response {
    ok.sandbox.inside().counts.request(&call.method);
    let (mut fault, mut slow_ms) = (None, 0);
    let answer = ok.within_limits().and_then(|()| call.check()).and_then(|()| {
        let (drawn, refusal, slow) = ok.draw(&call.method);
        (fault, slow_ms) = (drawn, slow);
        refusal.map_or(Ok(()), Err)
    });
    told(answer.and_then(|()| call::run(ok, &call, fault)), fault, slow_ms)
}

async fn by_graph(
    State(ok): State<Okru>,
    method: Method,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let pieces: Vec<&str> = path.split('/').collect();
    let name = graph::name(&method, &pieces);
    ok.sandbox.inside().counts.request(&name);
    let mut call = Call::read(Some(name.clone()), query.as_deref().unwrap_or_default(), &[]);
    call.host = headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
    if let Err(refusal) = ok.within_limits() {
        return told(Err(refusal), None, 0);
    }
    let (fault, refusal, slow_ms) = ok.draw(&name);
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let answer = match (refusal, call.group()) {
        (_, None) => Err(Refusal::new(103, "PARAM_SESSION_KEY : Invalid session key")),
        (Some(refusal), _) => Err(refusal),
        (None, Some(group)) => graph::run(&ok, &name, &pieces, &call, group, &body),
    };
    told(answer, fault, slow_ms)
}

fn told(answer: Answer, fault: Option<Fault>, slow_ms: u64) -> Response {
    match answer {
        Ok(result) => spoil::answer(StatusCode::OK, result, fault, slow_ms),
        Err(refusal) => {
            let mut answer = spoil::answer(StatusCode::OK, refusal.body(), None, 0);
            answer.headers_mut().insert("invocation-error", HeaderValue::from(refusal.code));
            answer
        }
    }
}
