//! Many mentions at once, for whoever keeps a copy of them: newest first, or those that changed.
//!
//! Mentions of deleted topics are left out, those of deleted posts are not. Where a query matched is not read.

use std::sync::LazyLock;

use molva_domain::{MentionId, PostId, Timestamp, TopicId, WorkspaceId};

use super::{FROM_LIVE, Mention, complete, read};
use crate::post;
use crate::sql::{Assembly, Connection, Statement, Value, in_list};
use crate::{Result, Storage};

/// Rows of one answer at most.
const LARGEST: u32 = 10_000;

/// Columns as [`super::read`] wants them, without the spans.
const COLUMNS: &str = "m.id, m.topic_id, '', m.state, m.tone, m.tags, m.copies, m.copy_of, m.created_at, m.sort_at, m.intents, \
     m.stage, m.spam, m.by_people, m.judged, m.model, m.story";

static BY_ID: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS}, {}{FROM_LIVE} AND +m.workspace_id = $1 AND m.id IN", post::COLUMNS));

/// Where the next page begins.
pub type BulkPosition = (Timestamp, MentionId);

/// A mention of a post, whatever else is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sibling {
    pub id: MentionId,
    pub post: PostId,
    pub created_at: Timestamp,
}

impl Storage {
    /// Mentions sorted in `[from, before)`, the newest first; those behind `after` when it is given. `limit` at most 10,000.
    pub async fn mentions_in_time(
        &self,
        workspace: WorkspaceId,
        (from, before): (Timestamp, Timestamp),
        after: Option<BulkPosition>,
        limit: u32,
    ) -> Result<Vec<Mention>> {
        let mut query = Assembly::default();
        query.push("SELECT ").push(COLUMNS).push(", ").push(post::COLUMNS).push(FROM_LIVE);
        query.push(" AND m.workspace_id = ").bind(workspace.0).push(" AND m.sort_at >= ").bind(from);
        match after {
            Some((at, id)) => query.push(" AND (m.sort_at, m.id) < (").bind(at).push(", ").bind(id.0).push(")"),
            None => query.push(" AND m.sort_at < ").bind(before),
        };
        query.push(" ORDER BY m.sort_at DESC, m.id DESC LIMIT ").bind(i64::from(limit.clamp(1, LARGEST)));
        self.read_bulk(workspace, vec![query.into_statement()]).await
    }

    /// In no particular order; unknown ones are left out.
    pub async fn mentions_in_bulk(&self, workspace: WorkspaceId, ids: &[MentionId]) -> Result<Vec<Mention>> {
        let keys = ids.iter().map(|id| Value::from(id.0)).collect();
        let postgres = self.engine() == "postgres";
        self.read_bulk(workspace, in_list(postgres, &BY_ID, "", &[workspace.0.into()], keys)).await
    }

    async fn read_bulk(&self, workspace: WorkspaceId, statements: Vec<Statement>) -> Result<Vec<Mention>> {
        let mut connection = Connection::Pool(self.database());
        let mut mentions = Vec::new();
        for statement in statements {
            for row in connection.all(statement).await? {
                mentions.push(read(&row)?.0);
            }
        }
        complete(&mut connection, workspace, &mut mentions).await?;
        Ok(mentions)
    }

    /// All mentions of the posts.
    pub async fn mentions_of_posts(&self, workspace: WorkspaceId, posts: &[PostId]) -> Result<Vec<Sibling>> {
        let keys = posts.iter().map(|post| Value::from(post.0)).collect();
        let head = "SELECT id, post_id, created_at FROM mention WHERE +workspace_id = $1 AND post_id IN";
        let mut siblings = Vec::new();
        for statement in in_list(self.engine() == "postgres", head, "", &[workspace.0.into()], keys) {
            for row in self.database().all(statement).await? {
                let mut columns = row.columns();
                let (id, post) = (MentionId(columns.integer()?), PostId(columns.integer()?));
                siblings.push(Sibling { id, post, created_at: columns.time()? });
            }
        }
        Ok(siblings)
    }

    /// The sort time of the newest mention before a time: who asks again with the start of its month learns all months.
    pub async fn newest_mention_before(&self, workspace: WorkspaceId, before: Timestamp) -> Result<Option<Timestamp>> {
        let statement = Statement::new(
            "SELECT sort_at FROM mention WHERE workspace_id = $1 AND sort_at < $2 ORDER BY sort_at DESC, id DESC LIMIT 1",
        );
        let row = self.database().optional(statement.bind(workspace.0).bind(before)).await?;
        row.map(|row| row.columns().time()).transpose()
    }

    /// Mentions of each live topic whose posts are there, counted one by one: at ten million that takes seconds.
    pub async fn count_by_topic(&self, workspace: WorkspaceId) -> Result<Vec<(TopicId, u64)>> {
        const ALL: &str = "SELECT topic_id, COUNT(*) FROM mention WHERE +workspace_id = $1 AND topic_id NOT IN \
             (SELECT id FROM topic WHERE workspace_id = $1 AND deleted_at IS NOT NULL) GROUP BY topic_id ORDER BY topic_id";
        // Words of deleted posts are forgotten: few mentions are looked at.
        const GONE: &str = "SELECT m.topic_id, COUNT(*) FROM mention m CROSS JOIN post p \
             WHERE +m.workspace_id = $1 AND m.content_hash = 0 AND p.id = m.post_id AND p.deleted = 1 GROUP BY m.topic_id";
        let mut counts = Vec::new();
        for row in self.database().all(Statement::new(ALL).bind(workspace.0)).await? {
            let mut columns = row.columns();
            counts.push((TopicId(columns.integer()?), columns.count()?));
        }
        for row in self.database().all(Statement::new(GONE).bind(workspace.0)).await? {
            let mut columns = row.columns();
            let (topic, gone) = (TopicId(columns.integer()?), columns.count()?);
            for (_, count) in counts.iter_mut().filter(|(counted, _)| *counted == topic) {
                *count = count.saturating_sub(gone);
            }
        }
        Ok(counts)
    }
}
