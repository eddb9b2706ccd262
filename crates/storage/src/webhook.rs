//! Calls of networks: kept before they are answered, read afterwards, known again for a week.

use std::time::Duration;

use molva_domain::{SourceId, Timestamp, WorkspaceId};

use crate::sql::{Statement, in_list};
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
    /// Keeps calls in one transaction. For each in its order: whether it is new; one that came before is not kept again.
    pub async fn keep_webhooks(&self, workspace: WorkspaceId, calls: Vec<NewWebhook>) -> Result<Vec<bool>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        let mut new = Vec::with_capacity(calls.len());
        for call in calls {
            let statement = Statement::new(
                "INSERT INTO webhook (id, workspace_id, source_id, event_key, received_at, body) VALUES ($1, $2, $3, $4, $5, $6) \
                 ON CONFLICT (workspace_id, source_id, event_key) DO NOTHING",
            );
            let id = self.ids().next::<i64>();
            let statement = statement.bind(id).bind(workspace.0).bind(call.source.0).bind(call.key.as_str());
            new.push(transaction.execute(statement.bind(now).bind(call.body)).await? == 1);
        }
        transaction.commit().await?;
        Ok(new)
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

    /// They were read: their bodies go, their keys stay.
    pub async fn settle_webhooks(&self, ids: &[i64]) -> Result<()> {
        let mut transaction = self.begin().await?;
        let keys = ids.iter().map(|id| (*id).into()).collect();
        let statements =
            in_list(transaction.is_postgres(), "UPDATE webhook SET body = NULL WHERE id IN", "", &[], keys);
        for statement in statements {
            transaction.execute(statement).await?;
        }
        transaction.commit().await
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
