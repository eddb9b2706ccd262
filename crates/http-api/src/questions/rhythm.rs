use std::time::Duration;

use axum::extract::State;

use crate::answer::Answer;
use crate::api::Api;
use crate::problem::Problem;
use crate::request::Json;
use crate::wire::questions::rhythm::{Rhythm, RhythmRequest};

/// When it is said: over time and over the hours of the week, with the gaps of collection.
#[utoipa::path(
    post, path = "/api/questions/rhythm", operation_id = "askRhythm", tag = "questions", request_body = RhythmRequest,
    responses(
        (status = 200, body = Rhythm),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
        (status = 503, description = "`busy`"),
    ),
)]
pub(crate) async fn ask_rhythm(State(_api): State<Api>, Json(_request): Json<RhythmRequest>) -> Answer<Rhythm> {
    Err(Problem::busy(Duration::from_secs(5)))
}
