use std::collections::BTreeMap;

use axum::extract::State;
use molva_domain::{AccountId, Secret};
use molva_storage::oauth::{GrantOwner, NewGrant};

use crate::access::caller::Caller;
use crate::accounts::{check_holder, stored, unknown};
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::request::PathId;
use crate::wire::Account;

/// Disconnects an account: its secrets are wiped and replies that wait are taken back. What was said stays. What was connected by
/// consent is given up at the network, too; tokens that were entered by hand are for a person to revoke there.
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
    let (secrets, grant) = given_up(&api, id).await;
    let account = api.storage().disconnect_account(api.workspace(), caller.actor(), id).await?;
    if let (Some(account), Some(grant)) = (&account, grant) {
        api.pipeline().give_up(account.settings.clone(), secrets, grant);
    }
    ok(Account::of(account.ok_or_else(unknown)?, api.now(), locale))
}

/// What is told to the network when it is wiped here. Secrets that cannot be opened are wiped all the same.
async fn given_up(api: &Api, id: AccountId) -> (BTreeMap<String, Secret>, Option<NewGrant>) {
    let secrets = api.storage().account_secrets(api.workspace(), id).await.unwrap_or_default();
    let grant = api.storage().grant(api.workspace(), GrantOwner::Account(id)).await.unwrap_or_default();
    (secrets, grant)
}
