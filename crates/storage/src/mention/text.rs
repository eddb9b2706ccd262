//! What mentions say, and nothing else of them: for whoever counts words.

use molva_domain::{MentionId, WorkspaceId};

use crate::sql::{Value, in_list};
use crate::{Result, Storage};

/// All rows in one: handing over hundreds of rows one by one takes longer than reading them.
const OF_MENTIONS: [&str; 2] = [
    "SELECT json_group_array(json_array(m.id, p.title, p.text)) FROM mention m CROSS JOIN post p WHERE p.id = m.post_id \
     AND +m.workspace_id = $1 AND p.deleted = 0 AND m.id IN",
    "SELECT COALESCE(json_agg(json_build_array(m.id, p.title, p.text)), '[]')::text FROM mention m CROSS JOIN post p \
     WHERE p.id = m.post_id AND m.workspace_id = $1 AND p.deleted = 0 AND m.id IN",
];

/// Title and text of a mention's post.
pub type MentionText = (MentionId, Option<String>, String);

impl Storage {
    /// Titles and texts of the mentions' posts, in no particular order; unknown ones and deleted posts are left out.
    pub async fn texts_of_mentions(&self, workspace: WorkspaceId, ids: &[MentionId]) -> Result<Vec<MentionText>> {
        let keys = ids.iter().map(|id| Value::from(id.0)).collect();
        let mut texts = Vec::with_capacity(ids.len());
        let postgres = self.engine() == "postgres";
        for statement in in_list(postgres, OF_MENTIONS[usize::from(postgres)], "", &[workspace.0.into()], keys) {
            for row in self.database().all(statement).await? {
                let read = |json: &str| serde_json::from_str::<Vec<(i64, Option<String>, String)>>(json).ok();
                let read = row.columns().parsed("form of texts", read)?;
                texts.extend(read.into_iter().map(|(id, title, text)| (MentionId(id), title, text)));
            }
        }
        Ok(texts)
    }
}
