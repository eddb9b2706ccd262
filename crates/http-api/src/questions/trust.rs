use std::time::Duration;

use axum::extract::State;

use crate::answer::Answer;
use crate::api::Api;
use crate::problem::Problem;
use crate::request::Json;
use crate::wire::questions::trust::{Trust, TrustRequest};

/// How far the figures of a selection can be trusted, and why.
#[utoipa::path(
    post, path = "/api/questions/trust", operation_id = "askTrust", tag = "questions", request_body = TrustRequest,
    responses(
        (status = 200, body = Trust),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
        (status = 503, description = "`busy`"),
    ),
)]
pub(crate) async fn ask_trust(State(_api): State<Api>, Json(_request): Json<TrustRequest>) -> Answer<Trust> {
    Err(Problem::busy(Duration::from_secs(5)))
}
