use std::time::Duration;

use axum::extract::State;

use crate::answer::Answer;
use crate::api::Api;
use crate::problem::Problem;
use crate::request::Json;
use crate::wire::questions::words::{Words, WordsRequest};

/// What is said: words, phrases, hashtags, emoji and links, beside a baseline.
#[utoipa::path(
    post, path = "/api/questions/words", operation_id = "askWords", tag = "questions", request_body = WordsRequest,
    responses(
        (status = 200, body = Words),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
        (status = 503, description = "`busy`"),
    ),
)]
pub(crate) async fn ask_words(State(_api): State<Api>, Json(_request): Json<WordsRequest>) -> Answer<Words> {
    Err(Problem::busy(Duration::from_secs(5)))
}
