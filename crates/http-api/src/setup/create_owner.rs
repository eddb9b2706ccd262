use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Json as JsonAnswer, extract::FromRequest as _};
use molva_connectors::Localized;
use molva_domain::{Actor, Secret};
use molva_insights::calendar::Zone;
use molva_storage::user::NewUser;
use molva_storage::workspace::WorkspaceChange;

use crate::access::peer;
use crate::api::Api;
use crate::locale::{Message, text};
use crate::problem::Problem;
use crate::request::{Checks, Json};
use crate::secret::digest_of;
use crate::session::start_session;
use crate::wire::Me;
use crate::wire::session::NewOwner;

const MIN_PASSWORD_CHARS: usize = 10;
/// Longer passwords only cost us time.
pub(crate) const MAX_PASSWORD_BYTES: usize = 1_000;

/// Makes the owner, once, by the secret of the one-time link, and signs them in.
#[utoipa::path(
    post, path = "/api/setup", operation_id = "createOwner", tag = "setup", request_body = NewOwner,
    responses(
        (status = 201, body = Me, headers(("Set-Cookie" = String, description = "The session."))),
        (status = 403, description = "`setup_link_invalid`: the link was used, has expired or is another's."),
        (status = 429, description = "`too_many_attempts`"),
    ),
)]
pub(crate) async fn create_owner(State(api): State<Api>, request: Request) -> Result<Response, Problem> {
    let address = peer::address(request.extensions(), request.headers());
    let Json(owner) = Json::<NewOwner>::from_request(request, &()).await?;
    let new_user = check(&owner)?;
    // Before the work of hashing: links are tried as passwords are.
    if api.storage().has_users(api.workspace()).await? {
        return Err(link_invalid());
    }
    api.sign_in_attempts.begin(None, address, api.now()).map_err(crate::session::too_many)?;
    let password_hash = api.passwords.hash(Secret::new(owner.password)).await?;
    let created = api
        .storage()
        .create_owner(api.workspace(), digest_of(&owner.secret), NewUser { password_hash, ..new_user })
        .await?;
    let user = created.ok_or_else(link_invalid)?;
    api.sign_in_attempts.succeeded(None, address);
    tracing::info!(user.id = %user.id, "the owner was created");
    if let Some(zone) = owner.time_zone.as_deref().and_then(Zone::parse) {
        let change = WorkspaceChange { time_zone: Some(zone.name().to_owned()), ..WorkspaceChange::default() };
        api.storage().update_workspace(api.workspace(), Actor::User(user.id), change).await?;
    }
    let (me, cookie) = start_session(&api, &user).await?;
    let headers: [(_, HeaderValue); 1] = [(axum::http::header::SET_COOKIE, cookie)];
    Ok((StatusCode::CREATED, headers, JsonAnswer(me)).into_response())
}

fn check(owner: &NewOwner) -> Result<NewUser, Problem> {
    let mut checks = Checks::default();
    let name = checks.line("name", &owner.name, 120);
    let login = checks.line("login", &owner.login, 64).to_lowercase();
    if login.chars().any(char::is_whitespace) {
        checks.wrong("login", "contains_spaces", LOGIN_SPACES);
    }
    if owner.password.chars().count() < MIN_PASSWORD_CHARS {
        checks.wrong("password", "too_short", Message::with(PASSWORD_SHORT, [&MIN_PASSWORD_CHARS.to_string()]));
    } else if owner.password.len() > MAX_PASSWORD_BYTES {
        checks.wrong("password", "too_long", Message::with(PASSWORD_LONG, [&MAX_PASSWORD_BYTES.to_string()]));
    }
    checks.finish()?;
    Ok(NewUser {
        login,
        name,
        role: "owner".to_owned(),
        password_hash: String::new(),
        locale: owner.locale.as_str().to_owned(),
    })
}

fn link_invalid() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "setup_link_invalid", LINK_INVALID)
}

const LINK_INVALID: Localized = text(
    "this link was used already or has expired; sign in, or restart Molva, which prints a new link while there is no owner",
    "ссылка уже использована или устарела; войдите или перезапустите Молву: пока владельца нет, она печатает новую ссылку",
    "посилання вже використане або застаріло; увійдіть або перезапустіть Молву: доки власника немає, вона друкує нове",
);
const LOGIN_SPACES: Localized = text(
    "a login has no spaces; use letters, digits, dots or an e-mail address",
    "в логине нет пробелов; используйте буквы, цифры, точки или адрес почты",
    "у логіні немає пробілів; використайте літери, цифри, крапки або адресу пошти",
);
const PASSWORD_SHORT: Localized = text(
    "a password has at least {0} characters; a few words in a row are easy to remember",
    "в пароле не меньше {0} знаков; несколько слов подряд легко запомнить",
    "у паролі щонайменше {0} знаків; кілька слів поспіль легко запам'ятати",
);
const PASSWORD_LONG: Localized = text(
    "a password has at most {0} bytes; shorten it",
    "в пароле не больше {0} байт; сократите его",
    "у паролі щонайбільше {0} байтів; скоротіть його",
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::session::LocaleCode;

    fn owner(login: &str, password: &str) -> NewOwner {
        NewOwner {
            secret: "s".into(),
            name: "Анна".into(),
            login: login.into(),
            password: password.into(),
            locale: LocaleCode::Ru,
            time_zone: None,
        }
    }

    #[test]
    fn a_password_is_counted_in_characters_and_a_login_has_no_spaces() {
        assert!(check(&owner("Anna", "десять зна")).is_ok());
        assert!(check(&owner("anna", "девять зн")).is_err());
        assert!(check(&owner("anna b", "long enough")).is_err());
        assert_eq!(check(&owner(" Anna ", "long enough")).map(|user| user.login).ok().as_deref(), Some("anna"));
    }
}
