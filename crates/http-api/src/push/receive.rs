use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use axum::http::{HeaderMap, StatusCode};
use molva_connectors::push::{self, PushError, SignatureHeaders};
use molva_connectors::{Localized, Mode};
use molva_domain::{SourceId, SourceState};
use molva_pipeline::Incoming;
use molva_storage::source::Source;

use super::body::{PATIENCE, hear_out, whole};
use crate::access::caller::Caller;
use crate::api::Api;
use crate::locale::{Message, text};
use crate::problem::{Problem, TOO_LARGE};
use crate::request::PathId;
use crate::sources;
use crate::wire::Tally;

/// Largest body.
pub(crate) const MAX_BODY_BYTES: usize = 8 << 20;
/// Longest `webhook-id`.
const MAX_DELIVERY_BYTES: usize = 256;

/// Takes posts: one JSON object, an array, or one object a line.
///
/// The body is signed by Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`) with the source's secret, or
/// the request carries an API token of scope `push`. A delivery that comes again under its `webhook-id` counts nothing and gets
/// the first answer. The answer comes when everything is stored.
#[utoipa::path(
    post, path = "/api/push/{source_id}", operation_id = "pushPosts", tag = "push",
    params(
        ("source_id" = String, Path),
        ("webhook-id" = Option<String>, Header, description = "Unique for each delivery."),
        ("webhook-timestamp" = Option<String>, Header, description = "Seconds since 1970, at most five minutes off."),
        ("webhook-signature" = Option<String>, Header, description = "`v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`."),
    ),
    request_body(content((serde_json::Value = "application/json"), (String = "application/x-ndjson")), description = "At most 8 MiB and 10,000 posts."),
    responses(
        (status = 202, body = Tally),
        (status = 401, description = "`missing_signature_header`, `stale_timestamp`, `bad_signature`"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`source_paused`"),
        (status = 413, description = "`body_too_large`, `too_many_items`"),
        (status = 503, description = "`busy`; `Retry-After` says when to send again."),
    ),
)]
pub(crate) async fn push_posts(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId<SourceId>,
    request: Request,
) -> Result<(StatusCode, Json<Tally>), Problem> {
    let source = push_source(&api, id).await?;
    let (parts, body) = request.into_parts();
    let by_token = matches!(caller, Caller::Token(_));
    let is_signed = !by_token || parts.headers.contains_key("webhook-signature");
    let early = refuse_early(&parts.headers);
    if let Err(refused) = early.and_then(|()| if is_signed { signature(&parts.headers).map(drop) } else { Ok(()) }) {
        hear_out(body).await;
        return Err(refused);
    }
    let _slot = api.push_slots.try_acquire().map_err(|_| Problem::busy(Duration::from_secs(1)))?;
    let body = whole(body, PATIENCE).await?;
    let delivery = header(&parts.headers, "webhook-id").map(ToOwned::to_owned);
    if is_signed {
        verify(&api, id, &parts.headers, &body).await?;
    }
    if delivery.as_ref().is_some_and(|id| id.is_empty() || id.len() > MAX_DELIVERY_BYTES) {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "invalid_delivery_id", INVALID_DELIVERY));
    }
    let items = parse(source.id.to_string(), body, api.now()).await?;
    let incoming = Incoming { workspace: api.workspace(), source: id, lease: None, items, cursor: None, delivery };
    let tally = api.pipeline().try_ingest(incoming).await?;
    Ok((StatusCode::ACCEPTED, Json(tally.into())))
}

async fn push_source(api: &Api, id: SourceId) -> Result<Source, Problem> {
    let source = api.storage().source(api.workspace(), id).await?;
    let is_push = |source: &Source| {
        molva_connectors::find(&source.connector).is_some_and(|row| row.descriptor().mode == Mode::Push)
    };
    let source = source.filter(is_push).ok_or_else(|| Problem::not_found(sources::UNKNOWN))?;
    if source.state == SourceState::Paused {
        return Err(Problem::new(StatusCode::CONFLICT, "source_paused", PAUSED));
    }
    Ok(source)
}

/// What can be refused before the body is read.
fn refuse_early(headers: &HeaderMap) -> Result<(), Problem> {
    let length = header(headers, CONTENT_LENGTH.as_str()).and_then(|value| value.parse::<u64>().ok());
    if length.is_some_and(|length| length > MAX_BODY_BYTES as u64) {
        return Err(too_large());
    }
    if headers.contains_key(CONTENT_ENCODING) {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "encoded_body", ENCODED));
    }
    Ok(())
}

