use axum::extract::{Path, State};
use axum::http::StatusCode;
use molva_connectors::Localized;
use molva_connectors::oauth::ClientBy;
use molva_domain::Secret;
use molva_storage::oauth::NewOAuthClient;

use super::{admin_only, oauth_on};
use crate::access::caller::{Caller, Person};
use crate::accounts::is_admin;
use crate::answer::Done;
use crate::api::Api;
use crate::locale::text;
use crate::problem::Problem;
use crate::request::{Checks, Json};
use crate::wire::oauth::ConsentClientDraft;

const MAX_ID_CHARS: usize = 500;
const MAX_SECRET_BYTES: usize = 4 << 10;

/// Tells Molva what it is registered as with a network. Accounts that were connected with another client id go on with that.
#[utoipa::path(
    put, path = "/api/oauth/clients/{connector}", operation_id = "setConsentClient", tag = "oauth",
    params(("connector" = String, Path)), request_body = ConsentClientDraft,
    responses(
        (status = 204),
        (status = 403, description = "`admin_only`"),
        (status = 422, description = "`invalid_fields`"),
    ),
)]
pub(crate) async fn set_consent_client(
    State(api): State<Api>,
    person: Person,
    Path(connector): Path<String>,
    Json(body): Json<ConsentClientDraft>,
) -> Done {
    let caller = Caller::Person(person);
    if !is_admin(&caller) {
        return Err(admin_only());
    }
    let mut checks = Checks::default();
    let server = body.server.trim().to_lowercase();
    let needs_secret = match oauth_on(&api, &connector)?.client {
        ClientBy::Network => return Err(Problem::field("connector", "registers_itself", BY_ITSELF)),
        ClientBy::Owner { needs_secret, .. } => {
            if !server.is_empty() {
                checks.wrong("server", "one_server", ONE_SERVER);
            }
            needs_secret
        }
        ClientBy::OwnerAtEach(known) => {
            if !is_host(&server) {
                checks.wrong("server", "invalid", NO_HOST);
            }
            known.iter().any(|one| one.host == server && one.needs_secret)
        }
    };
    let client_id = checks.line("client_id", &body.client_id, MAX_ID_CHARS);
    let secret = body.client_secret.trim();
    let known = api.storage().oauth_client_by_id(api.workspace(), &connector, &server, &client_id).await?;
    if needs_secret && secret.is_empty() && known.is_none_or(|known| known.secret.is_none()) {
        checks.wrong("client_secret", "required", SECRET_NEEDED);
    }
    if secret.len() > MAX_SECRET_BYTES {
        checks.wrong("client_secret", "too_long", TOO_LONG);
    }
    checks.finish()?;
    let client = NewOAuthClient {
        connector,
        server,
        client_id,
        secret: (!secret.is_empty()).then(|| Secret::new(secret)),
        redirect: None,
    };
    api.storage().keep_oauth_client(api.workspace(), caller.actor(), client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Host and, where it is not the usual one, port; as [`OAuth::server`](molva_connectors::OAuth::server) writes it.
fn is_host(text: &str) -> bool {
    let url = url::Url::parse(&format!("https://{text}/"));
    url.is_ok_and(|url| {
        let host = url.host_str().unwrap_or_default();
        let whole = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        whole == text
    })
}

const ONE_SERVER: Localized = text(
    "is to be left empty: this network is one",
    "нужно оставить пустым: эта сеть одна",
    "потрібно залишити порожнім: ця мережа одна",
);
const NO_HOST: Localized = text(
    "is the host of the provider's address for tokens, such as id.example.org",
    "здесь нужно имя узла из адреса для токенов, например id.example.org",
    "тут потрібне ім'я вузла з адреси для токенів, наприклад id.example.org",
);
const BY_ITSELF: Localized = text(
    "registers Molva itself; there is nothing to enter",
    "регистрирует Молву сама; вписывать нечего",
    "реєструє Молву сама; вписувати нічого",
);
const SECRET_NEEDED: Localized = text(
    "is required on this network: it stands beside the client id",
    "в этой сети нужен: он указан рядом с идентификатором клиента",
    "у цій мережі потрібен: він указаний поруч з ідентифікатором клієнта",
);
const TOO_LONG: Localized =
    text("is longer than 4 KiB; check it", "длиннее 4 КиБ; проверьте его", "довший за 4 КіБ; перевірте його");
