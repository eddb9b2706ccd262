//! What the emulators of networks with plain addresses and JSON share: a request is read, counted, perhaps spoilt, and answered.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use axum::routing::any;
use serde_json::Value;
use tokio::time::Instant;

use crate::faults::Fault;
use crate::multipart;
use crate::sandbox::{Inside, Sandbox};
use crate::spoil;

/// A request that was understood.
pub(crate) struct Call {
    pub method: Method,
    pub path: Vec<String>,
    pub headers: HeaderMap,
    /// Of the query and of a form.
    parameters: Vec<(String, String)>,
    /// What came as a file, by the name of its field: its name and itself.
    pub files: Vec<(String, String, Vec<u8>)>,
    /// Null unless it is JSON.
    pub body: Value,
    pub now: i64,
    pub fault: Option<Fault>,
}

impl Call {
    pub(crate) fn writes(&self) -> bool {
        self.method != Method::GET
    }

    pub(crate) fn parts(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    /// Of the query or form, else of the JSON; empty when it is not there.
    pub(crate) fn text(&self, name: &str) -> &str {
        let found = self.parameters.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        found.or_else(|| self.body.get(name)?.as_str()).unwrap_or_default()
    }

    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.text(name).parse().ok().or_else(|| self.body.get(name)?.as_u64())
    }

    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.parameters.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// What is named in the query or the form.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.parameters.iter().map(|(name, _)| name.as_str())
    }

    /// The same query with another value of that name.
    pub(crate) fn asked_but(&self, name: &str, value: &str) -> String {
        let kept = self.parameters.iter().filter(|(key, _)| key != name);
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).append_pair(name, value).finish()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// What stands behind the word in `Authorization`, however the word is written.
    pub(crate) fn authorization(&self, word: &str) -> Option<&str> {
        let (said, token) = self.header("authorization").split_once(' ')?;
        said.eq_ignore_ascii_case(word).then_some(token)
    }

    fn has_token(&self) -> bool {
        ["authorization", "api-key"].iter().any(|name| !self.header(name).is_empty())
    }

    /// How requests of this kind are counted.
    fn kind(&self) -> String {
        let mut kind = self.method.to_string();
        for part in &self.path {
            let named = if part.bytes().any(|byte| byte.is_ascii_digit()) && part.len() > 2 { "…" } else { part };
            let _ = write!(kind, "/{named}");
        }
        kind
    }
}

/// What is told.
pub(crate) struct Told {
    pub status: StatusCode,
    pub headers: Vec<(&'static str, String)>,
    pub body: Value,
}

impl Told {
    pub(crate) fn ok(body: Value) -> Self {
        Self::new(StatusCode::OK, body)
    }

    pub(crate) fn new(status: StatusCode, body: Value) -> Self {
        Self { status, headers: Vec::new(), body }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    fn retry_after(&self) -> Option<Duration> {
        let (_, seconds) = self.headers.iter().find(|(name, _)| *name == "retry-after")?;
        seconds.parse().ok().map(Duration::from_secs)
    }

    fn respond(self, fault: Option<Fault>, slow_ms: u64) -> Response {
        let mut response = spoil::answer(self.status, self.body, fault, slow_ms);
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        response
    }
}

/// A network that is played this way; holds what only it has.
pub(crate) trait Play: Default + Send + 'static {
    /// Whether they may ask: who they are and how often they came.
    fn admit(&mut self, sandbox: &Sandbox, inside: &mut Inside, call: &Call) -> Result<(), Told>;

    fn answer(&mut self, sandbox: &Sandbox, inside: &mut Inside, call: &Call) -> Told;

    /// Whether nothing goes wrong with this request on purpose: tokens are given whatever breaks.
    fn spares(&self, _call: &Call) -> bool {
        false
    }

