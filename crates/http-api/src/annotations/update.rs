use axum::extract::State;
use molva_domain::AnnotationId;

use crate::access::caller::Caller;
use crate::annotations::{check, unknown};
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::request::{Json, PathId};
use crate::wire::Annotation;
use crate::wire::annotation::AnnotationDraft;

/// Replaces what an annotation says; it keeps its author.
#[utoipa::path(
    put, path = "/api/annotations/{id}", operation_id = "updateAnnotation", tag = "annotations",
    params(("id" = String, Path)), request_body = AnnotationDraft,
    responses(
        (status = 200, body = Annotation),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`invalid_fields`"),
    ),
)]
pub(crate) async fn update_annotation(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId<AnnotationId>,
    Json(new): Json<AnnotationDraft>,
) -> Answer<Annotation> {
    let changed = api.storage().update_annotation(api.workspace(), caller.actor(), id, check(&new)?).await?;
    ok(changed.ok_or_else(unknown)?.into())
}
