//! The gate every request passes: its rule, its caller, same-origin for changes by cookie, scope for tokens.

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{ALLOW, AUTHORIZATION, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use molva_connectors::Localized;

use crate::access::caller::{Caller, Person};
use crate::access::table::{self, Access, Rule};
use crate::access::{origin, peer, session_cookie};
use crate::api::Api;
use crate::locale::{Locale, Message, text};
use crate::problem::{NO_SUCH_ADDRESS, Problem};
use crate::secret::{TOKEN_PREFIX, digest_of};

/// Lets a request through to its handler, or answers why not.
pub(crate) async fn gate(State(api): State<Api>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Some(path) = parts.extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned()) else {
        return Problem::not_found(NO_SUCH_ADDRESS).into_response();
    };
    let Some(rule) = table::find(&parts.method, &path) else {
        return refuse_unknown(&path);
    };
    let passed = match admit(&api, rule, &parts).await {
        Ok(passed) => passed,
        Err(problem) => return unauthorized_challenge(problem.into_response()),
    };
    let locale = match &passed.caller {
        Caller::Person(person) => Locale::parse(&person.user.locale),
        Caller::Anonymous | Caller::Token(_) => None,
    }
    .unwrap_or_else(|| Locale::negotiate(&parts.headers));
    parts.extensions.insert(locale);
    parts.extensions.insert(rule);
    parts.extensions.insert(passed.caller);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    response.extensions_mut().insert(locale);
    if let Some(cookie) = passed.renewed_cookie.filter(|_| !response.headers().contains_key(SET_COOKIE)) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

struct Passed {
    caller: Caller,
    renewed_cookie: Option<HeaderValue>,
}

async fn admit(api: &Api, rule: &Rule, request: &Parts) -> Result<Passed, Problem> {
    let headers = &request.headers;
    if headers.contains_key(AUTHORIZATION) && rule.access != Access::Anyone {
        let caller = token_caller(api, rule, headers.get(AUTHORIZATION)).await?;
        return Ok(Passed { caller, renewed_cookie: None });
    }
    let anonymous = Ok(Passed { caller: Caller::Anonymous, renewed_cookie: None });
    match rule.access {
        // The handler checks the signature.
        Access::Push => anonymous,
        Access::Anyone => {
            if !request.method.is_safe() {
                origin::refuse_foreign(headers, api.app.public_origin.as_deref())?;
            }
            anonymous
        }
        Access::Metrics => {
            if peer::is_local(&request.extensions, headers) {
                anonymous
            } else {
                Err(Problem::new(StatusCode::FORBIDDEN, "local_only", LOCAL_ONLY))
            }
        }
        Access::Person | Access::Read | Access::Write => {
            let Some(secret) = session_cookie::read(headers) else { return Err(sign_in_required()) };
            let digest = digest_of(&secret);
            let session = api.storage().session(digest).await?;
            let Some(session) = session.filter(|session| session.user.workspace == api.workspace()) else {
                return Err(sign_in_required());
            };
            if !request.method.is_safe() {
                origin::require_same(headers, api.app.public_origin.as_deref())?;
            }
            let renewed_cookie = if session_cookie::is_due(session.expires_at, api.now()) {
                api.storage().extend_session(digest, session_cookie::end(api.now())).await?;
                Some(session_cookie::set(&secret, api.app.secure_cookies))
            } else {
                None
            };
            Ok(Passed { caller: Caller::Person(Person { user: session.user, session: digest }), renewed_cookie })
        }
    }
}

async fn token_caller(api: &Api, rule: &Rule, header: Option<&HeaderValue>) -> Result<Caller, Problem> {
    let secret = header
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, secret)| scheme.eq_ignore_ascii_case("bearer") && secret.trim().starts_with(TOKEN_PREFIX))
        .map(|(_, secret)| secret.trim());
    let found = match secret {
        Some(secret) => api.storage().token_by_digest(digest_of(secret)).await?,
        None => None,
    };
    let Some(token) = found.filter(|token| token.workspace == api.workspace()) else {
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "invalid_token", INVALID_TOKEN));
    };
    match rule.access.scope() {
        Some(scope) if token.scopes.iter().any(|has| has == scope) => Ok(Caller::Token(token)),
        Some(scope) => Err(Problem::new(StatusCode::FORBIDDEN, "scope_missing", Message::with(SCOPE_MISSING, [scope]))),
        None => Err(Problem::new(StatusCode::FORBIDDEN, "person_required", PERSON_REQUIRED)),
    }
}

