//! Gaps: stretches of time in which items may have been missed.

use molva_domain::{Gap, GapCause, SourceId, Timestamp, WorkspaceId};

use crate::sql::{Columns, Statement};
use crate::{Result, Storage};

/// Gaps of one source answered at once.
const MOST: i64 = 1_000;
/// Gaps of all sources answered at once.
const MOST_OF_ALL: i64 = 20_000;

impl Storage {
    /// Opens a gap unless one of that cause is open already.
    pub async fn open_gap(&self, workspace: WorkspaceId, id: SourceId, from: Timestamp, cause: GapCause) -> Result<()> {
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let open = Statement::new(
            "SELECT id FROM gap WHERE workspace_id = $1 AND source_id = $2 AND cause = $3 AND to_at IS NULL",
        );
        if transaction.optional(open.bind(workspace.0).bind(id.0).bind(cause.as_str())).await?.is_some() {
            return Ok(());
        }
        let gap: i64 = self.ids().next();
        transaction
            .execute(
                Statement::new(
                    "INSERT INTO gap (id, workspace_id, source_id, from_at, cause) VALUES ($1, $2, $3, $4, $5)",
                )
                .bind(gap)
                .bind(workspace.0)
                .bind(id.0)
                .bind(from)
                .bind(cause.as_str()),
            )
            .await?;
        self.commit(transaction).await
    }

    /// Closes what is open.
    pub async fn close_gaps(&self, workspace: WorkspaceId, id: SourceId, to: Timestamp) -> Result<()> {
        let mut transaction = self.begin().await?;
        transaction
            .execute(
                Statement::new(
                    "UPDATE gap SET to_at = CASE WHEN from_at > $3 THEN from_at ELSE $3 END \
                     WHERE workspace_id = $1 AND source_id = $2 AND to_at IS NULL",
                )
                .bind(workspace.0)
                .bind(id.0)
                .bind(to),
            )
            .await?;
        self.commit(transaction).await
    }

    /// Newest first, those that end after `since`; at most 1,000.
    pub async fn gaps(&self, workspace: WorkspaceId, id: SourceId, since: Timestamp) -> Result<Vec<Gap>> {
        let statement = Statement::new(
            "SELECT from_at, to_at, cause FROM gap \
             WHERE workspace_id = $1 AND source_id = $2 AND (to_at IS NULL OR to_at > $3) \
             ORDER BY from_at DESC, id DESC LIMIT $4",
        );
        let rows = self.database().all(statement.bind(workspace.0).bind(id.0).bind(since).bind(MOST)).await?;
        rows.iter().map(|row| read(&mut row.columns())).collect()
    }

    /// Gaps of all sources that exist, newest first: those that begin before `before` and end after `since`; at most 20,000.
    pub async fn gaps_of_sources(
        &self,
        workspace: WorkspaceId,
        since: Timestamp,
        before: Timestamp,
    ) -> Result<Vec<(SourceId, Gap)>> {
        let statement = Statement::new(
            "SELECT source_id, from_at, to_at, cause FROM gap \
             WHERE source_id IN (SELECT id FROM source WHERE workspace_id = $1) AND from_at < $3 \
             AND (to_at IS NULL OR to_at > $2) ORDER BY from_at DESC, id DESC LIMIT $4",
        );
        let rows = self.database().all(statement.bind(workspace.0).bind(since).bind(before).bind(MOST_OF_ALL)).await?;
        rows.iter()
            .map(|row| {
                let mut columns = row.columns();
                Ok((SourceId(columns.integer()?), read(&mut columns)?))
            })
            .collect()
    }
}

fn read(columns: &mut Columns<'_>) -> Result<Gap> {
    Ok(Gap {
        from: columns.time()?,
        to: columns.maybe_time()?,
        cause: columns.parsed("cause of a gap", GapCause::parse)?,
    })
}
