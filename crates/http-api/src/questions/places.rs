use std::time::Duration;

use axum::extract::State;

use crate::answer::Answer;
use crate::api::Api;
use crate::problem::Problem;
use crate::request::Json;
use crate::wire::questions::places::{Places, PlacesRequest};

/// Where it is said, and where those who say it live.
#[utoipa::path(
    post, path = "/api/questions/places", operation_id = "askPlaces", tag = "questions", request_body = PlacesRequest,
    responses(
        (status = 200, body = Places),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
        (status = 503, description = "`busy`"),
    ),
)]
pub(crate) async fn ask_places(State(_api): State<Api>, Json(_request): Json<PlacesRequest>) -> Answer<Places> {
    Err(Problem::busy(Duration::from_secs(5)))
}
