//! The way out: who may hand a reply to the network, written down before anything goes there.

use std::time::Duration;

use molva_domain::{AccountId, AccountState, Actor, ReplyId, ReplyState, WorkspaceId};

use super::{COLUMNS, Reply, one, read, withdraw, write};
use crate::sql::{Assembly, Connection, Statement, Transaction};
use crate::{Result, Storage};

/// Who claims, and what.
#[derive(Clone, Debug)]
pub struct ReplyClaim<'a> {
    /// [`Storage::process_name`].
    pub owner: &'a str,
    /// After that long another may take it over; longer than any try takes.
    pub lease: Duration,
    pub limit: usize,
    /// Accounts that are left alone for now.
    pub except: &'a [AccountId],
}

/// A reply that is ours to see to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedReply {
    /// As it is now: `sending`, and then it may be sent, or `unsure`, and then the network must be asked first.
    pub reply: Reply,
    /// Whoever took it over has a greater one; what an older one says is not written.
    pub fence: i64,
}

/// Accounts with something to do and nothing being done, whose token is neither being renewed nor waits to be.
/// `$1` the workspace, `$2` now.
const BUSY: &str = "SELECT a.id, a.state FROM account a WHERE a.workspace_id = $1 AND a.state IN ('connected', 'disconnected') \
     AND EXISTS (SELECT 1 FROM reply due WHERE due.account_id = a.id AND due.next_at <= $2) \
     AND NOT EXISTS (SELECT 1 FROM reply held WHERE held.account_id = a.id AND held.lease_owner IS NOT NULL \
     AND held.lease_until > $2) \
     AND NOT EXISTS (SELECT 1 FROM oauth_grant g WHERE g.owner_kind = 'account' AND g.owner_id = a.id AND (g.lease_until > $2 \
     OR (g.refresh_at IS NOT NULL AND g.ends_at <= $2 AND a.state = 'connected'))) ORDER BY a.id";

impl Storage {
    /// What is due, one reply an account: as long as one is claimed the account's others wait, whoever asks. When this returns it
    /// is written down and committed that they are being sent; one that was being sent by whoever has lost it comes as `unsure`.
    pub async fn claim_replies(&self, workspace: WorkspaceId, claim: &ReplyClaim<'_>) -> Result<Vec<ClaimedReply>> {
        // Mostly nothing is due, and nobody has to wait for that answer.
        if accounts(&mut Connection::Pool(self.database()), workspace, self, claim).await?.is_empty() {
            return Ok(Vec::new());
        }
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let (mut claimed, mut events) = (Vec::new(), Vec::new());
        for (account, state) in accounts(&mut Connection::Transaction(&mut transaction), workspace, self, claim).await?
        {
            if state == AccountState::Disconnected {
                events.extend(withdraw(&mut transaction, workspace, account, now).await?);
                continue;
            }
            let mut query = Assembly::default();
            query.push(COLUMNS).bind(workspace.0).push(" AND account_id = ").bind(account.0);
            // What may have arrived comes first: the longer it waits behind others, the deeper it lies there when it is looked for.
            query.push(" AND next_at <= ").bind(now);
            query.push(" ORDER BY CASE WHEN state IN ('sending', 'unsure') THEN 0 ELSE 1 END, next_at, id LIMIT 1");
            let Some(row) = transaction.all(query.into_statement()).await?.into_iter().next() else { continue };
            let before = read(&row)?;
            let until = now.plus(claim.lease);
            let mut after = Reply { next_at: Some(until), changed_at: now, ..before.clone() };
            match before.state {
                ReplyState::Sending => (after.state, after.looks) = (ReplyState::Unsure, 0),
                ReplyState::Unsure => {}
                _ => hand_over(&mut after, now),
            }
            let fence = lease(&mut transaction, workspace, before.id, claim.owner, until).await?;
            events.extend(write(&mut transaction, &before, &after).await?);
            claimed.push(ClaimedReply { reply: after, fence });
            if claimed.len() >= claim.limit {
                break;
            }
        }
        transaction.record(workspace, now, Actor::System, events).await?;
        self.commit(transaction).await?;
        Ok(claimed)
    }

