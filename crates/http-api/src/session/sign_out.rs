use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::IntoResponse;

use crate::access::caller::Person;
use crate::access::session_cookie;
use crate::api::Api;
use crate::problem::Problem;

/// Ends the session.
#[utoipa::path(delete, path = "/api/session", operation_id = "signOut", tag = "session", responses((status = 204)))]
pub(crate) async fn sign_out(State(api): State<Api>, person: Person) -> Result<impl IntoResponse, Problem> {
    api.storage().delete_session(person.session).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, session_cookie::clear(api.app.secure_cookies))]))
}
