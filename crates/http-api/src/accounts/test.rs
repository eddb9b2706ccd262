use axum::extract::State;

use crate::accounts::draft;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::replies::advice;
use crate::request::{Checks, Json};
use crate::sources::said;
use crate::wire::account::{AccountDraft, AccountTest};

/// Tries an account without storing anything. Takes 20 seconds at most.
#[utoipa::path(
    post, path = "/api/accounts/test", operation_id = "testAccount", tag = "accounts", request_body = AccountDraft,
    responses((status = 200, body = AccountTest), (status = 422, description = "`invalid_fields`")),
)]
pub(crate) async fn test_account(
    State(api): State<Api>,
    locale: Locale,
    Json(body): Json<AccountDraft>,
) -> Answer<AccountTest> {
    let replies = draft::replies_on(&api, &body.connector)?;
    let secrets = draft::secrets(body.secrets);
    let mut checks = Checks::default();
    draft::settings(&mut checks, (replies, api.pipeline().oauth_on(&body.connector)), &body.settings, &secrets);
    checks.finish()?;
    ok(match api.pipeline().probe_account(&body.connector, body.settings, secrets).await {
        Ok(facts) => {
            let message = facts.missing.clone().unwrap_or_else(|| format!("@{}", facts.handle));
            let ok = facts.missing.is_none();
            AccountTest { ok, message, code: None, setting: None, advice: None, facts: Some(facts.into()) }
        }
        Err(error) => {
            let (setting, message) = said::tried(&error, locale);
            AccountTest {
                ok: false,
                message,
                code: Some(error.code().to_owned()),
                setting: setting.map(str::to_owned),
                advice: Some(locale.of(advice::for_code(error.code())).to_owned()),
                facts: None,
            }
        }
    })
}
