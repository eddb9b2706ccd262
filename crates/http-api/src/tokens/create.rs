use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::access::caller::Caller;
use crate::access::idempotency::ShowsSecret;
use crate::answer::created;
use crate::api::Api;
use crate::problem::Problem;
use crate::request::{Checks, Json, REQUIRED};
use crate::secret;
use crate::wire::token::{CreatedToken, NewToken};

const MAX_NAME_CHARS: usize = 120;

/// Makes an API token; its secret is shown this once.
#[utoipa::path(
    post, path = "/api/tokens", operation_id = "createToken", tag = "tokens", request_body = NewToken,
    responses((status = 201, body = CreatedToken)),
)]
pub(crate) async fn create_token(
    State(api): State<Api>,
    caller: Caller,
    Json(new): Json<NewToken>,
) -> Result<Response, Problem> {
    let mut checks = Checks::default();
    let name = checks.line("name", &new.name, MAX_NAME_CHARS);
    if new.scopes.is_empty() {
        checks.wrong("scopes", "required", REQUIRED);
    }
    checks.finish()?;
    let mut scopes: Vec<String> = new.scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
    scopes.sort();
    scopes.dedup();
    let secret = secret::new_token();
    let digest = secret::digest_of(secret.expose());
    let token = api.storage().create_token(api.workspace(), caller.actor(), &name, &scopes, digest).await?;
    let body = CreatedToken { token: token.into(), secret: secret.expose().to_owned() };
    let mut response = created("/api/tokens".to_owned(), body).into_response();
    response.extensions_mut().insert(ShowsSecret);
    Ok(response)
}
