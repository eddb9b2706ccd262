use axum::extract::State;
use axum::http::StatusCode;
use molva_connectors::Localized;
use molva_domain::{AccountId, AccountState};
use molva_storage::account::AccountChange;

use crate::access::caller::Caller;
use crate::accounts::{another_secrets, check_holder, draft, is_admin, not_accepted, stored, unknown};
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::{Locale, text};
use crate::problem::Problem;
use crate::request::{Checks, Json, PathId};
use crate::wire::Account;
use crate::wire::account::AccountPatch;

/// Changes what is given. New secrets are kept once the network accepts them; what waited for them then goes out. Only an
/// administrator switches the two-person rule off.
#[utoipa::path(
    patch, path = "/api/accounts/{id}", operation_id = "updateAccount", tag = "accounts", params(("id" = String, Path)),
    request_body = AccountPatch,
    responses(
        (status = 200, body = Account),
        (status = 403, description = "`not_yours`, `admin_only`"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`name_taken`, `disconnected`"),
        (status = 422, description = "`invalid_fields`, `not_accepted`"),
    ),
)]
pub(crate) async fn update_account(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    PathId(id): PathId<AccountId>,
    Json(body): Json<AccountPatch>,
) -> Answer<Account> {
    let account = stored(&api, id).await?;
    check_holder(&account, &caller)?;
    if account.state == AccountState::Disconnected {
        return Err(Problem::new(StatusCode::CONFLICT, "disconnected", DISCONNECTED));
    }
    if account.needs_approval && body.needs_approval == Some(false) && !is_admin(&caller) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "admin_only", ADMIN_ONLY));
    }
    let mut checks = Checks::default();
    let name = body.name.as_deref().map(|name| draft::name(&mut checks, name));
    let oauth = api.pipeline().oauth_on(&account.connector);
    let mut secrets = draft::secrets(body.secrets);
    draft::in_place_of_consent(oauth, &mut secrets);
    let mut facts = None;
    if !secrets.is_empty() {
        let replies = draft::replies_on(&api, &account.connector)?;
        let mut complete = api.storage().account_secrets(api.workspace(), id).await.unwrap_or_default();
        complete.extend(secrets.clone());
        draft::settings(&mut checks, (replies, oauth), &account.settings, &complete);
        checks.finish()?;
        let asked = api.pipeline().probe_account(&account.connector, account.settings.clone(), complete).await;
        let found = asked.map_err(|error| not_accepted(&error))?;
        let another = crate::accounts::facts_of(&account).is_some_and(|known| known.native_id != found.native_id);
        if another {
            return Err(another_secrets());
        }
        facts = Some(serde_json::to_string(&found).map_err(Problem::internal)?);
    } else {
        checks.finish()?;
    }
    let change = AccountChange { name, needs_approval: body.needs_approval, secrets, facts };
    let changed = api.storage().update_account(api.workspace(), caller.actor(), id, change).await?;
    api.pipeline().replies_changed();
    ok(Account::of(changed.ok_or_else(unknown)?, api.now(), locale))
}

const DISCONNECTED: Localized = text(
    "this account is disconnected and its secrets are wiped; connect it anew",
    "эта учётная запись отключена, её ключи стёрты; подключите её заново",
    "цей обліковий запис відключено, його ключі стерто; підключіть його знову",
);
const ADMIN_ONLY: Localized = text(
    "only an administrator switches the approval by another person off",
    "отключить согласование вторым человеком может только администратор",
    "вимкнути погодження другою людиною може лише адміністратор",
);
