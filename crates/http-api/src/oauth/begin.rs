use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use molva_connectors::oauth::{OAuth, Proof, Purpose, address};
use molva_connectors::{ConnectorError, Localized, Setting, Settings};
use molva_domain::{AccountState, Secret};
use molva_pipeline::oauth::NoClient;
use molva_storage::oauth::NewPending;

use super::{Errand, What, oauth_on, origin, redirect};
use crate::access::caller::{Caller, Person};
use crate::accounts::{check_holder, draft, stored};
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::{Message, text};
use crate::problem::Problem;
use crate::request::{Checks, Json};
use crate::secret::{digest_of, new_session};
use crate::sources;
use crate::wire;
use crate::wire::oauth::{ConsentAccount, ConsentAddress, ConsentDraft, ConsentSource};

/// Answers the address on the network where a person agrees. The network sends their browser back to `/api/oauth/callback`, which
/// connects the account or adds the source. That has to happen within ten minutes and in the same session.
#[utoipa::path(
    post, path = "/api/oauth", operation_id = "beginConsent", tag = "oauth", request_body = ConsentDraft,
    responses(
        (status = 200, body = ConsentAddress),
        (status = 403, description = "`not_yours`"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`name_taken`, `no_client`: an owner has to register Molva with the network first; \
            `no_public_address`: where browsers reach this server is not known"),
        (status = 422, description = "`invalid_fields`; `not_accepted`: the network does not register us"),
    ),
)]
pub(crate) async fn begin_consent(
    State(api): State<Api>,
    person: Person,
    headers: HeaderMap,
    Json(body): Json<ConsentDraft>,
) -> Answer<ConsentAddress> {
    let caller = Caller::Person(person.clone());
    let wanted = wanted(&api, &caller, body).await?;
    let oauth = oauth_on(&api, &wanted.connector)?;
    let Some(origin) = origin(&api, &headers) else {
        return Err(Problem::new(StatusCode::CONFLICT, "no_public_address", NO_PUBLIC_ADDRESS));
    };
    let settings = api.pipeline().oauth_settings(&wanted.connector, &wanted.settings);
    let server = oauth.server(&settings).map_err(|error| refused(&error))?;
    let redirect = redirect(&origin, &server);
    let client = api.pipeline().oauth_client(&wanted.connector, &settings, &redirect, caller.actor()).await;
    let client = client.map_err(|error| match error {
        NoClient::Network(error) => refused(&error),
        NoClient::Storage(error) => error.into(),
    })?;
    let Some(client) = client else {
        let detail = if server.is_empty() {
            Message::from(NO_CLIENT)
        } else {
            Message::with(NO_CLIENT_AT, [&server, &redirect])
        };
        return Err(Problem::new(StatusCode::CONFLICT, "no_client", detail));
    };
    let (state, proof) = (new_session(), Proof::new().map_err(Problem::internal)?);
    let address = address(oauth, &settings, wanted.purpose, &client.client_id, &redirect, &state, &proof);
    let errand = Errand {
        verifier: proof.verifier.expose().to_owned(),
        redirect,
        server,
        client_id: client.client_id,
        issuer: issuer(oauth, &settings),
        settings: wanted.settings,
        secrets: wanted.secrets,
        what: wanted.what,
    };
    let content = Secret::new(serde_json::to_string(&errand).map_err(Problem::internal)?);
    let pending = NewPending {
        connector: wanted.connector,
        state: digest_of(state.expose()),
        session: person.session,
        user: person.user.id,
        content,
    };
    let address = address.map_err(|error| refused(&error))?.to_string();
    api.storage().begin_authorization(api.workspace(), pending).await?;
    ok(ConsentAddress { address })
}

struct Wanted {
    connector: String,
    purpose: Purpose,
    settings: BTreeMap<String, String>,
    secrets: BTreeMap<String, String>,
    what: What,
}

async fn wanted(api: &Api, caller: &Caller, body: ConsentDraft) -> Result<Wanted, Problem> {
    match body {
        ConsentDraft { account: Some(account), account_id: None, source: None, source_id: None } => {
            new_account(api, caller, account).await
        }
        ConsentDraft { account: None, account_id: Some(id), source: None, source_id: None } => {
            let account =
                stored(api, id.parse().map_err(|_| Problem::field("account_id", "unknown", UNKNOWN))?).await?;
            check_holder(&account, caller)?;
            if account.state == AccountState::Disconnected {
                return Err(Problem::field("account_id", "disconnected", DISCONNECTED));
            }
            Ok(Wanted {
                connector: account.connector,
                purpose: Purpose::Reply,
                settings: account.settings,
                secrets: BTreeMap::new(),
                what: What::account(account.id),
            })
        }
        ConsentDraft { account: None, account_id: None, source: Some(source), source_id: None } => {
            new_source(api, source)
        }
        ConsentDraft { account: None, account_id: None, source: None, source_id: Some(id) } => {
            let id = id.parse().map_err(|_| Problem::field("source_id", "unknown", UNKNOWN))?;
            let source = sources::stored(api, id).await?;
            Ok(Wanted {
                connector: source.connector,
                purpose: Purpose::Listen,
                settings: source.settings,
                secrets: BTreeMap::new(),
                what: What::source(source.id),
            })
        }
        _ => Err(Problem::field("account", "one_of", ONE_OF)),
    }
}

