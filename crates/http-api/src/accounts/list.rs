use axum::extract::State;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::wire::{Account, AccountList};

/// All accounts, oldest first; those that were disconnected among them, for what was said from them stays.
#[utoipa::path(
    get, path = "/api/accounts", operation_id = "listAccounts", tag = "accounts",
    responses((status = 200, body = AccountList)),
)]
pub(crate) async fn list_accounts(State(api): State<Api>, locale: Locale) -> Answer<AccountList> {
    let accounts = api.storage().accounts(api.workspace()).await?;
    ok(accounts.into_iter().map(|account| Account::of(account, api.now(), locale)).collect())
}
