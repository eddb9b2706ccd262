use axum::extract::{OriginalUri, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use molva_connectors::Localized;
use molva_connectors::oauth::TokenError;
use molva_domain::Secret;
use molva_pipeline::oauth::Returned;
use url::form_urlencoded;

use super::finish::finish;
use super::{Errand, oauth_on};
use crate::access::caller::Person;
use crate::api::Api;
use crate::locale::{Message, text};
use crate::problem::Problem;
use crate::secret::digest_of;

/// Parameters a network may bring back.
const MAX_PARAMETERS: usize = 32;
/// Longest value read: codes are some hundred characters.
const MAX_VALUE_BYTES: usize = 8 << 10;

/// Where a network sends the browser back to. Leads on to the account or source that was connected.
#[utoipa::path(
    get, path = "/api/oauth/callback", operation_id = "finishConsent", tag = "oauth",
    params(
        ("state" = Option<String>, Query, description = "As it was handed out."),
        ("code" = Option<String>, Query, description = "What tokens are given for."),
        ("iss" = Option<String>, Query, description = "Who answers, where the network says so."),
        ("error" = Option<String>, Query, description = "Why there is no code."),
    ),
    responses(
        (status = 303, description = "To the page of what was connected."),
        (status = 409, description = "`name_taken`"),
        (status = 422, description = "`state_expired`: begun too long ago, elsewhere, or ended already; `denied`: the person said no; \
            `wrong_server`: another server answers than was asked; `network_refused`, `client_refused`: the network gives no \
            token; `rights_missing`: rights were left out without which nothing works; `not_one`: the consent is for several \
            pages; `short_access`: it cannot be renewed; `another_account`: somebody else is signed in there; `not_accepted`: the network does not accept its own \
            token."),
        (status = 503, description = "`network_silent`: what the network answered is not known."),
    ),
)]
pub(crate) async fn finish_consent(
    state: State<Api>,
    person: Person,
    uri: OriginalUri,
    query: RawQuery,
) -> Result<Response, Problem> {
    come_back(state, person, uri, query).await
}

/// The same for networks of many servers: each has a way back of its own.
#[utoipa::path(
    get, path = "/api/oauth/callback/{server}", operation_id = "finishConsentOfServer", tag = "oauth",
    params(
        ("server" = String, Path, description = "Stands for the server."),
        ("state" = Option<String>, Query, description = "As it was handed out."),
        ("code" = Option<String>, Query, description = "What tokens are given for."),
        ("iss" = Option<String>, Query, description = "Who answers, where the network says so."),
        ("error" = Option<String>, Query, description = "Why there is no code."),
    ),
    responses(
        (status = 303, description = "To the page of what was connected."),
        (status = 409, description = "`name_taken`"),
        (status = 422, description = "As of `/api/oauth/callback`."),
        (status = 503, description = "`network_silent`: what the network answered is not known."),
    ),
)]
pub(crate) async fn finish_consent_of_server(
    state: State<Api>,
    person: Person,
    uri: OriginalUri,
    query: RawQuery,
) -> Result<Response, Problem> {
    come_back(state, person, uri, query).await
}

async fn come_back(
    State(api): State<Api>,
    person: Person,
    OriginalUri(uri): OriginalUri,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let told: Vec<(String, String)> =
        form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().take(MAX_PARAMETERS).collect();
    let one = |key: &str| {
        let value = told.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty() && value.len() <= MAX_VALUE_BYTES)
    };
    let Some(state) = one("state") else { return Err(expired()) };
    let taken = api.storage().take_authorization(api.workspace(), digest_of(state), person.session).await?;
    let Some(pending) = taken.filter(|pending| pending.user == person.user.id) else { return Err(expired()) };
    let errand: Errand = serde_json::from_str(pending.content.expose()).map_err(Problem::internal)?;
    let oauth = oauth_on(&api, &pending.connector)?;
    let same = |one: &str, other: &str| one.trim_end_matches('/') == other.trim_end_matches('/');
    let elsewhere = !errand.redirect.ends_with(uri.path());
    let other = one("iss").zip(errand.issuer.as_deref()).is_some_and(|(iss, issuer)| !same(iss, issuer));
    if elsewhere || other {
        return Err(unprocessable("wrong_server", WRONG_SERVER));
    }
    if let Some(error) = one("error") {
        return Err(match error {
            "access_denied" | "user_denied" | "user_cancelled_authorize" => unprocessable("denied", DENIED),
            error => unprocessable("network_refused", Message::with(REFUSED, [&word(error)])),
        });
    }
    let Some(code) = one("code") else { return Err(unprocessable("network_refused", Message::with(REFUSED, ["…"]))) };
    let returned = Returned {
        connector: &pending.connector,
        purpose: errand.what.purpose(),
        settings: &errand.settings,
        server: &errand.server,
        client_id: &errand.client_id,
        redirect: &errand.redirect,
        code: Secret::new(code),
        verifier: Secret::new(errand.verifier.as_str()),
        state: Secret::new(state),
        along: oauth.comes_along.and_then(one).map(Secret::new),
    };
    let consent = api.pipeline().exchange_code(returned).await.map_err(|error| no_token(&error))?;
    let page = finish(&api, &person, pending.connector, errand, consent).await?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response())
}

