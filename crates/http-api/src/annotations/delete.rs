use axum::extract::State;
use axum::http::StatusCode;
use molva_domain::AnnotationId;

use crate::access::caller::Caller;
use crate::annotations::unknown;
use crate::answer::Done;
use crate::api::Api;
use crate::request::PathId;

/// Deletes an annotation.
#[utoipa::path(
    delete, path = "/api/annotations/{id}", operation_id = "deleteAnnotation", tag = "annotations",
    params(("id" = String, Path)),
    responses((status = 204), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn delete_annotation(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId<AnnotationId>,
) -> Done {
    if !api.storage().delete_annotation(api.workspace(), caller.actor(), id).await? {
        return Err(unknown());
    }
    Ok(StatusCode::NO_CONTENT)
}
