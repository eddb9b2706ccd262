//! How far the labelling of a round is, and who has been at it.

use molva_domain::{RoundId, Timestamp, UserId, WorkspaceId};

use crate::sql::Statement;
use crate::{Result, Storage};

/// Of one round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Answered or skipped by the person.
    pub answered_by_me: u64,
    /// Answered by somebody.
    pub answered: u64,
    /// Answered by two people or more.
    pub double: u64,
}

/// When somebody answered, and how long it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MyAnswer {
    pub at: Timestamp,
    pub seconds: u32,
}

/// Answers looked back at.
const MOST: u32 = 10_000;

impl Storage {
    pub async fn audit_progress(&self, workspace: WorkspaceId, user: UserId, round: RoundId) -> Result<Progress> {
        let statement = Statement::new(
            "SELECT COALESCE(SUM(mine), 0), COALESCE(SUM(CASE WHEN answers > 0 THEN 1 ELSE 0 END), 0), \
             COALESCE(SUM(CASE WHEN answers > 1 THEN 1 ELSE 0 END), 0) FROM (SELECT a.id, \
             SUM(CASE WHEN x.skipped = 0 THEN 1 ELSE 0 END) AS answers, \
             MAX(CASE WHEN x.user_id = $3 THEN 1 ELSE 0 END) AS mine \
             FROM audit a JOIN audit_answer x ON x.audit_id = a.id \
             WHERE a.round_id = $1 AND a.workspace_id = $2 GROUP BY a.id) AS counted",
        );
        let row = self.database().optional(statement.bind(round.0).bind(workspace.0).bind(user.0)).await?;
        let Some(row) = row else { return Ok(Progress::default()) };
        let mut columns = row.columns();
        Ok(Progress { answered_by_me: columns.count()?, answered: columns.count()?, double: columns.count()? })
    }

    /// What somebody answered or skipped since a moment, the newest first.
    pub async fn answers_of(&self, workspace: WorkspaceId, user: UserId, since: Timestamp) -> Result<Vec<MyAnswer>> {
        let statement = Statement::new(
            "SELECT at, seconds FROM audit_answer WHERE workspace_id = $1 AND user_id = $2 AND at >= $3 \
             ORDER BY at DESC LIMIT $4",
        );
        let statement = statement.bind(workspace.0).bind(user.0).bind(since).bind(i64::from(MOST));
        let rows = self.database().all(statement).await?;
        rows.iter()
            .map(|row| {
                let mut columns = row.columns();
                Ok(MyAnswer { at: columns.time()?, seconds: u32::try_from(columns.integer()?).unwrap_or(0) })
            })
            .collect()
    }
}
