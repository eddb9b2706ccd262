//! Who we are on networks.

pub(crate) mod create;
pub(crate) mod disconnect;
pub(crate) mod draft;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod probe;
pub(crate) mod test;
pub(crate) mod update;

use axum::http::StatusCode;
use molva_connectors::{AccountFacts, ConnectorError, Localized};
use molva_domain::AccountId;
use molva_storage::account::Account;

use crate::access::caller::Caller;
use crate::api::Api;
use crate::locale::{Locale, Message, text};
use crate::problem::{FieldProblem, Problem};
use crate::sources::said;

/// Roles that see to what belongs to others.
const ADMINS: [&str; 2] = ["owner", "admin"];

/// What the network said of an account; `None` when that was written by a version that said it otherwise.
pub(crate) fn facts_of(account: &Account) -> Option<AccountFacts> {
    account.facts.as_deref().and_then(|facts| serde_json::from_str(facts).ok())
}

pub(crate) fn unknown() -> Problem {
    Problem::not_found(UNKNOWN)
}

/// The account that is stored, or 404.
pub(crate) async fn stored(api: &Api, id: AccountId) -> Result<Account, Problem> {
    api.storage().account(api.workspace(), id).await?.ok_or_else(unknown)
}

/// An employee's account is seen to by themselves or by an administrator, the company's by everybody.
pub(crate) fn check_holder(account: &Account, caller: &Caller) -> Result<(), Problem> {
    let others = account.holder.as_ref().is_some_and(|holder| caller.user() != Some(holder.user));
    if others && !is_admin(caller) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "not_yours", NOT_YOURS));
    }
    Ok(())
}

pub(crate) fn is_admin(caller: &Caller) -> bool {
    match caller {
        Caller::Person(person) => ADMINS.contains(&person.user.role.as_str()),
        Caller::Anonymous | Caller::Token(_) => false,
    }
}

/// 422: the network does not accept the account as it is given.
pub(crate) fn not_accepted(error: &ConnectorError) -> Problem {
    let detail = Message::said(|language| {
        let locale = Locale::of_language(language);
        let (setting, said) = said::tried(error, locale);
        let said = setting.map_or_else(|| said.clone(), |setting| format!("`{setting}`: {said}"));
        Message::with(NOT_ACCEPTED, [&said]).in_locale(locale)
    });
    let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not_accepted", detail);
    match error {
        ConnectorError::Invalid { setting, message } => problem.with_errors(vec![FieldProblem {
            field: format!("settings.{setting}"),
            code: "invalid_setting",
            message: Message::said(|_| message.clone()),
        }]),
        _ => problem,
    }
}

/// 422: the secrets are somebody else's.
fn another_secrets() -> Problem {
    Problem::field("secrets", "another_account", ANOTHER)
}

/// 422: who agreed on the network's page is somebody else than before.
pub(crate) fn another_account() -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "another_account", ANOTHER_PERSON)
}

const UNKNOWN: Localized = text(
    "there is no account with this id; look at the list of accounts",
    "учётной записи с таким номером нет; посмотрите список учётных записей",
    "облікового запису з таким номером немає; перегляньте список облікових записів",
);
const NOT_YOURS: Localized = text(
    "this account belongs to somebody else; ask them, or an administrator",
    "это учётная запись другого человека; попросите его или администратора",
    "це обліковий запис іншої людини; попросіть її або адміністратора",
);
const NOT_ACCEPTED: Localized = text(
    "the network does not accept this account: {0}",
    "сеть не принимает эту учётную запись: {0}",
    "мережа не приймає цей обліковий запис: {0}",
);
const ANOTHER: Localized = text(
    "belong to another account of the network; connect that one as an account of its own",
    "относятся к другой учётной записи сети; подключите её как отдельную",
    "належать до іншого облікового запису мережі; підключіть його як окремий",
);
const ANOTHER_PERSON: Localized = text(
    "on the network's page you were signed in to another account than this one, so nothing was changed; sign in there to the right one and begin again",
    "на странице сети вы вошли в другую учётную запись, поэтому ничего не изменилось; войдите там в нужную и начните заново",
    "на сторінці мережі ви ввійшли в інший обліковий запис, тож нічого не змінилося; увійдіть там у потрібний і почніть знову",
);
