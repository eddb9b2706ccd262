use axum::extract::State;
use molva_query::Scope;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::lists::off_the_runtime;
use crate::locale::Locale;
use crate::queries;
use crate::request::Json;
use crate::wire::language::FormattedQuery;
use crate::wire::query::QueryText;

/// Writes a query so that people can read it: on several lines when it is long, with its comments. It means what it meant.
#[utoipa::path(
    post, path = "/api/queries/format", operation_id = "formatQuery", tag = "queries", request_body = QueryText,
    responses(
        (status = 200, body = FormattedQuery),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
    ),
)]
pub(crate) async fn format_query(
    State(api): State<Api>,
    locale: Locale,
    Json(body): Json<QueryText>,
) -> Answer<FormattedQuery> {
    // The widest scope: a query that may stand somewhere can be formatted.
    let query = queries::read_sound(&api, &body.query, Scope::Mentions, locale).await?;
    ok(FormattedQuery { query: off_the_runtime(move || query.format()).await? })
}
