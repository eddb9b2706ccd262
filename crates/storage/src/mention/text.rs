//! What mentions say, and nothing else of them: for whoever counts words.

use molva_domain::{MentionId, WorkspaceId};

use crate::sql::{Value, in_list};
use crate::{Result, Storage};

const OF_MENTIONS: &str = "SELECT p.title, p.text FROM mention m CROSS JOIN post p WHERE p.id = m.post_id \
     AND +m.workspace_id = $1 AND p.deleted = 0 AND m.id IN";

impl Storage {
    /// Title and text of the mentions' posts, in no particular order; unknown ones and deleted posts are left out.
    pub async fn texts_of_mentions(
        &self,
        workspace: WorkspaceId,
        ids: &[MentionId],
    ) -> Result<Vec<(Option<String>, String)>> {
        let keys = ids.iter().map(|id| Value::from(id.0)).collect();
        let mut texts = Vec::with_capacity(ids.len());
        for statement in in_list(self.engine() == "postgres", OF_MENTIONS, "", &[workspace.0.into()], keys) {
            for row in self.database().all(statement).await? {
                let mut columns = row.columns();
                texts.push((columns.maybe_text()?, columns.text()?));
            }
        }
        Ok(texts)
    }
}
