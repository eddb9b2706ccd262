//! Calls of networks: kept before they are answered, read afterwards, known again for a week.

use std::collections::HashSet;
use std::time::Duration;

use molva_domain::{SourceId, Timestamp, WorkspaceId};

use crate::sql::{Bulk, Statement, Transaction, Value, in_list};
use crate::{Result, Storage};

/// How long a call that was read is known again. Networks repeat a call for a day or two at most.
pub const KNOWN_FOR: Duration = Duration::from_secs(7 * 86_400);
/// Most calls forgotten at once: it must not hold up what comes.
const FORGOTTEN_AT_ONCE: i64 = 5_000;

/// A call that was proved and is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWebhook {
    pub source: SourceId,
    /// What it is known by, at most 128 characters.
    pub key: String,
    pub body: Vec<u8>,
}

/// A call that waits to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingWebhook {
    pub id: i64,
    pub source: SourceId,
    pub key: String,
    pub received_at: Timestamp,
    pub body: Vec<u8>,
}

impl Storage {
    /// Keeps calls, and settles those that were read, in one transaction: their bodies go, their keys stay. For each call in its order:
    /// whether it is new; one that came before is not kept again.
    pub async fn keep_webhooks(
        &self,
        workspace: WorkspaceId,
        calls: Vec<NewWebhook>,
        settled: &[i64],
    ) -> Result<Vec<bool>> {
        let ids: Vec<i64> = calls.iter().map(|_| self.ids().next()).collect();
        let mut values = Vec::with_capacity(calls.len() * 4);
        for (id, call) in ids.iter().zip(calls) {
            values.extend([Value::from(*id), call.source.0.into(), call.key.into(), call.body.into()]);
        }
        let mut transaction = self.begin().await?;
        let kept = KEEP.all(&mut transaction, &[workspace.0.into(), self.now().into()], values).await?;
        settle(&mut transaction, settled).await?;
        transaction.commit().await?;
        let new = kept.iter().map(|row| row.columns().integer()).collect::<Result<HashSet<i64>>>()?;
        Ok(ids.iter().map(|id| new.contains(id)).collect())
    }

    /// Oldest first.
    pub async fn waiting_webhooks(&self, workspace: WorkspaceId, limit: u32) -> Result<Vec<WaitingWebhook>> {
        let statement = Statement::new(
            "SELECT id, source_id, event_key, received_at, body FROM webhook \
             WHERE workspace_id = $1 AND body IS NOT NULL ORDER BY id LIMIT $2",
        );
        let rows = self.database().all(statement.bind(workspace.0).bind(i64::from(limit))).await?;
        rows.iter()
            .map(|row| {
                let mut columns = row.columns();
                Ok(WaitingWebhook {
                    id: columns.integer()?,
                    source: SourceId(columns.integer()?),
                    key: columns.text()?,
                    received_at: columns.time()?,
                    body: columns.bytes()?,
                })
            })
            .collect()
    }

    /// How many calls of a source wait to be read.
    pub async fn count_waiting_webhooks(&self, workspace: WorkspaceId, source: SourceId) -> Result<u64> {
        let statement = Statement::new(
            "SELECT COUNT(*) FROM webhook WHERE workspace_id = $1 AND source_id = $2 AND body IS NOT NULL",
        );
        let row = self.database().optional(statement.bind(workspace.0).bind(source.0)).await?;
        let count = row.map(|row| row.columns().integer()).transpose()?.unwrap_or(0);
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Forgets calls that were read and came before [`KNOWN_FOR`]; whether more of them may be left.
    pub async fn forget_webhooks(&self) -> Result<bool> {
        let mut transaction = self.begin().await?;
        let statement = Statement::new(
            "DELETE FROM webhook WHERE id IN \
             (SELECT id FROM webhook WHERE received_at < $1 AND body IS NULL ORDER BY received_at LIMIT $2)",
        );
        let before = self.now().minus(KNOWN_FOR);
        let gone = transaction.execute(statement.bind(before).bind(FORGOTTEN_AT_ONCE)).await?;
        transaction.commit().await?;
        Ok(gone == FORGOTTEN_AT_ONCE.unsigned_abs())
    }
}

const KEEP: Bulk = Bulk {
    head: "INSERT INTO webhook (workspace_id, received_at, id, source_id, event_key, body) VALUES",
    row: "($1, $2, ?, ?, ?, ?)",
    tail: "ON CONFLICT (workspace_id, source_id, event_key) DO NOTHING RETURNING id",
};

async fn settle(transaction: &mut Transaction, ids: &[i64]) -> Result<()> {
    let keys = ids.iter().map(|id| (*id).into()).collect();
    for statement in in_list(transaction.is_postgres(), "UPDATE webhook SET body = NULL WHERE id IN", "", &[], keys) {
        transaction.execute(statement).await?;
    }
    Ok(())
}