/// 405 for a known path, 403 for a route that somebody mounted without a rule.
fn refuse_unknown(path: &str) -> Response {
    let methods = table::methods_of(path);
    if methods.is_empty() {
        return Problem::new(StatusCode::FORBIDDEN, "no_rule", NO_RULE).into_response();
    }
    let allowed = methods.join(", ");
    let detail = Message::with(METHOD_NOT_ALLOWED, [&allowed]);
    let mut response = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail).into_response();
    if let Ok(value) = HeaderValue::from_str(&allowed) {
        response.headers_mut().insert(ALLOW, value);
    }
    response
}

/// RFC 9110 wants a challenge with every 401.
fn unauthorized_challenge(mut response: Response) -> Response {
    if response.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"molva\""));
    }
    response
}

pub(crate) fn sign_in_required() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "sign_in_required", SIGN_IN_REQUIRED)
}

const SIGN_IN_REQUIRED: Localized = text(
    "nobody is signed in, or the session has ended; sign in, or send `Authorization: Bearer` with an API token",
    "вход не выполнен или сеанс закончился; войдите или передайте ключ API в `Authorization: Bearer`",
    "вхід не виконано або сеанс закінчився; увійдіть або передайте ключ API в `Authorization: Bearer`",
);
const INVALID_TOKEN: Localized = text(
    "the token is unknown or revoked; make another under Settings or with `molva token create`",
    "ключ неизвестен или отозван; создайте новый в настройках или командой `molva token create`",
    "ключ невідомий або відкликаний; створіть новий у налаштуваннях або командою `molva token create`",
);
const SCOPE_MISSING: Localized = text(
    "the token lacks the scope `{0}`; make one that has it",
    "у ключа нет права `{0}`; создайте ключ с этим правом",
    "у ключа немає права `{0}`; створіть ключ із цим правом",
);
const PERSON_REQUIRED: Localized = text(
    "this is for a signed-in person, no token may do it; sign in with login and password",
    "это может только вошедший человек, ключ не подходит; войдите с логином и паролем",
    "це може лише людина, що увійшла, ключ не підходить; увійдіть із логіном і паролем",
);
const LOCAL_ONLY: Localized = text(
    "metrics are for programs on this machine; from elsewhere send a token of scope `read`",
    "показатели доступны программам на этой машине; с другой передайте ключ с правом `read`",
    "показники доступні програмам на цій машині; з іншої передайте ключ із правом `read`",
);
const NO_RULE: Localized = text(
    "nobody may call this address; it has no rule in the table of access",
    "этот адрес закрыт для всех: для него нет правила доступа",
    "ця адреса закрита для всіх: для неї немає правила доступу",
);
const METHOD_NOT_ALLOWED: Localized =
    text("this address takes {0}", "этот адрес принимает {0}", "ця адреса приймає {0}");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_without_a_rule_is_closed_to_everybody() {
        assert_eq!(refuse_unknown("/api/mounted-and-forgotten").status(), StatusCode::FORBIDDEN);
        let known = refuse_unknown("/api/mentions");
        assert_eq!(
            (known.status(), &known.headers()[ALLOW]),
            (StatusCode::METHOD_NOT_ALLOWED, &"GET, PATCH".parse().expect("a value"))
        );
    }
}
