//! Replies as they are shown to a caller: with their accounts, and with what the caller may do.

use std::collections::HashMap;

use molva_domain::{AccountId, AccountState, ReplyState};
use molva_storage::account::Account;
use molva_storage::reply as stored;

use crate::access::caller::Caller;
use crate::api::Api;
use crate::locale::Locale;
use crate::problem::Problem;
use crate::wire::Id;
use crate::wire::account::{PersonName, Trouble};
use crate::wire::reply::{AnsweredMention, Reply, ReplyAccount, ReplyMay};
use crate::wire::words::Word;

pub(crate) struct Desk {
    accounts: HashMap<AccountId, Account>,
    caller: Caller,
    locale: Locale,
}

impl Desk {
    pub(crate) async fn of(api: &Api, caller: Caller, locale: Locale) -> Result<Self, Problem> {
        let accounts = api.storage().accounts(api.workspace()).await?;
        let accounts = accounts.into_iter().map(|account| (account.id, account)).collect();
        Ok(Self { accounts, caller, locale })
    }

    pub(super) fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(&id)
    }

    pub(crate) fn show(&self, reply: stored::Reply) -> Reply {
        let account = self.accounts.get(&reply.account);
        let may = self.may(&reply, account);
        Reply {
            id: Id::of(reply.id),
            mention_id: Id::of(reply.mention),
            account: account.map_or_else(|| forgotten(reply.account), ReplyAccount::from),
            visibility: Word(reply.visibility),
            state: Word(reply.state),
            send_after: reply.send_after.into(),
            attempts: reply.attempts,
            next_attempt_at: next_attempt(&reply).map(Into::into),
            url: reply.url,
            problem: self.problem(reply.problem, reply.state, account),
            written_by: PersonName::from(&reply.written_by),
            approved_by: reply.approved_by.as_ref().map(PersonName::from),
            created_at: reply.created_at.into(),
            sent_at: reply.sent_at.map(Into::into),
            text: reply.text,
            attachments: reply.attachments.into_iter().map(Into::into).collect(),
            may,
            mention: None,
        }
    }

    pub(super) fn show_with(&self, reply: stored::Reply, mention: AnsweredMention) -> Reply {
        Reply { mention: Some(mention), ..self.show(reply) }
    }

    /// A reply that waits for its account has no problem of its own.
    fn problem(
        &self,
        own: Option<molva_storage::source::Problem>,
        state: ReplyState,
        account: Option<&Account>,
    ) -> Option<Trouble> {
        let of_account = || {
            let account = account.filter(|account| state == ReplyState::Waiting && stands_still(account.state))?;
            let code = if account.state == AccountState::Expired { "account_expired" } else { "account_revoked" };
            let message = account.problem.as_ref().map(|problem| problem.message.clone()).unwrap_or_default();
            Some(molva_storage::source::Problem { code: code.to_owned(), message })
        };
        own.or_else(of_account).map(|problem| Trouble::of(problem.code, problem.message, self.locale))
    }

    fn may(&self, reply: &stored::Reply, account: Option<&Account>) -> ReplyMay {
        let Some(account) = account.filter(|account| account.state != AccountState::Disconnected) else {
            return ReplyMay::default();
        };
        let speaks = may_speak(account, &self.caller);
        let is_person = self.caller.user().is_some();
        ReplyMay {
            change: speaks && reply.state.is_ours(),
            cancel: reply.state.is_ours() || matches!(reply.state, ReplyState::Retrying | ReplyState::Refused),
            approve: is_person && reply.state == ReplyState::AwaitingApproval && reply.worded_by != self.caller.actor(),
            send_again: speaks && reply.state == ReplyState::Refused,
        }
    }
}

/// From an employee's own account they alone write.
pub(super) fn may_speak(account: &Account, caller: &Caller) -> bool {
    account.holder.as_ref().is_none_or(|holder| caller.user() == Some(holder.user))
}

const fn stands_still(state: AccountState) -> bool {
    matches!(state, AccountState::Expired | AccountState::Revoked)
}

fn next_attempt(reply: &stored::Reply) -> Option<molva_domain::Timestamp> {
    let waits = matches!(reply.state, ReplyState::Waiting | ReplyState::Retrying | ReplyState::Unsure);
    reply.next_at.filter(|_| waits)
}

/// Accounts are never deleted, so this is only seen while one is being made.
fn forgotten(id: AccountId) -> ReplyAccount {
    ReplyAccount { id: Id::of(id), connector: String::new(), name: String::new(), handle: None }
}
