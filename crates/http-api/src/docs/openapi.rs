use std::sync::LazyLock;

use axum::http::HeaderName;
use axum::http::header::CONTENT_TYPE;

use crate::docs::document;

static DOCUMENT: LazyLock<String> = LazyLock::new(document::json);

/// This document.
#[utoipa::path(
    get, path = "/api/openapi.json", operation_id = "getOpenapi", tag = "docs",
    responses((status = 200, body = serde_json::Value, content_type = "application/json")),
)]
pub(crate) async fn get_openapi() -> ([(HeaderName, &'static str); 1], &'static str) {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT.as_str())
}
