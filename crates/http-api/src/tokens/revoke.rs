use axum::extract::State;
use axum::http::StatusCode;
use molva_connectors::Localized;
use molva_domain::TokenId;

use crate::access::caller::Caller;
use crate::answer::Done;
use crate::api::Api;
use crate::locale::text;
use crate::problem::Problem;
use crate::request::PathId;

/// Revokes a token: from now on it opens nothing.
#[utoipa::path(
    delete, path = "/api/tokens/{id}", operation_id = "revokeToken", tag = "tokens", params(("id" = String, Path)),
    responses((status = 204), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn revoke_token(State(api): State<Api>, caller: Caller, PathId(id): PathId<TokenId>) -> Done {
    if api.storage().revoke_token(api.workspace(), caller.actor(), id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found(UNKNOWN))
    }
}

const UNKNOWN: Localized = text(
    "there is no token with this id; it may have been revoked already",
    "ключа с таким номером нет; возможно, его уже отозвали",
    "ключа з таким номером немає; можливо, його вже відкликали",
);
