//! Accounts: what the network says of them, asked when they are connected, when a person wants to know, and every six hours.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use molva_connectors::{AccountFacts, AccountSession, ConnectorError, Replies, ReplyTarget, Settings};
use molva_domain::{AccountId, AccountState, Post, Secret, SystemClock};
use molva_storage::StorageError;
use molva_storage::account::{Account, AccountReport};
use molva_storage::oauth::GrantOwner;
use molva_storage::source::Problem;
use tokio_util::sync::CancellationToken;

use crate::ingest::Pipeline;

/// A probe by a person's wish.
const PROBE_LIMIT: Duration = Duration::from_secs(20);
const PROBE_EVERY: Duration = Duration::from_secs(6 * 3_600);
/// How often is looked for accounts whose time has come.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Why the network of an account cannot be spoken with.
#[derive(Debug)]
pub(crate) enum NoSession {
    /// One can only listen to it, or this version does not know it.
    CannotAnswer,
    /// They cannot be opened.
    Secrets(StorageError),
}

/// What a post is for those who answer it.
#[must_use]
pub fn target_of(post: &Post) -> ReplyTarget {
    ReplyTarget {
        urn: post.urn.clone(),
        kind: post.kind,
        url: post.url.clone(),
        author_handle: post.author.handle.clone(),
        community: post.community.as_ref().map(|community| community.key.clone()),
        in_reply_to: post.in_reply_to.clone(),
        addressed: molva_connectors::reply::addressed(post),
        published_at: post.published_at,
    }
}

