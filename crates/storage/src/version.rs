//! What posts said before their authors edited them.

use molva_domain::{Language, PostId, Timestamp, WorkspaceId};

use crate::sql::Statement;
use crate::{Result, Storage};

/// What a post said for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostVersion {
    /// From one; of many versions only the first and the newest are kept.
    pub version: u64,
    pub title: Option<String>,
    pub text: String,
    pub language: Option<Language>,
    /// When it was written, as the network says; when Molva saw it first, where the network does not.
    pub said_at: Timestamp,
    /// When Molva saw that it says something else: people saw this version here until then.
    pub replaced_at: Timestamp,
}

impl Storage {
    /// The earlier versions of a post, oldest first; none when it was never edited, or was deleted by its network.
    pub async fn post_versions(&self, workspace: WorkspaceId, post: PostId) -> Result<Vec<PostVersion>> {
        let statement = Statement::new(
            "SELECT version, title, text, language, said_at, replaced_at FROM post_version \
             WHERE post_id = $2 AND workspace_id = $1 ORDER BY version",
        );
        let rows = self.database().all(statement.bind(workspace.0).bind(post.0)).await?;
        rows.iter()
            .map(|row| {
                let mut columns = row.columns();
                Ok(PostVersion {
                    version: columns.count()?,
                    title: columns.maybe_text()?,
                    text: columns.text()?,
                    language: columns.maybe_text()?.and_then(|code| Language::parse(&code)),
                    said_at: columns.time()?,
                    replaced_at: columns.time()?,
                })
            })
            .collect()
    }
}