/// What a delivery is proved with.
fn signature(headers: &HeaderMap) -> Result<SignatureHeaders<'_>, Problem> {
    let signature = SignatureHeaders {
        id: header(headers, "webhook-id").unwrap_or_default(),
        timestamp: header(headers, "webhook-timestamp").unwrap_or_default(),
        signature: header(headers, "webhook-signature").unwrap_or_default(),
    };
    for (name, value) in [
        ("webhook-id", signature.id),
        ("webhook-timestamp", signature.timestamp),
        ("webhook-signature", signature.signature),
    ] {
        if value.is_empty() {
            return Err(refused(&PushError::MissingHeader(name)));
        }
    }
    Ok(signature)
}

async fn verify(api: &Api, id: SourceId, headers: &HeaderMap, body: &[u8]) -> Result<(), Problem> {
    let signature = signature(headers)?;
    let secrets = api.storage().source_secrets(api.workspace(), id).await?;
    let secret = secrets.into_values().next().ok_or_else(|| refused(&PushError::BadSignature))?;
    push::verify(&secret, signature, body, api.now()).map_err(|error| refused(&error))
}

/// A large body is read off the runtime.
async fn parse(
    source_key: String,
    body: Bytes,
    now: molva_domain::Timestamp,
) -> Result<Vec<molva_connectors::Item>, Problem> {
    const INLINE_BYTES: usize = 64 << 10;
    let parsed = if body.len() <= INLINE_BYTES {
        push::parse(&source_key, &body, now)
    } else {
        let task = tokio::task::spawn_blocking(move || push::parse(&source_key, &body, now));
        task.await.map_err(Problem::internal)?
    };
    parsed.map_err(|error| refused(&error))
}

fn refused(error: &PushError) -> Problem {
    let unauthorized = StatusCode::UNAUTHORIZED;
    match error {
        PushError::MissingHeader(name) => {
            Problem::new(unauthorized, "missing_signature_header", Message::with(MISSING_HEADER, [*name]))
        }
        PushError::StaleTimestamp => Problem::new(unauthorized, "stale_timestamp", STALE),
        PushError::BadSignature => Problem::new(unauthorized, "bad_signature", BAD_SIGNATURE),
        PushError::TooManyItems(limit) => {
            let detail = Message::with(TOO_MANY_ITEMS, [&limit.to_string()]);
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_many_items", detail)
        }
        PushError::Empty => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "empty_body", EMPTY),
    }
}

pub(super) fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", TOO_LARGE)
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

const PAUSED: Localized = text(
    "the source is paused; resume it on the page of sources and send again",
    "источник на паузе; возобновите его на странице источников и отправьте снова",
    "джерело на паузі; відновіть його на сторінці джерел і надішліть знову",
);
const ENCODED: Localized = text(
    "the body is compressed; send it without `Content-Encoding`",
    "тело сжато; отправьте его без `Content-Encoding`",
    "тіло стиснуте; надішліть його без `Content-Encoding`",
);
const INVALID_DELIVERY: Localized = text(
    "`webhook-id` is 1 to 256 characters, unique for each delivery",
    "`webhook-id` — от 1 до 256 знаков, свой для каждой отправки",
    "`webhook-id` — від 1 до 256 знаків, свій для кожного надсилання",
);
const MISSING_HEADER: Localized = text(
    "header `{0}` is missing; sign the body by Standard Webhooks, or send an API token of scope `push`",
    "нет заголовка `{0}`; подпишите тело по Standard Webhooks или передайте ключ API с правом `push`",
    "немає заголовка `{0}`; підпишіть тіло за Standard Webhooks або передайте ключ API з правом `push`",
);
const STALE: Localized = text(
    "`webhook-timestamp` is more than five minutes off; check the sender's clock, and sign anew when sending again",
    "`webhook-timestamp` расходится больше чем на пять минут; проверьте часы отправителя и при повторе подписывайте заново",
    "`webhook-timestamp` розходиться більше ніж на п'ять хвилин; перевірте годинник відправника і під час повтору підписуйте заново",
);
const BAD_SIGNATURE: Localized = text(
    "`webhook-signature` does not match; check the source's secret and that the body is signed byte for byte as sent",
    "`webhook-signature` не совпадает; проверьте секрет источника и то, что подписаны ровно отправленные байты",
    "`webhook-signature` не збігається; перевірте секрет джерела і те, що підписано саме надіслані байти",
);
const TOO_MANY_ITEMS: Localized = text(
    "the body holds more than {0} posts; send smaller batches",
    "в теле больше {0} постов; отправляйте меньшими частями",
    "у тілі більше ніж {0} дописів; надсилайте меншими частинами",
);
const EMPTY: Localized = text(
    "the body holds nothing; send a JSON object, an array, or one object a line",
    "тело пустое; отправьте объект JSON, массив или по объекту в строке",
    "тіло порожнє; надішліть об'єкт JSON, масив або по об'єкту в рядку",
);
