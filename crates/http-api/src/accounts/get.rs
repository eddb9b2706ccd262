use axum::extract::State;
use molva_domain::AccountId;

use crate::accounts::stored;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::request::PathId;
use crate::wire::Account;

/// One account.
#[utoipa::path(
    get, path = "/api/accounts/{id}", operation_id = "getAccount", tag = "accounts", params(("id" = String, Path)),
    responses((status = 200, body = Account), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn get_account(
    State(api): State<Api>,
    locale: Locale,
    PathId(id): PathId<AccountId>,
) -> Answer<Account> {
    ok(Account::of(stored(&api, id).await?, api.now(), locale))
}
