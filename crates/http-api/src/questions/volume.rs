use std::time::Duration;

use axum::extract::State;

use crate::answer::Answer;
use crate::api::Api;
use crate::problem::Problem;
use crate::request::Json;
use crate::wire::questions::volume::{Volume, VolumeRequest};

/// How much is said, of which topics, and what share of it is ours.
#[utoipa::path(
    post, path = "/api/questions/volume", operation_id = "askVolume", tag = "questions", request_body = VolumeRequest,
    responses(
        (status = 200, body = Volume),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
        (status = 503, description = "`busy`"),
    ),
)]
pub(crate) async fn ask_volume(State(_api): State<Api>, Json(_request): Json<VolumeRequest>) -> Answer<Volume> {
    Err(Problem::busy(Duration::from_secs(5)))
}
