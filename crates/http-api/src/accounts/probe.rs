use axum::extract::State;
use molva_domain::AccountId;

use crate::accounts::stored;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::request::PathId;
use crate::wire::Account;

/// Asks the network for an account now, and answers with what it is then. Takes 20 seconds at most.
#[utoipa::path(
    post, path = "/api/accounts/{id}/probe", operation_id = "probeAccount", tag = "accounts",
    params(("id" = String, Path)),
    responses((status = 200, body = Account), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn probe_account(
    State(api): State<Api>,
    locale: Locale,
    PathId(id): PathId<AccountId>,
) -> Answer<Account> {
    let before = stored(&api, id).await?;
    // Of a disconnected one there is nothing to ask with.
    let account = api.pipeline().check_account(id).await?.unwrap_or(before);
    ok(Account::of(account, api.now(), locale))
}
