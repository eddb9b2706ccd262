//! What an index is filled with when a process starts.

use std::time::Duration;

use molva_domain::{PostId, StoryId, Timestamp, WorkspaceId};

use crate::sql::{Row, Statement};
use crate::{Result, Storage};

/// The words of a stored post, and its story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryText {
    pub post: PostId,
    pub title: Option<String>,
    pub text: String,
    pub at: Timestamp,
    /// Named by the post itself when it is alone.
    pub story: StoryId,
}

impl StoryText {
    pub(super) fn read(row: &Row) -> Result<Self> {
        let mut columns = row.columns();
        let (post, title, text) = (PostId(columns.integer()?), columns.maybe_text()?, columns.text()?);
        let (published_at, fetched_at) = (columns.time()?, columns.time()?);
        let story = columns.maybe_integer()?.map_or_else(|| post.into(), StoryId);
        // A time in the future is a mistake of the network.
        Ok(Self { post, title, text, at: published_at.min(fetched_at), story })
    }
}

impl Storage {
    /// Stored posts behind `after` in the order in which they came, without those that their network deleted.
    pub async fn story_texts(&self, workspace: WorkspaceId, after: PostId, limit: u32) -> Result<Vec<StoryText>> {
        let statement = Statement::new(
            "SELECT id, title, text, published_at, fetched_at, story FROM post \
             WHERE id > $2 AND +workspace_id = $1 AND deleted = 0 ORDER BY id LIMIT $3",
        );
        let rows = self.database().all(statement.bind(workspace.0).bind(after.0).bind(i64::from(limit))).await?;
        rows.iter().map(StoryText::read).collect()
    }

    /// Behind which post to begin, to read about `most` of those that came during `age`, at least.
    pub async fn story_texts_since(&self, age: Duration, most: u32) -> Result<PostId> {
        // No index of posts is as small as this one of mentions; other workspaces make it begin late, not early.
        let statement = Statement::new(
            "SELECT MIN(post_id) FROM (SELECT post_id FROM mention WHERE post_id > $1 ORDER BY post_id DESC LIMIT $2) AS newest",
        );
        let since = PostId::first_at(self.now().minus(age));
        let row = self.database().optional(statement.bind(since.0).bind(i64::from(most))).await?;
        let first = row.map(|row| row.columns().maybe_integer()).transpose()?.flatten();
        Ok(PostId(first.map_or(since.0, |first| first - 1)))
    }
}
