//! Keeping tokens alive: one process at a time renews a grant, and that it does is written down before the network is asked.
//!
//! A refresh token that serves once is spent as soon as the network has it. Who dies before the answer is kept leaves
//! `asked_at` behind; whoever claims the grant next knows that the token may be spent.

use std::collections::BTreeMap;
use std::time::Duration;

use molva_domain::{AccountState, Actor, EventKind, Secret, Timestamp, WorkspaceId};
use serde_json::json;

use super::{GrantOwner, context};
use crate::account::{self, AccountReport, write_report};
use crate::event::NewEvent;
use crate::secret::{ACCOUNT, SOURCE};
use crate::source::Problem;
use crate::sql::{Statement, Transaction};
use crate::{Result, Storage, StorageError};

/// When what cannot be opened is tried again.
const UNREADABLE: Duration = Duration::from_secs(3_600);

/// A grant that is ours to renew.
#[derive(Clone, Debug)]
pub struct ClaimedGrant {
    pub workspace: WorkspaceId,
    pub owner: GrantOwner,
    pub connector: String,
    pub server: String,
    pub client_id: String,
    /// See [`super::NewGrant::content`].
    pub content: Secret,
    /// Somebody asked before, and the answer was not kept: what it is renewed with may be spent.
    pub asked_before: bool,
    /// Tries that failed since it was last renewed.
    pub failures: u32,
    fence: i64,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum GrantSettled {
    /// There is a new token.
    Renewed {
        content: Secret,
        /// The new token by the setting's key.
        secrets: BTreeMap<String, Secret>,
        ends_at: Option<Timestamp>,
        renewable_until: Option<Timestamp>,
        refresh_at: Option<Timestamp>,
    },
    /// The network certainly did nothing; tried again then.
    Later { until: Timestamp },
    /// What the network answered is not known; tried again then.
    Lost { until: Timestamp },
    /// It cannot be renewed any more: a person has to consent again.
    Ended(Problem),
}

impl Storage {
    /// What is due. An account that is just being spoken for is left alone until that is over: its token may end with this.
    /// When this returns it is written down and committed that the network is asked.
    pub async fn claim_grants(
        &self,
        workspace: WorkspaceId,
        owner: &str,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<ClaimedGrant>> {
        let now = self.now();
        // Mostly nothing is due, and nobody has to wait for that answer.
        let due = || Statement::new(DUE).bind(workspace.0).bind(now).bind(i64::from(limit));
        if self.database().all(due()).await?.is_empty() {
            return Ok(Vec::new());
        }
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let mut claimed = Vec::new();
        for row in transaction.all(due()).await? {
            let mut columns = row.columns();
            let (kind, id) = (columns.text()?, columns.integer()?);
            let Some(whose) = GrantOwner::of(&kind, id) else { continue };
            let (connector, server, client_id) = (columns.text()?, columns.text()?, columns.text()?);
            let Ok(content) = self.inner.seal.unseal(&context(workspace.0, id, &kind), &columns.bytes()?) else {
                // The key file is another one: what cannot be opened now may be later, and must not hold up the others.
                let statement =
                    Statement::new("UPDATE oauth_grant SET refresh_at = $3 WHERE owner_kind = $1 AND owner_id = $2");
                transaction.execute(statement.bind(kind).bind(id).bind(now.plus(UNREADABLE))).await?;
                continue;
            };
            let asked_before = columns.maybe_time()?.is_some();
            let failures = u32::try_from(columns.integer()?).unwrap_or(0);
            let statement = Statement::new(
                "UPDATE oauth_grant SET asked_at = $3, lease_owner = $4, lease_until = $5, lease_fence = lease_fence + 1 \
                 WHERE owner_kind = $1 AND owner_id = $2 RETURNING lease_fence",
            );
            let statement = statement.bind(kind).bind(id).bind(now).bind(owner).bind(now.plus(lease));
            let Some(row) = transaction.optional(statement).await? else { continue };
            claimed.push(ClaimedGrant {
                workspace,
                owner: whose,
                connector,
                server,
                client_id,
                content: Secret::new(content),
                asked_before,
                failures,
                fence: row.columns().integer()?,
            });
        }
        self.commit(transaction).await?;
        Ok(claimed)
    }

    /// Writes down what came of it and ends the claim, in one transaction with the token. `false`: the claim was lost, and
    /// nothing is written.
    pub async fn settle_grant(&self, claimed: &ClaimedGrant, settled: GrantSettled) -> Result<bool> {
        let (workspace, now) = (claimed.workspace, self.now());
        let (kind, id) = (claimed.owner.kind(), claimed.owner.id());
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let held = Statement::new(
            "UPDATE oauth_grant SET lease_owner = NULL, lease_until = 0 \
             WHERE owner_kind = $1 AND owner_id = $2 AND lease_fence = $3 AND lease_owner IS NOT NULL",
        );
        if transaction.execute(held.bind(kind).bind(id).bind(claimed.fence)).await? == 0 {
            return Ok(false);
        }
        let mut events = Vec::new();
        match settled {
            GrantSettled::Renewed { content, secrets, ends_at, renewable_until, refresh_at } => {
                let sealed = self.inner.seal.seal(&context(workspace.0, id, kind), content.expose())?;
                let statement = Statement::new(
                    "UPDATE oauth_grant SET sealed = $3, obtained_at = $4, ends_at = $5, renewable_until = $6, refresh_at = $7, \
                     asked_at = NULL, failures = 0 WHERE owner_kind = $1 AND owner_id = $2",
                );
                let statement = statement.bind(kind).bind(id).bind(sealed).bind(now).bind(ends_at);
                transaction.execute(statement.bind(renewable_until).bind(refresh_at)).await?;
                let secrets_of = if matches!(claimed.owner, GrantOwner::Account(_)) { &ACCOUNT } else { &SOURCE };
                self.keep_secrets(&mut transaction, secrets_of, workspace, id, &secrets).await?;
                events.extend(accepted_again(&mut transaction, workspace, claimed.owner, now).await?);
            }
            GrantSettled::Later { until } => {
                // Whether an earlier answer was lost stays known.
                let asked = claimed.asked_before.then_some(now);
                again(&mut transaction, claimed, until, asked).await?;
            }
            GrantSettled::Lost { until } => again(&mut transaction, claimed, until, Some(now)).await?,
            GrantSettled::Ended(problem) => {
                let statement =
                    Statement::new("UPDATE oauth_grant SET refresh_at = NULL WHERE owner_kind = $1 AND owner_id = $2");
                transaction.execute(statement.bind(kind).bind(id)).await?;
                events.extend(ended(&mut transaction, workspace, claimed.owner, problem, now).await?);
            }
        }
        transaction.record(workspace, now, Actor::System, events).await?;
        self.commit(transaction).await?;
        Ok(true)
    }

    /// What a process of that name had claimed when it died is free at once. To be called before it claims anything itself.
    pub async fn abandon_grants(&self, workspace: WorkspaceId, owner: &str) -> Result<u64> {
        let mut transaction = self.begin().await?;
        let statement = Statement::new(
            "UPDATE oauth_grant SET lease_owner = NULL, lease_until = 0 WHERE workspace_id = $1 AND lease_owner = $2",
        );
        let abandoned = transaction.execute(statement.bind(workspace.0).bind(owner)).await?;
        self.commit(transaction).await?;
        Ok(abandoned)
    }

    /// The network says that the token has ended before its time: it is renewed at once, unless it is younger than `unless_younger`.
    pub async fn hasten_grant(
        &self,
        workspace: WorkspaceId,
        owner: GrantOwner,
        unless_younger: Duration,
    ) -> Result<bool> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        let statement = Statement::new(
            "UPDATE oauth_grant SET refresh_at = $4 WHERE workspace_id = $1 AND owner_kind = $2 AND owner_id = $3 \
             AND refresh_at > $4 AND obtained_at <= $5 AND failures = 0",
        );
        let statement = statement.bind(workspace.0).bind(owner.kind()).bind(owner.id()).bind(now);
        let hastened = transaction.execute(statement.bind(now.minus(unless_younger))).await?;
        self.commit(transaction).await?;
        Ok(hastened > 0)
    }
}

/// `$1` the workspace, `$2` now, `$3` at most so many.
const DUE: &str = "SELECT g.owner_kind, g.owner_id, g.connector, g.server, g.client_id, g.sealed, g.asked_at, g.failures \
     FROM oauth_grant g WHERE g.workspace_id = $1 AND g.refresh_at <= $2 AND g.lease_until <= $2 \
     AND (g.owner_kind = 'source' OR NOT EXISTS (SELECT 1 FROM reply held WHERE held.account_id = g.owner_id \
     AND held.lease_owner IS NOT NULL AND held.lease_until > $2)) ORDER BY g.refresh_at LIMIT $3";

async fn again(
    transaction: &mut Transaction,
    claimed: &ClaimedGrant,
    until: Timestamp,
    asked_at: Option<Timestamp>,
) -> Result<()> {
    let statement = Statement::new(
        "UPDATE oauth_grant SET refresh_at = $3, asked_at = $4, failures = failures + 1 WHERE owner_kind = $1 AND owner_id = $2",
    );
    let statement = statement.bind(claimed.owner.kind()).bind(claimed.owner.id()).bind(until).bind(asked_at);
    transaction.execute(statement).await.map(drop)
}

/// What waited for a token need not wait for the next look at its health.
async fn accepted_again(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    owner: GrantOwner,
    now: Timestamp,
) -> Result<Vec<NewEvent>> {
    match owner {
        GrantOwner::Account(id) => {
            let Some(before) = account::connected(transaction, workspace, id).await? else { return Ok(Vec::new()) };
            if before.state == AccountState::Connected {
                return Ok(Vec::new());
            }
            let facts = before.facts.clone().unwrap_or_default();
            write_report(transaction, &before, now, AccountReport::Well { facts }).await
        }
        GrantOwner::Source(id) => {
            let statement = Statement::new(
                "UPDATE source SET state = 'starting', problem_code = NULL, problem = NULL, problem_since = NULL, \
                 next_attempt_at = NULL WHERE workspace_id = $1 AND id = $2 AND state IN ('stopped', 'failing') \
                 AND problem_code IN ('auth_expired', 'auth_revoked', 'consent_ended', 'renewal_lost')",
            );
            let changed = transaction.execute(statement.bind(workspace.0).bind(id.0)).await?;
            Ok((changed > 0).then(|| NewEvent::of(EventKind::SourceChanged, id.0)).into_iter().collect())
        }
    }
}

async fn ended(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    owner: GrantOwner,
    problem: Problem,
    now: Timestamp,
) -> Result<Vec<NewEvent>> {
    match owner {
        GrantOwner::Account(id) => {
            let Some(before) = account::connected(transaction, workspace, id).await? else { return Ok(Vec::new()) };
            let report = AccountReport::NotAccepted { state: AccountState::Expired, problem };
            write_report(transaction, &before, now, report).await
        }
        GrantOwner::Source(id) => {
            let statement = Statement::new(
                "UPDATE source SET problem_code = $3, problem = $4, problem_since = $5 WHERE workspace_id = $1 AND id = $2",
            );
            let code = problem.code.clone();
            let statement = statement.bind(workspace.0).bind(id.0).bind(problem.code).bind(problem.message).bind(now);
            if transaction.execute(statement).await? == 0 {
                return Err(StorageError::SourceGone(id));
            }
            let after = json!({"problem": code});
            Ok(vec![NewEvent::changed(EventKind::SourceChanged, id.0, serde_json::Value::Null, after)])
        }
    }
}
