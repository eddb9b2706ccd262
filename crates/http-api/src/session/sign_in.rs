use axum::Json as JsonAnswer;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use molva_connectors::Localized;
use molva_domain::Secret;

use crate::access::peer;
use crate::api::Api;
use crate::locale::text;
use crate::problem::Problem;
use crate::request::Json;
use crate::session::{start_session, too_many};
use crate::setup::create_owner::MAX_PASSWORD_BYTES;
use crate::wire::Me;
use crate::wire::session::Credentials;

/// Longest login there can be, in bytes: 64 characters.
const MAX_LOGIN_BYTES: usize = 256;

/// Signs in. After 5 failures of a login from one address, 50 of it from all, or 20 of an address within 15 minutes it has to wait.
#[utoipa::path(
    post, path = "/api/session", operation_id = "signIn", tag = "session", request_body = Credentials,
    responses(
        (status = 200, body = Me, headers(("Set-Cookie" = String, description = "The session."))),
        (status = 401, description = "`wrong_credentials`"),
        (status = 429, description = "`too_many_attempts`; `Retry-After` says when to come again."),
    ),
)]
pub(crate) async fn sign_in(State(api): State<Api>, request: Request) -> Result<Response, Problem> {
    let address = peer::address(request.extensions(), request.headers());
    let Json(credentials) = Json::<Credentials>::from_request(request, &()).await?;
    let login = credentials.login.trim().to_lowercase();
    if login.len() > MAX_LOGIN_BYTES || credentials.password.len() > MAX_PASSWORD_BYTES {
        return Err(wrong_credentials());
    }
    api.sign_in_attempts.begin(Some(&login), address, api.now()).map_err(too_many)?;
    let user = api.storage().user_by_login(&login).await?.filter(|user| user.workspace == api.workspace());
    let stored = user.as_ref().map(|user| user.password_hash.clone());
    let right = api.passwords.verify(Secret::new(credentials.password), stored).await?;
    let Some(user) = user.filter(|_| right) else {
        return Err(wrong_credentials());
    };
    api.sign_in_attempts.succeeded(Some(&login), address);
    let (me, cookie) = start_session(&api, &user).await?;
    Ok(([(SET_COOKIE, cookie)], JsonAnswer(me)).into_response())
}

fn wrong_credentials() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "wrong_credentials", WRONG_CREDENTIALS)
}

const WRONG_CREDENTIALS: Localized = text(
    "login and password do not fit together; check the keyboard layout and try again",
    "логин и пароль не подходят друг к другу; проверьте раскладку клавиатуры и попробуйте снова",
    "логін і пароль не пасують одне до одного; перевірте розкладку клавіатури та спробуйте знову",
);
