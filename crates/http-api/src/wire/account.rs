//! Accounts: who we are on networks.

use std::collections::BTreeMap;
use std::time::Duration;

use molva_connectors as connectors;
use molva_domain::{AccountState, ReplyVisibility, Timestamp};
use molva_storage::account as stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::facts_of;
use crate::locale::Locale;
use crate::replies::advice;
use crate::sources::said::said;
use crate::wire::source::Quota;
use crate::wire::words::{AccountStateWord, ReplyVisibilityWord, Word};
use crate::wire::{Id, Time};

/// A token that ends within this time is told of.
const EXPIRES_SOON: Duration = Duration::from_secs(7 * 24 * 3_600);

/// An identity of ours on a network, from which replies are sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
// `Account` is the signed-in person in the document, which has one space of names.
#[schema(as = NetworkAccount)]
pub struct Account {
    pub id: Id,
    pub connector: String,
    pub name: String,
    pub holder: AccountHolder,
    pub settings: BTreeMap<String, String>,
    /// Secrets that are set; their values are never shown.
    pub secret_keys: Vec<String>,
    pub state: AccountStateWord,
    /// It ends within a week, and nothing renews it.
    pub expiring: bool,
    /// It was connected by consent on the network's own page, and how that stands.
    #[schema(required)]
    pub access: Option<AccountAccess>,
    /// Another person than the writer has to agree to each reply.
    pub needs_approval: bool,
    /// What the network said when it was last asked and answered well.
    #[schema(required)]
    pub facts: Option<AccountFacts>,
    #[schema(required)]
    pub checked_at: Option<Time>,
    #[schema(required)]
    pub problem: Option<Trouble>,
    pub created_at: Time,
}

/// How access by consent stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountAccess {
    pub since: Time,
    /// Molva renews it by itself; otherwise a person has to agree again when it ends.
    pub renews: bool,
    /// When a person has to agree again at the latest, where the network says so.
    #[schema(required)]
    pub ends_at: Option<Time>,
}

/// Whose an account is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountHolder {
    pub kind: HolderKind,
    /// Of an employee.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub user: Option<PersonName>,
    /// When they agreed that their own account is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub consent_at: Option<Time>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HolderKind {
    Company,
    /// A person who agreed; they alone write from it.
    Employee,
}

/// Somebody, and what they were called then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonName {
    pub id: Id,
    pub name: String,
}

/// What stands in the way, and the way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Trouble {
    /// Stable word for machines.
    pub code: String,
    /// What failed.
    pub message: String,
    /// The way out.
    pub advice: String,
}

impl Trouble {
    pub(crate) fn of(code: String, message: String, locale: Locale) -> Self {
        let ours = advice::said_by_us(&code).map(|said| locale.of(said).to_owned());
        let message = ours.unwrap_or_else(|| said(&code, &message, &[], locale));
        Self { advice: locale.of(advice::for_code(&code)).to_owned(), message, code }
    }
}

/// What the network says of an account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountFacts {
    /// As one would mention it, without the `@`.
    pub handle: String,
    #[schema(required)]
    pub name: Option<String>,
    /// Its page.
    #[schema(required)]
    pub url: Option<String>,
    /// What the token allows, in the network's words.
    pub scopes: Vec<String>,
    /// What is missing for replies, in a sentence.
    #[schema(required)]
    pub missing: Option<String>,
    /// When the token ends, where the network says so.
    #[schema(required)]
    pub expires_at: Option<Time>,
    #[schema(required)]
    pub quota: Option<Quota>,
    pub rule: ReplyRule,
}

/// What a reply must be like.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReplyRule {
    pub length: LengthRule,
    /// The first is proposed.
    pub visibilities: Vec<ReplyVisibilityWord>,
}

/// How long a reply may be, counted as the network counts.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct LengthRule {
    pub limit: u32,
    pub unit: LengthUnit,
    /// A second limit, in bytes of UTF-8.
    #[schema(required)]
    pub bytes: Option<u32>,
    /// A web address counts as so many, however long it is.
    #[schema(required)]
    pub url_counts: Option<u32>,
    /// `@user@server` counts as `@user`.
    pub short_handles: bool,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LengthUnit {
    /// What people take for one character.
    Graphemes,
    /// Unicode scalar values.
    Characters,
    Utf16,
    /// As X counts: wide letters are two.
    Weighted,
}

