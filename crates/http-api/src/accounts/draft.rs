//! Checking an account against what its connector declares.

use std::collections::BTreeMap;

use molva_connectors::{Localized, OAuth, Replies, Settings};
use molva_domain::{Secret, UserId};

use crate::access::caller::Caller;
use crate::api::Api;
use crate::locale::{Message, text};
use crate::problem::Problem;
use crate::request::Checks;
use crate::wire::account::HolderDraft;

const MAX_NAME_CHARS: usize = 120;
/// Settings of one account.
const MAX_SETTINGS: usize = 64;

/// How the connector is answered, or what is wrong with the field `connector`.
pub(crate) fn replies_on(api: &Api, connector: &str) -> Result<&'static dyn Replies, Problem> {
    api.pipeline().replies_on(connector).ok_or_else(|| Problem::field("connector", "cannot_answer", CANNOT_ANSWER))
}

/// Blank secrets count as not given. Line breaks around one come from a file or a paste and belong to no secret.
pub(crate) fn secrets(given: BTreeMap<String, String>) -> BTreeMap<String, Secret> {
    let given = given.iter().map(|(key, value)| (key, value.trim_matches(['\r', '\n'])));
    given.filter(|(_, value)| !value.trim().is_empty()).map(|(key, value)| (key.clone(), Secret::new(value))).collect()
}

pub(crate) fn name(checks: &mut Checks, name: &str) -> String {
    checks.line("name", name, MAX_NAME_CHARS)
}

/// Whose it is to be: a person's own needs their consent.
pub(crate) fn holder(checks: &mut Checks, caller: &Caller, holder: HolderDraft, consent: bool) -> Option<UserId> {
    if holder == HolderDraft::Company {
        return None;
    }
    if !consent {
        checks.wrong("consent", "required", CONSENT);
    }
    if caller.user().is_none() {
        checks.wrong("holder", "not_a_person", NOT_A_PERSON);
    }
    caller.user()
}

/// Who enters keys by hand takes them in the place of a consent.
pub(crate) fn in_place_of_consent(oauth: Option<&OAuth>, given: &mut BTreeMap<String, Secret>) {
    let Some(oauth) = oauth else { return };
    if !given.contains_key(oauth.token_key) && oauth.instead.iter().any(|key| given.contains_key(*key)) {
        given.insert(oauth.token_key.to_owned(), Secret::new(""));
    }
}

/// Every problem of the settings at once.
pub(crate) fn settings(
    checks: &mut Checks,
    (replies, oauth): (&dyn Replies, Option<&OAuth>),
    values: &BTreeMap<String, String>,
    secrets: &BTreeMap<String, Secret>,
) {
    if values.len() + secrets.len() > MAX_SETTINGS {
        return checks.wrong("settings", "too_many", Message::with(TOO_MANY, [&MAX_SETTINGS.to_string()]));
    }
    let given = Settings::new(values.clone(), secrets.clone());
    for problem in given.check_with(replies.account_settings(), oauth) {
        checks.wrong(format!("settings.{}", problem.setting), "invalid_setting", problem.said);
    }
}

const CANNOT_ANSWER: Localized = text(
    "cannot be answered; those that can have `reply_settings` at `/api/connectors`",
    "в этой сети отвечать нельзя; где можно, у подключения есть `reply_settings` в `/api/connectors`",
    "у цій мережі відповідати не можна; де можна, підключення має `reply_settings` у `/api/connectors`",
);
const TOO_MANY: Localized = text(
    "holds more than {0} settings; a connector's own are listed as `reply_settings` at `/api/connectors`",
    "содержит больше {0} настроек; нужные перечислены в `reply_settings` в `/api/connectors`",
    "містить більше ніж {0} налаштувань; потрібні перелічено в `reply_settings` у `/api/connectors`",
);
const CONSENT: Localized = text(
    "is needed: say that you agree to replies being sent from your own account",
    "нужно ваше согласие на то, что ответы отправляются с вашей собственной учётной записи",
    "потрібна ваша згода на те, що відповіді надсилаються з вашого власного облікового запису",
);
const NOT_A_PERSON: Localized = text(
    "a token has no account of its own; sign in, or make it the company's",
    "у токена нет своей учётной записи; войдите сами или сделайте её записью компании",
    "токен не має свого облікового запису; увійдіть самі або зробіть його записом компанії",
);