    /// Writes down that a claimed reply which the network does not have is handed over once more. `None`: the claim is lost.
    pub async fn hand_over_again(&self, claimed: &ClaimedReply, for_as_long: Duration) -> Result<Option<ClaimedReply>> {
        let (workspace, id, now) = (claimed.reply.workspace, claimed.reply.id, self.now());
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let until = now.plus(for_as_long);
        if !holds(&mut transaction, claimed).await? {
            return Ok(None);
        }
        let Some(before) = one(&mut Connection::Transaction(&mut transaction), workspace, id).await? else {
            return Ok(None);
        };
        let statement = Statement::new("UPDATE reply SET lease_until = $3 WHERE workspace_id = $1 AND id = $2");
        transaction.execute(statement.bind(workspace.0).bind(id.0).bind(until)).await?;
        let mut after = Reply { next_at: Some(until), changed_at: now, ..before.clone() };
        hand_over(&mut after, now);
        let event = write(&mut transaction, &before, &after).await?;
        transaction.record(workspace, now, Actor::System, event.into_iter().collect()).await?;
        self.commit(transaction).await?;
        Ok(Some(ClaimedReply { reply: after, fence: claimed.fence }))
    }

    /// What a process of that name had claimed when it died is free at once. To be called before it claims anything itself.
    pub async fn abandon_replies(&self, workspace: WorkspaceId, owner: &str) -> Result<u64> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        let abandoned = transaction
            .execute(
                Statement::new(
                    "UPDATE reply SET lease_owner = NULL, lease_until = 0, next_at = $3 \
                     WHERE workspace_id = $1 AND lease_owner = $2 AND state IN ('sending', 'unsure')",
                )
                .bind(workspace.0)
                .bind(owner)
                .bind(now),
            )
            .await?;
        self.commit(transaction).await?;
        Ok(abandoned)
    }
}

fn hand_over(reply: &mut Reply, now: molva_domain::Timestamp) {
    reply.state = ReplyState::Sending;
    reply.attempts = reply.attempts.saturating_add(1);
    reply.looks = 0;
    reply.first_tried_at.get_or_insert(now);
    reply.tries_began_at.get_or_insert(now);
}

async fn accounts(
    connection: &mut Connection<'_>,
    workspace: WorkspaceId,
    storage: &Storage,
    claim: &ReplyClaim<'_>,
) -> Result<Vec<(AccountId, AccountState)>> {
    let rows = connection.all(Statement::new(BUSY).bind(workspace.0).bind(storage.now())).await?;
    let accounts = rows.iter().map(|row| {
        let mut columns = row.columns();
        Ok((AccountId(columns.integer()?), columns.parsed("account state", AccountState::parse)?))
    });
    let wanted = |account: &Result<(AccountId, AccountState)>| {
        account.as_ref().map_or(true, |(account, _)| !claim.except.contains(account))
    };
    accounts.filter(wanted).collect()
}

async fn lease(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    id: ReplyId,
    owner: &str,
    until: molva_domain::Timestamp,
) -> Result<i64> {
    let row = transaction
        .optional(
            Statement::new(
                "UPDATE reply SET lease_owner = $3, lease_until = $4, lease_fence = lease_fence + 1 \
                 WHERE workspace_id = $1 AND id = $2 RETURNING lease_fence",
            )
            .bind(workspace.0)
            .bind(id.0)
            .bind(owner)
            .bind(until),
        )
        .await?;
    row.map_or(Ok(0), |row| row.columns().integer())
}

/// Whether the claim is still the newest. One whose time ran out holds until somebody else claims.
pub(super) async fn holds(transaction: &mut Transaction, claimed: &ClaimedReply) -> Result<bool> {
    let statement = Statement::new(
        "SELECT lease_fence FROM reply WHERE workspace_id = $1 AND id = $2 AND lease_fence = $3 AND lease_owner IS NOT NULL",
    );
    let statement = statement.bind(claimed.reply.workspace.0).bind(claimed.reply.id.0).bind(claimed.fence);
    Ok(transaction.optional(statement).await?.is_some())
}
