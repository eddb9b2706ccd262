use axum::extract::State;

use crate::access::caller::Caller;
use crate::annotations::check;
use crate::answer::{Created, created};
use crate::api::Api;
use crate::request::Json;
use crate::wire::Annotation;
use crate::wire::annotation::AnnotationDraft;

/// Notes what happened, for everybody to see on charts over time. At most 5,000 in a workspace.
#[utoipa::path(
    post, path = "/api/annotations", operation_id = "createAnnotation", tag = "annotations",
    request_body = AnnotationDraft,
    responses(
        (status = 201, body = Annotation),
        (status = 409, description = "`too_many`"),
        (status = 422, description = "`invalid_fields`"),
    ),
)]
pub(crate) async fn create_annotation(
    State(api): State<Api>,
    caller: Caller,
    Json(new): Json<AnnotationDraft>,
) -> Created<Annotation> {
    let draft = check(&new)?;
    let made = api.storage().create_annotation(api.workspace(), caller.actor(), caller.name(), draft).await?;
    created(format!("/api/annotations/{}", made.id), made.into())
}
