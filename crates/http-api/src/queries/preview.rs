use axum::extract::State;
use molva_query::Scope;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::queries;
use crate::request::{Checks, Json};
use crate::wire::query::{Preview, PreviewRequest};

const MAX_HITS: u32 = 50;

/// Shows what a query would bring, from the kept stream and the stored posts. Takes two seconds at most.
#[utoipa::path(
    post, path = "/api/queries/preview", operation_id = "previewQuery", tag = "queries", request_body = PreviewRequest,
    responses(
        (status = 200, body = Preview),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
    ),
)]
pub(crate) async fn preview_query(
    State(api): State<Api>,
    locale: Locale,
    Json(body): Json<PreviewRequest>,
) -> Answer<Preview> {
    let mut checks = Checks::default();
    queries::check_length(&mut checks, &body.query);
    let limit = checks.number("limit", Some(&body.limit.to_string()), MAX_HITS, MAX_HITS);
    checks.finish()?;
    let query = queries::read_sound(&api, &body.query, Scope::Topic, locale).await?;
    ok(api.pipeline().preview(api.workspace(), query, limit as usize).await?.into())
}