async fn new_account(api: &Api, caller: &Caller, draft: ConsentAccount) -> Result<Wanted, Problem> {
    let oauth = oauth_on(api, &draft.connector)?;
    let replies = draft::replies_on(api, &draft.connector)?;
    offered(oauth, replies.account_settings(), &draft.settings)?;
    let mut checks = Checks::default();
    let name = if draft.name.trim().is_empty() { String::new() } else { draft::name(&mut checks, &draft.name) };
    draft::settings(&mut checks, (replies, Some(oauth)), &draft.settings, &BTreeMap::from([stand_in(oauth)]));
    let holder = draft::holder(&mut checks, caller, draft.holder, draft.consent);
    checks.finish()?;
    if !name.is_empty() {
        let accounts = api.storage().accounts(api.workspace()).await?;
        if accounts.iter().any(|account| account.state != AccountState::Disconnected && account.name == name) {
            return Err(molva_storage::StorageError::Taken { field: "account", value: name }.into());
        }
    }
    let what = What::Account { name, holder: What::holder(holder), needs_approval: draft.needs_approval };
    Ok(Wanted {
        connector: draft.connector,
        purpose: Purpose::Reply,
        settings: draft.settings,
        secrets: BTreeMap::new(),
        what,
    })
}

fn new_source(api: &Api, draft: ConsentSource) -> Result<Wanted, Problem> {
    let oauth = oauth_on(api, &draft.connector)?;
    let ConsentSource { connector, name, settings, mut secrets } = draft;
    secrets.retain(|key, value| key != oauth.token_key && !value.is_empty());
    let whole = wire::source::SourceDraft {
        connector: connector.clone(),
        name,
        settings: settings.clone(),
        secrets: secrets.clone(),
    };
    let mut read = sources::draft::read(whole)?;
    offered(oauth, read.descriptor.settings, &read.stored.settings)?;
    read.check(BTreeMap::from([stand_in(oauth)]))?;
    let what = What::Source { name: read.stored.name };
    Ok(Wanted { connector, purpose: Purpose::Listen, settings, secrets, what })
}

/// Where the form as it is filled in asks for no consent, the row knows what to choose instead.
fn offered(oauth: &OAuth, declared: &[Setting], values: &BTreeMap<String, String>) -> Result<(), Problem> {
    let settings = Settings::new(values.clone(), BTreeMap::new());
    if settings.shows(declared, oauth.token_key) {
        return Ok(());
    }
    oauth.server(&settings.with_defaults(declared)).map(drop).map_err(|error| refused(&error))
}

/// For what the network is going to give, when the rest of a form is checked.
fn stand_in(oauth: &OAuth) -> (String, Secret) {
    (oauth.token_key.to_owned(), Secret::new("…"))
}

fn issuer(oauth: &OAuth, settings: &Settings) -> Option<String> {
    (oauth.endpoints)(settings).ok()?.issuer
}

fn refused(error: &ConnectorError) -> Problem {
    match error {
        ConnectorError::Invalid { setting, message } => {
            Problem::field(&format!("settings.{setting}"), "invalid_setting", Message::with(AS_SAID, [message]))
        }
        error => {
            let detail = Message::with(NOT_REGISTERED, [&error.to_string()]);
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not_accepted", detail)
        }
    }
}

const AS_SAID: Localized = text("{0}", "{0}", "{0}");
const NOT_REGISTERED: Localized = text(
    "the server does not let Molva register itself: {0}",
    "сервер не даёт Молве зарегистрироваться: {0}",
    "сервер не дає Молві зареєструватися: {0}",
);
const NO_CLIENT: Localized = text(
    "Molva is not registered with this network yet; an owner does that under Settings, Accounts, Networks",
    "Молва ещё не зарегистрирована в этой сети; это делает владелец: Настройки, Аккаунты, Сети",
    "Молву ще не зареєстровано в цій мережі; це робить власник: Налаштування, Акаунти, Мережі",
);
const NO_CLIENT_AT: Localized = text(
    "Molva is not registered with `{0}` yet; an owner does that under Settings, Accounts, Networks, with the redirect address `{1}`",
    "Молва ещё не зарегистрирована на `{0}`; это делает владелец: Настройки, Аккаунты, Сети, с адресом возврата `{1}`",
    "Молву ще не зареєстровано на `{0}`; це робить власник: Налаштування, Акаунти, Мережі, з адресою повернення `{1}`",
);
const NO_PUBLIC_ADDRESS: Localized = text(
    "the network cannot send you back: where browsers reach this server is not known; its operator sets `MOLVA_PUBLIC_ORIGIN`",
    "сеть не сможет вернуть вас: неизвестно, по какому адресу открывают этот сервер; его администратор задаёт `MOLVA_PUBLIC_ORIGIN`",
    "мережа не зможе повернути вас: невідомо, за якою адресою відкривають цей сервер; його адміністратор задає `MOLVA_PUBLIC_ORIGIN`",
);
const ONE_OF: Localized = text(
    "give exactly one of `account`, `account_id`, `source`, `source_id`",
    "укажите ровно одно из `account`, `account_id`, `source`, `source_id`",
    "вкажіть рівно одне з `account`, `account_id`, `source`, `source_id`",
);
const UNKNOWN: Localized = text("is no id", "не идентификатор", "не ідентифікатор");
const DISCONNECTED: Localized = text(
    "is disconnected; connect it as a new one",
    "отключена; подключите её заново как новую",
    "відключено; підключіть його заново як новий",
);
