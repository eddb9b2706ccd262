use axum::extract::{RawQuery, State};
use molva_domain::Timestamp;
use molva_storage::annotation::AnnotationFilter;
use utoipa::IntoParams;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::request::{Checks, Parameters};
use crate::wire::{Annotation, AnnotationList};

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query string")]
pub(crate) struct AnnotationParams {
    /// Not over before this, RFC 3339.
    from: Option<String>,
    /// Begun before this, RFC 3339.
    to: Option<String>,
    /// Ids of topics; what concerns all topics comes too.
    #[param(required = false)]
    topic: Vec<String>,
}

/// Annotations in the order of their times, at most 5,000.
#[utoipa::path(
    get, path = "/api/annotations", operation_id = "listAnnotations", tag = "annotations", params(AnnotationParams),
    responses((status = 200, body = AnnotationList)),
)]
pub(crate) async fn list_annotations(State(api): State<Api>, RawQuery(query): RawQuery) -> Answer<AnnotationList> {
    let parameters = Parameters::parse(query.as_deref(), &["from", "to", "topic"])?;
    let mut checks = Checks::default();
    let filter = AnnotationFilter {
        from: checks.each("from", parameters.one("from").into_iter(), Timestamp::parse).pop(),
        before: checks.each("to", parameters.one("to").into_iter(), Timestamp::parse).pop(),
        topics: checks.each("topic", parameters.all("topic"), |id| id.parse().ok()),
    };
    checks.finish()?;
    let annotations = api.storage().annotations(api.workspace(), &filter).await?;
    ok(annotations.into_iter().map(Annotation::from).collect())
}
