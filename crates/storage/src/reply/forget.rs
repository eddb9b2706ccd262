//! Files of replies that nothing will happen to any more: they go after a while, their names and sizes stay with the reply.

use molva_domain::{ReplyState, Timestamp, WorkspaceId};

use super::attachment;
use crate::sql::Statement;
use crate::{Result, Storage};

/// Replies whose files go in one transaction: a reply may have ten of 16 MiB.
const REPLIES_AT_ONCE: u64 = 8;

impl Storage {
    /// Takes the files of some replies that were sent, or taken back, before `before`, and notes it with each of them in the same
    /// transaction. How many replies; none: there is nothing left to do. A reply that may still be sent keeps its files.
    pub async fn forget_reply_files(&self, workspace: WorkspaceId, before: Timestamp) -> Result<usize> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        // The files are looked through, of which there are few, and not the replies, which stay for good.
        let done = Statement::new(
            "SELECT id, attachments FROM reply WHERE workspace_id = $1 AND state IN ($2, $3) AND COALESCE(sent_at, changed_at) < $4 \
             AND id IN (SELECT reply_id FROM attachment WHERE workspace_id = $1 AND reply_id IS NOT NULL) ORDER BY id LIMIT $5",
        );
        let done = done.bind(workspace.0).bind(ReplyState::Sent.as_str()).bind(ReplyState::Cancelled.as_str());
        let rows = transaction.all(done.bind(before).bind(REPLIES_AT_ONCE)).await?;
        for row in &rows {
            let mut columns = row.columns();
            let (id, mut files) = (columns.integer()?, attachment::read(columns.maybe_text()?.as_deref())?);
            for file in &mut files {
                file.removed_at = Some(now);
            }
            let noted = Statement::new("UPDATE reply SET attachments = $3 WHERE workspace_id = $1 AND id = $2");
            transaction.execute(noted.bind(workspace.0).bind(id).bind(attachment::write(&files)?)).await?;
            let gone = Statement::new("DELETE FROM attachment WHERE workspace_id = $1 AND reply_id = $2");
            transaction.execute(gone.bind(workspace.0).bind(id)).await?;
        }
        transaction.commit().await?;
        Ok(rows.len())
    }
}
