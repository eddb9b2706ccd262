//! What somebody labels next.

use molva_domain::{RoundId, UserId, WorkspaceId};

use super::{Audit, COLUMNS, read_audit};
use crate::sql::Statement;
use crate::{Result, Storage};

/// Of so many audits one is shown to two people.
const ONE_OF: u64 = 3;

/// Not answered by the person, of a mention that can still be read.
const OPEN: &str = " FROM audit a JOIN mention m ON m.id = a.mention_id JOIN post p ON p.id = m.post_id \
     WHERE a.round_id = $1 AND a.workspace_id = $2 AND p.deleted = 0 \
     AND m.topic_id NOT IN (SELECT id FROM topic WHERE workspace_id = $2 AND deleted_at IS NOT NULL) \
     AND NOT EXISTS (SELECT 1 FROM audit_answer mine WHERE mine.audit_id = a.id AND mine.user_id = $3)";
/// Answers of others that were not skipped.
const OTHERS: &str = "(SELECT COUNT(x.audit_id) FROM audit_answer x WHERE x.audit_id = a.id AND x.skipped = 0)";

impl Storage {
    /// The next mention of a round for somebody: one that another person answered, until a third of the round has two answers;
    /// then one that nobody did. `None`: nothing is left for them.
    pub async fn next_audit(&self, workspace: WorkspaceId, user: UserId, round: RoundId) -> Result<Option<Audit>> {
        let counted = Statement::new(
            "SELECT COUNT(id), COALESCE(SUM(twice), 0) FROM (SELECT a.id, CASE WHEN (SELECT COUNT(x.audit_id) \
             FROM audit_answer x WHERE x.audit_id = a.id AND x.skipped = 0) > 1 THEN 1 ELSE 0 END AS twice \
             FROM audit a WHERE a.round_id = $1 AND a.workspace_id = $2) AS counted",
        );
        let row = self.database().optional(counted.bind(round.0).bind(workspace.0)).await?;
        let Some(row) = row else { return Ok(None) };
        let mut columns = row.columns();
        let (size, twice) = (columns.count()?, columns.count()?);
        if twice < size.div_ceil(ONE_OF)
            && let Some(audit) = self.open_audit(workspace, user, round, 1).await?
        {
            return Ok(Some(audit));
        }
        self.open_audit(workspace, user, round, 0).await
    }

    /// The first in the order of the round that so many others answered.
    async fn open_audit(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        round: RoundId,
        others: i64,
    ) -> Result<Option<Audit>> {
        let sql = format!("SELECT {COLUMNS}{OPEN} AND {OTHERS} = $4 ORDER BY a.place LIMIT 1");
        let statement = Statement::assembled(sql.into()).bind(round.0).bind(workspace.0).bind(user.0).bind(others);
        let row = self.database().optional(statement).await?;
        row.map(|row| read_audit(&mut row.columns())).transpose()
    }
}
