//! What is done when a person came back with consent: an account or source is made, or gets its new token.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::StatusCode;
use molva_connectors::oauth::Refresh;
use molva_connectors::{AccountFacts, Localized};
use molva_domain::{AccountId, AccountState, Secret, SourceId, SourceState, UserId};
use molva_pipeline::oauth::Consent;
use molva_storage::StorageError;
use molva_storage::account::{AccountChange, AccountDraft};
use molva_storage::oauth::{GrantOwner, NewGrant};
use molva_storage::source::SourceDraft;

use super::{Errand, What};
use crate::access::caller::{Caller, Person};
use crate::accounts::{another_account, check_holder, facts_of, not_accepted, stored};
use crate::api::Api;
use crate::locale::text;
use crate::problem::Problem;
use crate::{sources, wire};

const DAY: Duration = Duration::from_secs(86_400);
/// Names tried for an account that was given none.
const NAMES: u32 = 20;

/// Answers the page to lead on to.
pub(super) async fn finish(
    api: &Api,
    person: &Person,
    connector: String,
    errand: Errand,
    consent: Consent,
) -> Result<String, Problem> {
    let caller = Caller::Person(person.clone());
    let mut secrets: BTreeMap<String, Secret> =
        errand.secrets.into_iter().map(|(key, value)| (key, Secret::new(value))).collect();
    secrets.extend(consent.secrets.clone());
    let owner = match errand.what {
        What::AccountAgain { id } => Some(GrantOwner::Account(AccountId(id))),
        What::SourceAgain { id } => Some(GrantOwner::Source(SourceId(id))),
        _ => None,
    };
    let mut consent = consent;
    if let Some(owner) = owner {
        consent.grant = api.pipeline().with_former_refresh(owner, consent.grant).await?;
    }
    check_it_lasts(api, &connector, &consent.grant)?;
    match errand.what {
        What::Account { name, holder, needs_approval } => {
            let facts = probe(api, &connector, &errand.settings, &secrets, &consent).await?;
            let names = names(&name, &facts);
            let draft = AccountDraft {
                connector,
                name: String::new(),
                settings: errand.settings,
                secrets,
                holder: holder.map(UserId),
                needs_approval,
                facts: serde_json::to_string(&facts).map_err(Problem::internal)?,
            };
            let account = create(api, &caller, draft, names, consent).await?;
            Ok(format!("/settings/accounts?connected={account}"))
        }
        What::AccountAgain { id } => {
            let account = stored(api, AccountId(id)).await?;
            check_holder(&account, &caller)?;
            let mut complete = api.storage().account_secrets(api.workspace(), account.id).await.unwrap_or_default();
            complete.extend(secrets.clone());
            let facts = probe(api, &connector, &account.settings, &complete, &consent).await?;
            if facts_of(&account).is_some_and(|known| known.native_id != facts.native_id) {
                return Err(another_account());
            }
            let facts = Some(serde_json::to_string(&facts).map_err(Problem::internal)?);
            let change = AccountChange { secrets, facts, ..AccountChange::default() };
            let grant = Some(consent.grant);
            let changed =
                api.storage().update_account_by(api.workspace(), caller.actor(), account.id, change, grant).await?;
            let account = changed.ok_or_else(crate::accounts::unknown)?;
            api.pipeline().replies_changed();
            Ok(format!("/settings/accounts?connected={}", account.id))
        }
        What::Source { name } => {
            let draft = wire::source::SourceDraft {
                connector,
                name,
                settings: errand.settings,
                secrets: secrets.into_iter().map(|(key, secret)| (key, secret.expose().to_owned())).collect(),
            };
            let mut draft = sources::draft::read(draft)?;
            draft.make_webhook_secrets();
            let (stored, grant) = (draft.stored, Some(consent.grant));
            let made = api.storage().create_source_by(api.workspace(), caller.actor(), stored, grant).await?;
            api.pipeline().source_changed(api.workspace(), made.id);
            Ok(format!("/sources/{}", made.id))
        }
        What::SourceAgain { id } => {
            let source = sources::stored(api, SourceId(id)).await?;
            let (workspace, actor) = (api.workspace(), caller.actor());
            let draft = SourceDraft { connector, name: source.name, settings: source.settings, secrets };
            api.storage().update_source_by(workspace, actor, source.id, draft, Some(consent.grant)).await?;
            if source.state == SourceState::Stopped {
                api.storage().set_source_paused(workspace, actor, source.id, false).await?;
            }
            api.pipeline().source_changed(workspace, source.id);
            Ok(format!("/sources/{id}"))
        }
    }
}

/// An access that ends within a day and cannot be renewed is of no use to anybody.
fn check_it_lasts(api: &Api, connector: &str, grant: &NewGrant) -> Result<(), Problem> {
    let renewable = api.pipeline().oauth_on(connector).is_some_and(|oauth| oauth.refresh != Refresh::Never);
    let soon = grant.ends_at.is_some_and(|ends| ends <= api.now().plus(DAY));
    if renewable && soon && grant.refresh_at.is_none() {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "short_access", SHORT));
    }
    Ok(())
}

/// Whom the token belongs to; what the network said beside the token fills in what it does not say of it.
async fn probe(
    api: &Api,
    connector: &str,
    settings: &BTreeMap<String, String>,
    secrets: &BTreeMap<String, Secret>,
    consent: &Consent,
) -> Result<AccountFacts, Problem> {
    let asked = api.pipeline().probe_account(connector, settings.clone(), secrets.clone()).await;
    let mut facts = asked.map_err(|error| not_accepted(&error))?;
    if facts.scopes.is_empty() {
        facts.scopes.clone_from(&consent.scopes);
    }
    facts.expires_at = facts.expires_at.or(consent.grant.ends_at);
    Ok(facts)
}

/// As the person called it, else as the network does.
fn names(given: &str, facts: &AccountFacts) -> Vec<String> {
    if !given.is_empty() {
        return vec![given.to_owned()];
    }
    let handle: String = facts.handle.chars().take(100).collect();
    let first = format!("@{handle}");
    let more = (2..NAMES).map(|number| format!("@{handle} ({number})"));
    std::iter::once(first.clone()).chain(more).collect()
}

async fn create(
    api: &Api,
    caller: &Caller,
    draft: AccountDraft,
    names: Vec<String>,
    consent: Consent,
) -> Result<AccountId, Problem> {
    let accounts = api.storage().accounts(api.workspace()).await?;
    let taken =
        |name: &str| accounts.iter().any(|account| account.state != AccountState::Disconnected && account.name == name);
    let Some(name) = names.iter().find(|name| !taken(name)).or(names.first()) else {
        return Err(StorageError::Taken { field: "account", value: draft.name }.into());
    };
    let draft = AccountDraft { name: name.clone(), ..draft };
    let grant = Some(consent.grant);
    let made = api.storage().create_account_by(api.workspace(), caller.actor(), draft, grant).await?;
    Ok(made.id)
}

const SHORT: Localized = text(
    "the network gave access for a few hours only and nothing to renew it with; take Molva's access back in your settings there, then begin again",
    "сеть дала доступ лишь на несколько часов и не дала возможности его продлить; отзовите доступ Молвы в своих настройках там и начните заново",
    "мережа дала доступ лише на кілька годин і не дала змоги його продовжити; відкличте доступ Молви у своїх налаштуваннях там і почніть знову",
);
