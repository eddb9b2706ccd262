//! Signing in and out, and who is signed in.

pub(crate) mod get;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod update;

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode};
use molva_connectors::Localized;
use molva_domain::SourceState;
use molva_storage::user::User;

use crate::access::session_cookie;
use crate::api::Api;
use crate::locale::{Message, text};
use crate::problem::Problem;
use crate::secret;
use crate::wire::Me;

/// Of a sign-in: a login and a password, however they are escaped. Strangers have us hold no more.
pub(crate) const MAX_BODY_BYTES: usize = 16 << 10;
/// Name of the connector whose posts are made up.
const DEMO: &str = "demo";
/// Given to a workspace that has no name yet.
const WORKSPACE_NAME: &str = "Molva";

/// The signed-in person as they are shown.
async fn me(api: &Api, user: &User) -> Result<Me, Problem> {
    let workspace = api.storage().ensure_workspace(WORKSPACE_NAME).await?;
    let sources = api.storage().sources(api.workspace()).await?;
    let live_demo = sources.iter().any(|source| {
        let rests = matches!(source.state, SourceState::Paused | SourceState::Stopped | SourceState::Finished);
        source.connector == DEMO && !rests
    });
    Ok(Me { user: user.into(), workspace: workspace.into(), version: crate::VERSION.to_owned(), live_demo })
}

/// A new session and the header value that hands it to the browser.
pub(crate) async fn start_session(api: &Api, user: &User) -> Result<(Me, HeaderValue), Problem> {
    let secret = secret::new_session();
    let digest = secret::digest_of(secret.expose());
    api.storage().create_session(user, digest, session_cookie::end(api.now())).await?;
    Ok((me(api, user).await?, session_cookie::set(secret.expose(), api.app.secure_cookies)))
}

/// 429 with the time to wait.
pub(crate) fn too_many(wait: Duration) -> Problem {
    let minutes = wait.as_secs().div_ceil(60).max(1).to_string();
    let detail = Message::with(TOO_MANY, [&minutes]);
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", detail).retry_after(wait)
}

const TOO_MANY: Localized = text(
    "too many attempts; wait {0} min and try again",
    "слишком много попыток; подождите {0} мин и попробуйте снова",
    "забагато спроб; зачекайте {0} хв і спробуйте знову",
);