fn expired() -> Problem {
    unprocessable("state_expired", EXPIRED)
}

fn unprocessable(code: &'static str, detail: impl Into<Message>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
}

/// What came in an address, fit to stand in a sentence.
fn word(error: &str) -> String {
    error.chars().filter(|sign| sign.is_ascii_alphanumeric() || "_-. ".contains(*sign)).take(60).collect()
}

fn no_token(error: &TokenError) -> Problem {
    match error {
        TokenError::Refused(message) => unprocessable("network_refused", Message::with(REFUSED, [message])),
        TokenError::Narrow(rights) => unprocessable("rights_missing", Message::with(NARROW, [rights])),
        TokenError::Choose(several) => unprocessable("not_one", Message::with(SEVERAL, [several])),
        TokenError::Client(message) => unprocessable("client_refused", Message::with(CLIENT, [message])),
        TokenError::NotAsked(error) | TokenError::Lost(error) => {
            let detail = Message::with(SILENT, [&error.to_string()]);
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "network_silent", detail)
        }
    }
}

const EXPIRED: Localized = text(
    "this return is not known: it was begun more than ten minutes ago, in another browser, or has ended already; begin again",
    "это возвращение неизвестно: начато больше десяти минут назад, в другом браузере или уже завершено; начните заново",
    "це повернення невідоме: почато понад десять хвилин тому, в іншому браузері або вже завершено; почніть знову",
);
const DENIED: Localized = text(
    "you did not agree on the network's page, so nothing was connected; begin again if that was a slip",
    "вы не дали согласия на странице сети, поэтому ничего не подключено; если это вышло случайно, начните заново",
    "ви не дали згоди на сторінці мережі, тож нічого не підключено; якщо це сталося випадково, почніть знову",
);
const WRONG_SERVER: Localized = text(
    "another server answered than the one that was asked, so nothing was connected; check its address and begin again",
    "ответил не тот сервер, у которого спрашивали, поэтому ничего не подключено; проверьте его адрес и начните заново",
    "відповів не той сервер, у якого питали, тож нічого не підключено; перевірте його адресу й почніть знову",
);
const REFUSED: Localized = text(
    "the network gave no access: {0}; begin again",
    "сеть не дала доступа: {0}; начните заново",
    "мережа не дала доступу: {0}; почніть знову",
);
const NARROW: Localized = text(
    "you did not allow `{0}`, without which Molva cannot work there; begin again and leave everything ticked",
    "вы не разрешили `{0}`, а без этого Молва там не может работать; начните заново и оставьте все отметки",
    "ви не дозволили `{0}`, а без цього Молва там не може працювати; почніть знову і залиште всі позначки",
);
const SEVERAL: Localized = text(
    "you let Molva in to several pages: {0}; begin again with the number of one in the form, or tick only one there",
    "вы открыли Молве несколько страниц: {0}; начните заново с номером одной из них в форме или отметьте там только одну",
    "ви відкрили Молві кілька сторінок: {0}; почніть знову з номером однієї з них у формі або позначте там лише одну",
);
const CLIENT: Localized = text(
    "the network does not accept Molva's client id with its secret: {0}; an owner enters both anew under Settings, Accounts, Networks",
    "сеть не принимает идентификатор клиента Молвы с его секретом: {0}; владелец вводит их заново: Настройки, Аккаунты, Сети",
    "мережа не приймає ідентифікатор клієнта Молви з його секретом: {0}; власник вводить їх знову: Налаштування, Акаунти, Мережі",
);
const SILENT: Localized = text(
    "the network did not answer as it should: {0}; begin again in a minute",
    "сеть не ответила как следует: {0}; начните заново через минуту",
    "мережа не відповіла як слід: {0}; почніть знову за хвилину",
);
