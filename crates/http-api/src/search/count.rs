use axum::extract::State;
use molva_archive::Archive;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::request::Json;
use crate::search::months;
use crate::selection::{self, Selected};
use crate::wire::search::{CountRequest, SearchCount};

/// How many mentions are found, exactly.
#[utoipa::path(
    post, path = "/api/search/count", operation_id = "countSearch", tag = "search", request_body = CountRequest,
    responses(
        (status = 200, body = SearchCount),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
        (status = 503, description = "`busy`; `Retry-After` says when to ask again"),
    ),
)]
pub(crate) async fn count_search(
    State(api): State<Api>,
    locale: Locale,
    Json(body): Json<CountRequest>,
) -> Answer<SearchCount> {
    let Selected { query, filter } = selection::read(&api, &body.selection, locale).await?;
    let counted = api.ask_archive(move |archive: &Archive| archive.count(query.as_ref(), &filter)).await?;
    ok(SearchCount { count: counted.mentions, incomplete: api.incomplete(), missing: months(&counted.missing) })
}
