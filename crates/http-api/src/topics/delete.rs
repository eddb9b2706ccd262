use axum::extract::State;
use axum::http::StatusCode;
use molva_domain::TopicId;

use crate::access::caller::Caller;
use crate::answer::Done;
use crate::api::Api;
use crate::request::PathId;

/// Deletes a topic; its mentions leave every list.
#[utoipa::path(
    delete, path = "/api/topics/{id}", operation_id = "deleteTopic", tag = "topics", params(("id" = String, Path)),
    responses((status = 204), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn delete_topic(State(api): State<Api>, caller: Caller, PathId(id): PathId<TopicId>) -> Done {
    if !api.storage().delete_topic(api.workspace(), caller.actor(), id).await? {
        return Err(super::unknown());
    }
    api.pipeline().topics_changed(api.workspace(), &[id]).await?;
    Ok(StatusCode::NO_CONTENT)
}