impl Pipeline {
    /// How to answer on a network; `None` where one can only listen.
    #[must_use]
    pub fn replies_on(&self, connector: &str) -> Option<&'static dyn Replies> {
        self.inner.connector(connector)?.replies()
    }

    /// Tries an account without storing anything. At most 20 s.
    pub async fn probe_account(
        &self,
        connector: &str,
        settings: BTreeMap<String, String>,
        secrets: BTreeMap<String, Secret>,
    ) -> Result<AccountFacts, ConnectorError> {
        let Some(replies) = self.replies_on(connector) else {
            return Err(ConnectorError::invalid("connector", format!("`{connector}` cannot be answered")));
        };
        let settings = Settings::new(settings, secrets);
        if let Some(problem) =
            settings.check_with(replies.account_settings(), self.oauth_on(connector)).into_iter().next()
        {
            return Err(problem.into());
        }
        let session = self.session_of(replies, settings);
        tokio::time::timeout(PROBE_LIMIT, replies.probe(&session)).await.unwrap_or_else(|_elapsed| {
            Err(ConnectorError::Transient { message: "no answer within 20 s".to_owned(), retry_after: None })
        })
    }

    /// Asks the network for an account that is stored, and writes down what it says. `None` when there is none or it is
    /// disconnected.
    pub async fn check_account(&self, id: AccountId) -> Result<Option<Account>, StorageError> {
        let (storage, workspace) = (self.storage(), self.inner.options.workspace);
        let Some(account) = storage.account(workspace, id).await? else { return Ok(None) };
        if account.state == AccountState::Disconnected {
            return Ok(None);
        }
        let report = self.ask_for(&account).await;
        let refused = matches!(report, AccountReport::NotAccepted { .. });
        // That it ended for good while it was asked is what the person has to know, not that the former token is refused.
        if refused && let Some(now) = storage.account(workspace, id).await?.filter(ended) {
            return Ok(Some(now));
        }
        let renewed = refused && self.renewed_since(&account).await?;
        let report = if renewed { self.ask_for(&account).await } else { report };
        let after = storage.report_account(workspace, id, report).await?;
        match after.as_ref().map(|after| after.state) {
            Some(AccountState::Connected) => self.replies_changed(),
            Some(AccountState::Expired | AccountState::Revoked) => self.token_refused(GrantOwner::Account(id)).await,
            _ => {}
        }
        Ok(after)
    }

    /// Whether its token was renewed after it was read: what was asked with the former one says nothing.
    async fn renewed_since(&self, account: &Account) -> Result<bool, StorageError> {
        let obtained = |account: &Account| account.grant.map(|grant| grant.obtained_at);
        let now = self.storage().account(account.workspace, account.id).await?;
        Ok(now.as_ref().and_then(obtained) > obtained(account))
    }

    async fn ask_for(&self, account: &Account) -> AccountReport {
        match self.account_session(account).await {
            Ok((replies, session)) => {
                let asked = tokio::time::timeout(PROBE_LIMIT, replies.probe(&session)).await;
                report_of(asked.unwrap_or_else(|_elapsed| {
                    Err(ConnectorError::Transient { message: "no answer within 20 s".to_owned(), retry_after: None })
                }))
            }
            Err(NoSession::CannotAnswer) => {
                let message = format!("this version cannot answer on `{}`", account.connector);
                AccountReport::NotReached { problem: Problem { code: "cannot_answer".to_owned(), message } }
            }
            Err(NoSession::Secrets(error)) => {
                let problem = Problem { code: "secrets".to_owned(), message: error.to_string() };
                AccountReport::NotAccepted { state: AccountState::Expired, problem }
            }
        }
    }

    pub(crate) async fn account_session(
        &self,
        account: &Account,
    ) -> Result<(&'static dyn Replies, AccountSession), NoSession> {
        let replies = self.replies_on(&account.connector).ok_or(NoSession::CannotAnswer)?;
        let secrets = self.storage().account_secrets(account.workspace, account.id).await;
        let settings = Settings::new(account.settings.clone(), secrets.map_err(NoSession::Secrets)?);
        Ok((replies, self.session_of(replies, settings)))
    }

    /// What is under way when Molva stops is brought to its end, so nothing cancels it.
    fn session_of(&self, replies: &dyn Replies, settings: Settings) -> AccountSession {
        AccountSession {
            settings: settings.with_defaults(replies.account_settings()),
            clock: Arc::new(SystemClock),
            http: self.inner.http.clone(),
            cancel: CancellationToken::new(),
        }
    }

    /// Asks for each account every six hours.
    pub(crate) fn keep_accounts(&self) {
        let pipeline = self.clone();
        tokio::spawn(async move {
            loop {
                if let Err(error) = pipeline.check_accounts().await {
                    tracing::warn!(%error, "the health of accounts could not be looked at, trying again");
                }
                tokio::select! {
                    () = pipeline.inner.cancel.cancelled() => return,
                    () = tokio::time::sleep(pipeline.scaled(LOOK_EVERY)) => {}
                }
            }
        });
    }

    async fn check_accounts(&self) -> Result<(), StorageError> {
        let due_before = self.storage().now().minus(self.scaled(PROBE_EVERY));
        for account in self.storage().accounts(self.inner.options.workspace).await? {
            let due = account.checked_at.is_none_or(|checked| checked <= due_before);
            // The former token may still be good for a while; that it ends for good is what the person has to know.
            if due
                && !ended(&account)
                && account.state != AccountState::Disconnected
                && !self.inner.cancel.is_cancelled()
            {
                self.check_account(account.id).await?;
            }
        }
        Ok(())
    }
}

/// Its consent is over: nothing but another one brings the access back.
fn ended(account: &Account) -> bool {
    account.state == AccountState::Expired && account.grant.is_some_and(|grant| grant.refresh_at.is_none())
}

fn report_of(asked: Result<AccountFacts, ConnectorError>) -> AccountReport {
    let error = match asked {
        // Facts are plain values; they can always be written.
        Ok(facts) => return AccountReport::Well { facts: serde_json::to_string(&facts).unwrap_or_default() },
        Err(error) => error,
    };
    let problem = Problem { code: error.code().to_owned(), message: error.to_string() };
    match error {
        ConnectorError::AuthExpired => AccountReport::NotAccepted { state: AccountState::Expired, problem },
        ConnectorError::AuthRevoked(_) | ConnectorError::Forbidden(_) => {
            AccountReport::NotAccepted { state: AccountState::Revoked, problem }
        }
        _ => AccountReport::NotReached { problem },
    }
}
