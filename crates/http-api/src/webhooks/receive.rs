use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use molva_connectors::webhook::{MAX_BODY_BYTES, Verified, WebhookRequest};
use molva_pipeline::webhooks::{Kept, Webhook};

use super::called::called;
use super::{answered, count, refused};
use crate::api::Api;
use crate::problem::{Problem, TOO_LARGE};

/// A body comes in one piece or so; who sends it drop by drop takes the place of others.
const BODY: Duration = Duration::from_secs(5);

/// Takes a call of a network: VK, Telegram, Discourse and others send events here.
///
/// The address of a source stands at `/api/sources/{id}/webhook`: its connector, its id and a key that nobody guesses. A call is proved by the network's own signature or
/// secret over its raw bytes before anything in it is read, kept durably, and answered with what the network wants to hear; it is
/// read right after. A call that came before, within a week, is answered the same and changes nothing.
#[utoipa::path(
    post, path = "/api/webhooks/{connector}/{key}", operation_id = "receiveWebhook", tag = "webhooks",
    params(
        ("connector" = String, Path, description = "The connector of the source."),
        ("key" = String, Path, description = "The id of the source and the key of its address."),
    ),
    request_body(content((serde_json::Value = "application/json")), description = "As the network sends it, at most 1 MiB."),
    responses(
        (status = 200, description = "What the network wants to hear, most often `ok`.", body = String, content_type = "text/plain"),
        (status = 401, description = "`bad_signature`, `missing_signature_header`"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`webhook_not_set_up`"),
        (status = 413, description = "`body_too_large`"),
        (status = 422, description = "`malformed_call`"),
        (status = 503, description = "`busy`; `Retry-After` says when to send again."),
    ),
)]
pub(crate) async fn receive_webhook(
    State(api): State<Api>,
    Path((connector, key)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let source = called(&api, &connector, &key).await?;
    let too_large = || {
        count(&api, &source, "too_large");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", TOO_LARGE)
    };
    let busy = || {
        count(&api, &source, "busy");
        Problem::busy(Duration::from_secs(1))
    };
    let _slot = api.webhook_slots.try_acquire().map_err(|_| busy())?;
    let (parts, body) = request.into_parts();
    let length = parts.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > MAX_BODY_BYTES as u64) {
        return Err(too_large());
    }
    let body = tokio::time::timeout(BODY, to_bytes(body, MAX_BODY_BYTES)).await.map_err(|_| busy())?;
    let body = body.map_err(|_| too_large())?;
    let proved = source.webhooks.verify(&source.settings, WebhookRequest { headers: &parts.headers, body: &body });
    let key = match proved.map_err(|error| refused(&api, &source, &error))? {
        Verified::Question(answer) => {
            count(&api, &source, "question");
            return Ok(answered(answer));
        }
        Verified::Event { key } => key,
    };
    if source.paused {
        // A refusal would make networks call again, and switch us off in the end.
        count(&api, &source, "paused");
        return Ok(answered(source.webhooks.thanks()));
    }
    let call = Webhook { source: source.id, key, body: body.into() };
    match api.pipeline().keep_webhook(call).await {
        Ok(kept) => {
            count(&api, &source, if kept == Kept::New { "kept" } else { "replayed" });
            Ok(answered(source.webhooks.thanks()))
        }
        Err(_) => Err(busy()),
    }
}
