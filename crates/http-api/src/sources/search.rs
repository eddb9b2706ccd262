use axum::extract::State;
use molva_domain::SourceId;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::request::PathId;
use crate::sources::stored;
use crate::wire::source::SourceSearch;

/// What the network of a source is asked for of what the topics look for, and what it cannot be told.
#[utoipa::path(
    get, path = "/api/sources/{id}/search", operation_id = "getSourceSearch", tag = "sources", params(("id" = String, Path)),
    responses((status = 200, body = SourceSearch), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn get_source_search(State(api): State<Api>, PathId(id): PathId<SourceId>) -> Answer<SourceSearch> {
    let source = stored(&api, id).await?;
    ok(SourceSearch::of(api.pipeline().search_plan(&source).await?))
}
