use axum::extract::State;
use axum::http::StatusCode;
use molva_domain::SourceId;

use crate::access::caller::Caller;
use crate::answer::Done;
use crate::api::Api;
use crate::request::PathId;

/// Deletes a source. What it brought stays, and so do its sums in the ledger. A network that was told to call is told to stop.
#[utoipa::path(
    delete, path = "/api/sources/{id}", operation_id = "deleteSource", tag = "sources", params(("id" = String, Path)),
    responses((status = 204), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn delete_source(State(api): State<Api>, caller: Caller, PathId(id): PathId<SourceId>) -> Done {
    let source = super::stored(&api, id).await?;
    if let Err(error) = api.pipeline().disconnect(&source).await {
        tracing::warn!(source = %id, code = error.code(), "what a source set up on its network was not taken back");
    }
    if !api.storage().delete_source(api.workspace(), caller.actor(), id).await? {
        return Err(super::unknown());
    }
    api.pipeline().source_changed(api.workspace(), id);
    Ok(StatusCode::NO_CONTENT)
}
