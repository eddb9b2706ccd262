use std::time::Duration;

use axum::extract::State;

use crate::answer::Answer;
use crate::api::Api;
use crate::problem::Problem;
use crate::request::Json;
use crate::wire::questions::authors::{Authors, AuthorsRequest};

/// Who says it: most often, and before most followers.
#[utoipa::path(
    post, path = "/api/questions/authors", operation_id = "askAuthors", tag = "questions", request_body = AuthorsRequest,
    responses(
        (status = 200, body = Authors),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
        (status = 503, description = "`busy`"),
    ),
)]
pub(crate) async fn ask_authors(State(_api): State<Api>, Json(_request): Json<AuthorsRequest>) -> Answer<Authors> {
    Err(Problem::busy(Duration::from_secs(5)))
}
