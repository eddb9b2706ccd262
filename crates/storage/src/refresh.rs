//! Which posts are asked about again, and when.

use std::sync::LazyLock;
use std::time::Duration;

use molva_domain::{Post, PostId, SourceId, Timestamp, WorkspaceId};

use crate::post;
use crate::sql::{Bulk, Statement, Value};
use crate::{Result, Storage};

/// A post whose network is to be asked how it does.
#[derive(Clone, Debug, PartialEq)]
pub struct DueRefresh {
    pub id: PostId,
    /// As it is known.
    pub post: Post,
}

static DUE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM post p WHERE p.source_id = $2 AND p.refresh_at IS NOT NULL AND p.refresh_at <= $3 \
         AND +p.workspace_id = $1 ORDER BY p.refresh_at LIMIT $4",
        post::COLUMNS
    )
});

const NOTE: Bulk = Bulk {
    head: "UPDATE post SET refresh_at = next.column2 FROM (VALUES",
    row: "(?, ?)",
    tail: ") AS next WHERE post.id = next.column1 AND post.deleted = 0 AND +post.workspace_id = $1",
};

impl Storage {
    /// Posts that the source brought with ids in the stretch are asked about `wait` from now, unless they are planned already.
    pub async fn plan_refreshes(
        &self,
        workspace: WorkspaceId,
        source: SourceId,
        (after, until): (PostId, PostId),
        wait: Duration,
    ) -> Result<u64> {
        let statement = Statement::new(
            "UPDATE post SET refresh_at = $5 WHERE id > $3 AND id <= $4 AND +workspace_id = $1 AND +source_id = $2 \
             AND deleted = 0 AND refresh_at IS NULL",
        );
        let statement = statement.bind(workspace.0).bind(source.0).bind(after.0).bind(until.0);
        let mut transaction = self.begin().await?;
        let planned = transaction.execute(statement.bind(self.now().plus(wait))).await?;
        self.commit(transaction).await?;
        Ok(planned)
    }

    /// Those whose time has come, the longest due first.
    pub async fn due_refreshes(&self, workspace: WorkspaceId, source: SourceId, limit: u32) -> Result<Vec<DueRefresh>> {
        let statement = Statement::new(&DUE).bind(workspace.0).bind(source.0).bind(self.now()).bind(u64::from(limit));
        let rows = self.database().all(statement).await?;
        let due = rows.iter().map(|row| post::read(&mut row.columns()).map(|stored| (stored.id, stored.post)));
        due.map(|read| read.map(|(id, post)| DueRefresh { id, post })).collect()
    }

    /// When each is asked about next; `None`: not any more. What is gone meanwhile is not.
    pub async fn note_refreshes(&self, workspace: WorkspaceId, next: &[(PostId, Option<Timestamp>)]) -> Result<()> {
        let mut transaction = self.begin().await?;
        let values = next.iter().flat_map(|(post, at)| [Value::from(post.0), Value::from(*at)]).collect();
        NOTE.execute(&mut transaction, &[workspace.0.into()], values).await?;
        self.commit(transaction).await
    }
}
