//! Replies: what we say to mentions, and where each is on its way.

use molva_domain::{Actor, ReplyVisibility};
use molva_storage::account as stored_account;
use molva_storage::reply as stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::facts_of;
use crate::wire::account::{AccountHolder, PersonName, ReplyRule, Trouble};
use crate::wire::attachment::{Attachment, AttachmentDraft, AttachmentRule};
use crate::wire::words::{ReplyStateWord, ReplyVisibilityWord};
use crate::wire::{Id, Time};

/// What we say to a mention.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reply {
    pub id: Id,
    pub mention_id: Id,
    pub account: ReplyAccount,
    pub visibility: ReplyVisibilityWord,
    pub text: String,
    pub attachments: Vec<Attachment>,
    pub state: ReplyStateWord,
    /// Not before this; until then it can be taken back.
    pub send_after: Time,
    /// How often it was handed to the network.
    pub attempts: u32,
    /// When the network is asked or tried again.
    #[schema(required)]
    pub next_attempt_at: Option<Time>,
    /// Where it can be seen.
    #[schema(required)]
    pub url: Option<String>,
    #[schema(required)]
    pub problem: Option<Trouble>,
    pub written_by: PersonName,
    #[schema(required)]
    pub approved_by: Option<PersonName>,
    pub created_at: Time,
    #[schema(required)]
    pub sent_at: Option<Time>,
    pub may: ReplyMay,
    /// What it answers; in lists over all mentions.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub mention: Option<AnsweredMention>,
}

/// From whom it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReplyAccount {
    pub id: Id,
    pub connector: String,
    pub name: String,
    /// As one would mention it, without the `@`.
    #[schema(required)]
    pub handle: Option<String>,
}

impl From<&stored_account::Account> for ReplyAccount {
    fn from(account: &stored_account::Account) -> Self {
        Self {
            id: Id::of(account.id),
            connector: account.connector.clone(),
            name: account.name.clone(),
            handle: facts_of(account).map(|facts| facts.handle),
        }
    }
}

/// What the caller may do to a reply as it is now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReplyMay {
    pub change: bool,
    /// Also puts one aside that was refused.
    pub cancel: bool,
    /// Who worded it cannot approve it.
    pub approve: bool,
    pub send_again: bool,
}

/// The mention a reply answers, in short.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AnsweredMention {
    pub id: Id,
    /// Its beginning; empty when the mention is gone.
    pub excerpt: String,
    /// The original.
    #[schema(required)]
    pub url: Option<String>,
}

/// A page of replies, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReplyPage {
    pub items: Vec<Reply>,
    /// Give it back as `cursor`; null at the end.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// A reply to be sent.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyDraft {
    pub account_id: String,
    pub text: String,
    /// The first of the account's, when it is not given.
    #[serde(default)]
    pub visibility: Option<ReplyVisibilityWord>,
    /// RFC 3339, within a year; in ten seconds when it is not given.
    #[serde(default)]
    pub send_after: Option<String>,
    /// Files the caller brought, in their order.
    #[serde(default)]
    pub attachments: Vec<AttachmentDraft>,
}

/// What is to be changed of a reply; what is not given stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyPatch {
    #[serde(default)]
    pub text: Option<String>,
    /// RFC 3339, within a year.
    #[serde(default)]
    pub send_after: Option<String>,
}

/// How a mention can be answered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReplyOptions {
    /// From at least one account.
    pub can_answer: bool,
    /// Where a person can answer by themselves.
    #[schema(required)]
    pub original_url: Option<String>,
    /// Why it cannot be answered from any.
    #[schema(required)]
    pub why_not: Option<Obstacle>,
    /// For so long a reply can be taken back when no time is given.
    pub undo_seconds: u32,
    pub accounts: Vec<AccountOption>,
}

/// An account from which a mention might be answered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountOption {
    pub account: OptionAccount,
    pub rule: ReplyRule,
    /// Which files may go with the reply; null: none.
    #[schema(required)]
    pub attachments: Option<AttachmentRule>,
    /// Why none may, where none may.
    #[schema(required)]
    pub no_attachments: Option<String>,
    pub needs_approval: bool,
    /// What the text has to begin with so that its addressee is told.
    #[schema(required)]
    pub greeting: Option<String>,
    /// What stands in the way; null: it may be answered from this account.
    #[schema(required)]
    pub may: Option<Obstacle>,
}

/// An account to choose.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OptionAccount {
    pub id: Id,
    pub connector: String,
    pub name: String,
    pub handle: String,
    pub holder: AccountHolder,
}

/// Why something cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Obstacle {
    /// Stable word for machines: `no_account`, `read_only`, `deleted`, `account_expired`, `not_yours`, `other_server`, …
    pub code: String,
    pub message: String,
}

impl From<&stored::Person> for PersonName {
    fn from(person: &stored::Person) -> Self {
        let id = match person.actor {
            Actor::User(id) => id.0,
            Actor::Token(id) => id.0,
            Actor::Source(id) => id.0,
            Actor::System => 0,
        };
        Self { id: Id::of(id), name: person.name.clone() }
    }
}

/// The visibility a draft asks for.
impl ReplyDraft {
    pub(crate) fn visibility(&self) -> Option<ReplyVisibility> {
        self.visibility.map(|word| word.0)
    }
}
