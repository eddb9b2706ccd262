use axum::extract::State;
use molva_domain::AccountId;

use crate::access::caller::Caller;
use crate::accounts::{check_holder, stored, unknown};
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::request::PathId;
use crate::wire::Account;

/// Disconnects an account: its secrets are wiped and replies that wait are taken back. What was said stays. Which rights the
/// network gave to Molva is for a person to revoke there.
#[utoipa::path(
    delete, path = "/api/accounts/{id}", operation_id = "disconnectAccount", tag = "accounts",
    params(("id" = String, Path)),
    responses(
        (status = 200, body = Account),
        (status = 403, description = "`not_yours`"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub(crate) async fn disconnect_account(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    PathId(id): PathId<AccountId>,
) -> Answer<Account> {
    check_holder(&stored(&api, id).await?, &caller)?;
    let account = api.storage().disconnect_account(api.workspace(), caller.actor(), id).await?;
    ok(Account::of(account.ok_or_else(unknown)?, api.now(), locale))
}
