//! `Idempotency-Key`: a POST that is sent twice is done once. The first answer is kept for a day and given again.

use std::sync::PoisonError;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use molva_connectors::Localized;
use molva_storage::token::StoredAnswer;

use crate::access::caller::Caller;
use crate::access::table::Rule;
use crate::api::{Api, Shared};
use crate::lists;
use crate::locale::text;
use crate::problem::{Problem, TOO_LARGE};
use crate::request::MAX_BODY_BYTES;
use crate::secret::digest_of_parts;

const KEY_HEADER: &str = "idempotency-key";
const REPLAYED_HEADER: &str = "idempotency-replayed";
const MAX_KEY_BYTES: usize = 255;
/// Answers of repeatable routes are single objects; a larger one is a fault of ours.
const MAX_ANSWER_BYTES: usize = 4 << 20;

/// The one repeatable route that takes more than others.
const LONG_BODIES: &str = "/api/lists";

/// On an answer that shows a secret once: it is not kept, a repeated request is told so.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ShowsSecret;

/// Wraps the handlers; the gate has run.
pub(crate) async fn idempotency(State(api): State<Api>, request: Request, next: Next) -> Response {
    let keeps_answers = request.extensions().get::<&'static Rule>().is_some_and(|rule| rule.keeps_answers);
    if !keeps_answers || !request.headers().contains_key(KEY_HEADER) {
        return next.run(request).await;
    }
    match run_once(&api, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn run_once(api: &Api, request: Request, next: Next) -> Result<Response, Problem> {
    let key = storage_key(&request)?;
    let (parts, body) = request.into_parts();
    let most = if parts.uri.path() == LONG_BODIES { lists::MAX_BODY_BYTES } else { MAX_BODY_BYTES };
    let body = to_bytes(body, most)
        .await
        .map_err(|_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", TOO_LARGE))?;
    let address = parts.uri.path_and_query().map_or("", |address| address.as_str());
    let digest = digest_of_parts(&[parts.method.as_str().as_bytes(), address.as_bytes(), &body]);

    let _running = Running::start(api, &key)?;
    if let Some(stored) = api.storage().stored_answer(api.workspace(), &key).await? {
        if stored.request != digest {
            return Err(Problem::new(StatusCode::CONFLICT, "idempotency_key_reused", KEY_REUSED));
        }
        return replay(stored);
    }

    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    if !response.status().is_success() {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, MAX_ANSWER_BYTES).await.map_err(Problem::internal)?;
    let shows_secret = parts.extensions.get::<ShowsSecret>().is_some();
    let kept = if shows_secret { Vec::new() } else { body.to_vec() };
    // An empty body with 201 never is an answer of a handler: it stands for the secret that was shown.
    let answer = StoredAnswer { request: digest, status: parts.status.as_u16(), body: kept };
    api.storage().store_answer(api.workspace(), &key, &answer).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn replay(stored: StoredAnswer) -> Result<Response, Problem> {
    if stored.body.is_empty() && stored.status == StatusCode::CREATED {
        return Err(Problem::new(StatusCode::CONFLICT, "secret_shown_once", SECRET_SHOWN));
    }
    let status = StatusCode::from_u16(stored.status).map_err(Problem::internal)?;
    let mut response = (status, stored.body).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(REPLAYED_HEADER, HeaderValue::from_static("true"));
    Ok(response)
}

/// Keys of different callers never meet; what is stored does not show the caller's own text.
fn storage_key(request: &Request) -> Result<String, Problem> {
    let key = request.headers().get(KEY_HEADER).map(HeaderValue::as_bytes).unwrap_or_default();
    let printable = key.iter().all(|byte| (b' '..=b'~').contains(byte));
    if key.is_empty() || key.len() > MAX_KEY_BYTES || !printable {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "invalid_idempotency_key", INVALID_KEY));
    }
    let caller = match request.extensions().get::<Caller>() {
        Some(Caller::Person(person)) => format!("user {}", person.user.id),
        Some(Caller::Token(token)) => format!("token {}", token.id),
        Some(Caller::Anonymous) | None => "anonymous".to_owned(),
    };
    let digest = digest_of_parts(&[caller.as_bytes(), key]);
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Marks a key as taken while its first request runs.
struct Running<'a> {
    api: &'a Shared,
    key: String,
}

impl<'a> Running<'a> {
    fn start(api: &'a Shared, key: &str) -> Result<Self, Problem> {
        let mut running = api.running_keys.lock().unwrap_or_else(PoisonError::into_inner);
        if running.insert(key.to_owned()) {
            return Ok(Self { api, key: key.to_owned() });
        }
        let problem = Problem::new(StatusCode::CONFLICT, "request_in_progress", IN_PROGRESS);
        Err(problem.retry_after(std::time::Duration::from_secs(1)))
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.api.running_keys.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

const KEY_REUSED: Localized = text(
    "this `Idempotency-Key` belongs to another request; make a new key for each",
    "этот `Idempotency-Key` принадлежит другому запросу; для каждого запроса нужен свой ключ",
    "цей `Idempotency-Key` належить іншому запиту; для кожного запиту потрібен свій ключ",
);
const INVALID_KEY: Localized = text(
    "`Idempotency-Key` is 1 to 255 printable ASCII characters; a UUID is a good one",
    "`Idempotency-Key` — от 1 до 255 печатных знаков ASCII; подойдёт UUID",
    "`Idempotency-Key` — від 1 до 255 друкованих знаків ASCII; підійде UUID",
);
const IN_PROGRESS: Localized = text(
    "the first request with this `Idempotency-Key` is still running; ask again in a second",
    "первый запрос с этим `Idempotency-Key` ещё выполняется; повторите через секунду",
    "перший запит із цим `Idempotency-Key` ще виконується; повторіть за секунду",
);
const SECRET_SHOWN: Localized = text(
    "this was done by the first request, and its secret was shown once; if it is lost, delete what was made and make another",
    "первый запрос это уже сделал, а секрет показан один раз; если он потерян, удалите созданное и создайте заново",
    "перший запит це вже зробив, а секрет показано один раз; якщо його втрачено, видаліть створене і створіть заново",
);
