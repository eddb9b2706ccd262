use axum::extract::State;
use axum::http::StatusCode;
use molva_domain::ListId;

use crate::access::caller::Caller;
use crate::answer::Done;
use crate::api::Api;
use crate::request::PathId;

/// Deletes a list that no topic uses.
#[utoipa::path(
    delete, path = "/api/lists/{id}", operation_id = "deleteList", tag = "lists", params(("id" = String, Path)),
    responses(
        (status = 204),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`list_in_use`; `detail` names the topics"),
    ),
)]
pub(crate) async fn delete_list(State(api): State<Api>, caller: Caller, PathId(id): PathId<ListId>) -> Done {
    if !api.storage().delete_list(api.workspace(), caller.actor(), id).await? {
        return Err(super::unknown());
    }
    api.pipeline().lists_changed(api.workspace()).await?;
    Ok(StatusCode::NO_CONTENT)
}