    /// What is told where a fault is told in the network's own words; nothing for one that only spoils the answer.
    fn refuse(&mut self, sandbox: &Sandbox, inside: &mut Inside, call: &Call, fault: Fault) -> Option<Told>;
}

struct Stage<P> {
    sandbox: Sandbox,
    own: Arc<Mutex<Own<P>>>,
}

#[derive(Default)]
struct Own<P> {
    network: P,
    /// How many requests failed inside: of those that write, every second is done all the same.
    failures: u64,
    /// Who asks was told to come no sooner.
    away: Option<Instant>,
}

impl<P> Clone for Stage<P> {
    fn clone(&self) -> Self {
        Self { sandbox: self.sandbox.clone(), own: Arc::clone(&self.own) }
    }
}

/// Its server.
pub(crate) fn router<P: Play>(sandbox: Sandbox) -> Router {
    let stage = Stage::<P> { sandbox, own: Arc::default() };
    Router::new().route("/{*path}", any(call::<P>)).with_state(stage)
}

async fn call<P: Play>(
    State(stage): State<Stage<P>>,
    method: Method,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = |bytes: &[u8]| url::form_urlencoded::parse(bytes).into_owned().collect::<Vec<(String, String)>>();
    let said = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let mut parameters = form(query.unwrap_or_default().as_bytes());
    let content_type = headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let mut files = Vec::new();
    match multipart::parts(content_type, &body) {
        Some(parts) => {
            for part in parts {
                match part.file_name {
                    Some(name) => files.push((part.name, name, part.body)),
                    None => parameters.push((part.name, String::from_utf8_lossy(&part.body).into_owned())),
                }
            }
        }
        None if said.is_null() => parameters.extend(form(&body)),
        None => {}
    }
    let parts = path.trim_matches('/').split('/').map(|part| part.trim_end_matches(".json").to_owned());
    let now = stage.sandbox.now();
    let mut call = Call { method, path: parts.collect(), headers, parameters, files, body: said, now, fault: None };
    let (told, slow_ms) = {
        let mut inside = stage.sandbox.inside();
        let mut own = stage.own.lock().unwrap_or_else(PoisonError::into_inner);
        let told = perform(&mut own, &stage.sandbox, &mut inside, &mut call);
        (told, inside.faults.slow_ms)
    };
    if call.writes() {
        stage.sandbox.changed();
    }
    told.respond(call.fault, slow_ms)
}

fn perform<P: Play>(own: &mut Own<P>, sandbox: &Sandbox, inside: &mut Inside, call: &mut Call) -> Told {
    inside.counts.request(&call.kind());
    let Own { network, failures, away } = own;
    if !call.writes() && away.take_if(|until| *until > Instant::now()).is_some() {
        inside.counts.limits_exceeded += 1;
    }
    if let Err(refusal) = network.admit(sandbox, inside, call) {
        return refusal;
    }
    let kinds = if call.writes() { Fault::WRITING } else { Fault::READING };
    // A token that was not sent does not end.
    let fitting: Vec<Fault> =
        kinds.iter().copied().filter(|kind| *kind != Fault::ExpiredToken || call.has_token()).collect();
    call.fault = if network.spares(call) { None } else { inside.draw(&fitting) };
    let refusal = call.fault.and_then(|fault| network.refuse(sandbox, inside, call, fault));
    let Some(refusal) = refusal else { return network.answer(sandbox, inside, call) };
    if call.fault == Some(Fault::ServerError) && call.writes() {
        *failures += 1;
        if failures.is_multiple_of(2) {
            network.answer(sandbox, inside, call);
        }
    }
    if call.fault == Some(Fault::RateLimit) && !call.writes() {
        *away = refusal.retry_after().map(|wait| Instant::now() + sandbox.scaled(wait));
    }
    refusal
}

/// A wait of ours in the network's whole seconds, one at least.
pub(crate) fn seconds(sandbox: &Sandbox, wait: Duration) -> u64 {
    let scale = 1_000.0 / sandbox.scaled(Duration::from_secs(1_000)).as_secs_f64();
    ((wait.as_secs_f64() * scale).ceil() as u64).max(1)
}

/// What people wrote, as it is set on a page.
pub(crate) fn html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    escaped.split("\n\n").map(|part| format!("<p>{part}</p>\n")).collect()
}

/// The first line, shortened.
pub(crate) fn title(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(60).collect()
}
