use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use molva_connectors::Localized;

use super::admin_only;
use crate::access::caller::{Caller, Person};
use crate::accounts::is_admin;
use crate::answer::Done;
use crate::api::Api;
use crate::locale::text;
use crate::problem::Problem;
use crate::request::Parameters;

/// Forgets what Molva is registered as with a network. Tokens that were given to it are no longer renewed.
#[utoipa::path(
    delete, path = "/api/oauth/clients/{connector}", operation_id = "forgetConsentClient", tag = "oauth",
    params(
        ("connector" = String, Path),
        ("server" = Option<String>, Query, description = "Of a network of several servers."),
    ),
    responses(
        (status = 204),
        (status = 403, description = "`admin_only`"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub(crate) async fn forget_consent_client(
    State(api): State<Api>,
    person: Person,
    Path(connector): Path<String>,
    RawQuery(query): RawQuery,
) -> Done {
    let parameters = Parameters::parse(query.as_deref(), &["server"])?;
    let server = parameters.one("server").unwrap_or_default();
    let caller = Caller::Person(person);
    if !is_admin(&caller) {
        return Err(admin_only());
    }
    if api.storage().forget_oauth_clients(api.workspace(), caller.actor(), &connector, server).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found(UNKNOWN))
    }
}

const UNKNOWN: Localized = text(
    "Molva is not registered with this network; nothing to forget",
    "Молва в этой сети не зарегистрирована; забывать нечего",
    "Молву в цій мережі не зареєстровано; забувати нічого",
);