impl Account {
    pub(crate) fn of(account: stored::Account, now: Timestamp, locale: Locale) -> Self {
        let facts = facts_of(&account);
        let said = facts.as_ref().and_then(|facts| facts.expires_at);
        let ends = match account.grant {
            // The token's own end is no news when it is renewed before.
            Some(grant) if grant.refresh_at.is_some() => grant.renewable_until,
            Some(grant) => grant.ends_at.or(said),
            None => said,
        };
        let live = account.state != AccountState::Disconnected;
        Self {
            id: Id::of(account.id),
            connector: account.connector,
            name: account.name,
            holder: account.holder.into(),
            settings: account.settings,
            secret_keys: account.secret_keys,
            state: Word(account.state),
            expiring: live && ends.is_some_and(|ends| ends <= now.plus(EXPIRES_SOON)),
            access: account.grant.map(|grant| AccountAccess {
                since: grant.obtained_at.into(),
                renews: grant.refresh_at.is_some(),
                ends_at: ends.map(Into::into),
            }),
            needs_approval: account.needs_approval,
            facts: facts.map(Into::into),
            checked_at: account.checked_at.map(Into::into),
            problem: account.problem.map(|problem| Trouble::of(problem.code, problem.message, locale)),
            created_at: account.created_at.into(),
        }
    }
}

impl From<Option<stored::Holder>> for AccountHolder {
    fn from(holder: Option<stored::Holder>) -> Self {
        match holder {
            None => Self { kind: HolderKind::Company, user: None, consent_at: None },
            Some(holder) => Self {
                kind: HolderKind::Employee,
                user: Some(PersonName { id: Id::of(holder.user), name: holder.name }),
                consent_at: Some(holder.consent_at.into()),
            },
        }
    }
}

impl From<connectors::AccountFacts> for AccountFacts {
    fn from(facts: connectors::AccountFacts) -> Self {
        Self {
            handle: facts.handle,
            name: facts.name,
            url: facts.url,
            scopes: facts.scopes,
            missing: facts.missing,
            expires_at: facts.expires_at.map(Into::into),
            quota: facts.quota.map(|quota| Quota {
                limit: quota.limit,
                remaining: quota.remaining,
                resets_at: quota.resets_at.map(Into::into),
            }),
            rule: facts.rule.into(),
        }
    }
}

impl From<connectors::ReplyRule> for ReplyRule {
    fn from(rule: connectors::ReplyRule) -> Self {
        use connectors::reply::LengthUnit as Unit;
        let length = rule.length;
        Self {
            length: LengthRule {
                limit: length.limit,
                unit: match length.unit {
                    Unit::Graphemes => LengthUnit::Graphemes,
                    Unit::Characters => LengthUnit::Characters,
                    Unit::Utf16 => LengthUnit::Utf16,
                    Unit::Weighted => LengthUnit::Weighted,
                },
                bytes: length.bytes,
                url_counts: length.url_counts,
                short_handles: length.short_handles,
            },
            visibilities: rule.visibilities.into_iter().map(Word::<ReplyVisibility>).collect(),
        }
    }
}

/// An account to be connected.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountDraft {
    pub connector: String,
    /// At most 120 characters, unique.
    pub name: String,
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// Sealed at rest.
    #[serde(default)]
    pub secrets: BTreeMap<String, String>,
    #[serde(default)]
    pub holder: HolderDraft,
    /// With `me`: I agree that replies are sent from my own account.
    #[serde(default)]
    pub consent: bool,
    /// Another person than the writer has to agree to each reply.
    #[serde(default)]
    pub needs_approval: bool,
}

/// Whose it is to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HolderDraft {
    #[default]
    Company,
    /// The caller's own.
    Me,
}

/// What is to be changed of an account; what is not given stays.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub needs_approval: Option<bool>,
    /// Only those that are new; the network is asked before they are kept.
    #[serde(default)]
    pub secrets: BTreeMap<String, String>,
}

/// How a try of an account went.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountTest {
    pub ok: bool,
    /// Whom it belongs to, or what failed.
    pub message: String,
    /// Stable word of the failure.
    #[schema(required)]
    pub code: Option<String>,
    /// The key of the setting that is to blame, where one is.
    #[schema(required)]
    pub setting: Option<String>,
    /// The way out of the failure.
    #[schema(required)]
    pub advice: Option<String>,
    #[schema(required)]
    pub facts: Option<AccountFacts>,
}
