use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::CONTENT_TYPE;

use crate::api::Api;

/// Figures in the Prometheus text format, for programs on this machine or with a token of scope `read`.
#[utoipa::path(
    get, path = "/metrics", operation_id = "getMetrics", tag = "operations",
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = 403, description = "`local_only`"),
    ),
)]
pub(crate) async fn get_metrics(State(api): State<Api>) -> ([(HeaderName, &'static str); 1], String) {
    api.pipeline().note_matching();
    api.pipeline().note_archive().await;
    api.pipeline().note_stories().await;
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (api.app.metrics)())
}
