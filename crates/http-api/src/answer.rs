//! How handlers answer.

use axum::Json;
use axum::http::header::LOCATION;
use axum::http::{HeaderName, StatusCode};

use crate::problem::Problem;

/// 200 with JSON, or a problem.
pub(crate) type Answer<T> = Result<Json<T>, Problem>;
/// 201 with the address of what was made, or a problem.
pub(crate) type Created<T> = Result<(StatusCode, [(HeaderName, String); 1], Json<T>), Problem>;
/// 204, or a problem.
pub(crate) type Done = Result<StatusCode, Problem>;

pub(crate) fn ok<T>(body: T) -> Answer<T> {
    Ok(Json(body))
}

pub(crate) fn created<T>(location: String, body: T) -> Created<T> {
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(body)))
}
