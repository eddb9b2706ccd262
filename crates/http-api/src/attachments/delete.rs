use axum::extract::State;
use axum::http::StatusCode;
use molva_domain::AttachmentId;

use super::get::UNKNOWN;
use crate::access::caller::Caller;
use crate::answer::Done;
use crate::api::Api;
use crate::problem::Problem;
use crate::request::PathId;

/// Takes back a file of one's own that no reply has taken.
#[utoipa::path(
    delete, path = "/api/attachments/{id}", operation_id = "deleteAttachment", tag = "replies", params(("id" = String, Path)),
    responses((status = 204, description = "It is gone."), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn delete_attachment(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId<AttachmentId>,
) -> Done {
    let gone = api.storage().delete_attachment(api.workspace(), caller.actor(), id).await?;
    if gone { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found(UNKNOWN)) }
}
