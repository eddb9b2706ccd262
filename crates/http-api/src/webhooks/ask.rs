use axum::extract::{Path, RawQuery, State};
use axum::response::Response;

use super::called::called;
use super::{answered, count, refused};
use crate::api::Api;
use crate::problem::Problem;

/// Answers the question a network asks before it sends anything: `hub.challenge` of Meta, `crc_token` of X.
#[utoipa::path(
    get, path = "/api/webhooks/{connector}/{key}", operation_id = "askWebhook", tag = "webhooks",
    params(
        ("connector" = String, Path, description = "The connector of the source."),
        ("key" = String, Path, description = "The id of the source and the key of its address."),
        ("hub.challenge" = Option<String>, Query, description = "Given back when `hub.verify_token` is right."),
        ("hub.verify_token" = Option<String>, Query),
        ("crc_token" = Option<String>, Query, description = "Signed with the secret of the source."),
    ),
    responses(
        (status = 200, description = "What the network wants to hear.", body = String, content_type = "text/plain"),
        (status = 401, description = "`bad_signature`"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`webhook_not_set_up`"),
        (status = 422, description = "`malformed_call`"),
    ),
)]
pub(crate) async fn ask_webhook(
    State(api): State<Api>,
    Path((connector, key)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let source = called(&api, &connector, &key).await?;
    let answer = source.webhooks.question(&source.settings, query.as_deref().unwrap_or_default());
    let answer = answer.map_err(|error| refused(&api, &source, &error))?;
    count(&api, &source, "question");
    Ok(answered(answer))
}
