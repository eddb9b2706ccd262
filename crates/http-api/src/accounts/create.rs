use axum::extract::State;
use molva_storage::account as stored;

use crate::access::caller::Caller;
use crate::accounts::{draft, not_accepted};
use crate::answer::{Created, created};
use crate::api::Api;
use crate::locale::Locale;
use crate::problem::Problem;
use crate::request::{Checks, Json};
use crate::wire::Account;
use crate::wire::account::AccountDraft;

/// Connects an account, once the network accepts it. An employee's own needs their consent; they alone write from it.
#[utoipa::path(
    post, path = "/api/accounts", operation_id = "createAccount", tag = "accounts", request_body = AccountDraft,
    responses(
        (status = 201, body = Account),
        (status = 409, description = "`name_taken`, `too_many`"),
        (status = 422, description = "`invalid_fields`: `errors` names each setting as `settings.KEY`; `not_accepted`: the network says no."),
    ),
)]
pub(crate) async fn create_account(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    Json(body): Json<AccountDraft>,
) -> Created<Account> {
    let replies = draft::replies_on(&api, &body.connector)?;
    let secrets = draft::secrets(body.secrets);
    let mut checks = Checks::default();
    let name = draft::name(&mut checks, &body.name);
    draft::settings(&mut checks, (replies, api.pipeline().oauth_on(&body.connector)), &body.settings, &secrets);
    let holder = draft::holder(&mut checks, &caller, body.holder, body.consent);
    checks.finish()?;
    let facts = api.pipeline().probe_account(&body.connector, body.settings.clone(), secrets.clone()).await;
    let facts = serde_json::to_string(&facts.map_err(|error| not_accepted(&error))?).map_err(Problem::internal)?;
    let draft = stored::AccountDraft {
        connector: body.connector,
        name,
        settings: body.settings,
        secrets,
        holder,
        needs_approval: body.needs_approval,
        facts,
    };
    let account = api.storage().create_account(api.workspace(), caller.actor(), draft).await?;
    created(format!("/api/accounts/{}", account.id), Account::of(account, api.now(), locale))
}
