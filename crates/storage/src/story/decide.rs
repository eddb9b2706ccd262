//! What people say of stories: these two are one, these posts belong elsewhere.

use std::collections::{BTreeMap, HashSet};

use molva_domain::{Actor, EventKind, MentionId, PostId, StoryId, Timestamp, TopicId, WorkspaceId};
use serde_json::json;

use super::refill::StoryText;
use super::{Story, StoryRow, load, placing, title_of};
use crate::event::{NewEvent, write_actor};
use crate::mention::{KEEP_LABELS, judgement};
use crate::sql::{Connection, Statement, Transaction, Value, in_list};
use crate::{Result, Storage};

/// Mentions that one event tells of.
const MENTIONS_AN_EVENT: usize = 500;

/// Posts that were taken out of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Their own story.
    pub story: Story,
    /// Where they come from.
    pub from: StoryId,
    pub posts: Vec<PostId>,
}

/// A mention that goes from one story to another.
struct Moved {
    mention: MentionId,
    post: PostId,
    topic: TopicId,
}

impl Storage {
    /// All posts of `from` belong to `into` now; the id of `from` leads there. Either may be a post that was alone. `None` when
    /// one of them does not exist or both are the same.
    pub async fn merge_stories(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        from: StoryId,
        into: StoryId,
    ) -> Result<Option<Story>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let Some(from) = self.row_of(&mut transaction, workspace, now, from).await? else { return Ok(None) };
        let Some(into) = self.row_of(&mut transaction, workspace, now, into).await? else { return Ok(None) };
        let (from, into) = (from.story.id, into.story.id);
        if from == into {
            return Ok(None);
        }
        let moved = members(&mut transaction, workspace, from).await?;
        move_posts(&mut transaction, workspace, &moved, into).await?;
        let close = Statement::new(
            "UPDATE story SET posts = 0, mentions = 0, networks = '{}', merged_into = $3 \
             WHERE workspace_id = $1 AND (id = $2 OR merged_into = $2)",
        );
        transaction.execute(close.bind(workspace.0).bind(from.0).bind(into.0)).await?;
        recount(&mut transaction, workspace, into).await?;
        let change = json!({ "merged": from });
        self.write_down(&mut transaction, workspace, (actor, now), &moved, into, change).await?;
        self.commit(transaction).await?;
        self.story(workspace, into).await
    }

    /// Takes posts out of a story into one of their own. The story keeps its first post: where that is among them, the others
    /// are taken out. `None` when nothing would leave or nothing would stay.
    pub async fn split_from_story(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        from: StoryId,
        posts: &[PostId],
    ) -> Result<Option<Split>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let rows = load(&mut Connection::Transaction(&mut transaction), workspace, &[from]).await?;
        let Some(row) = rows.into_values().next() else { return Ok(None) };
        let from = row.story.id;
        let mut moved = members(&mut transaction, workspace, from).await?;
        let all: HashSet<PostId> = moved.iter().map(|moved| moved.post).collect();
        let asked: HashSet<PostId> = posts.iter().copied().filter(|post| all.contains(post)).collect();
        let takes_first = asked.contains(&PostId(from.0));
        moved.retain(|moved| asked.contains(&moved.post) != takes_first);
        let mut leaving: Vec<PostId> = moved.iter().map(|moved| moved.post).collect();
        leaving.sort_unstable();
        leaving.dedup();
        let Some(first) = leaving.first().copied().filter(|_| leaving.len() < all.len()) else { return Ok(None) };
        let story = StoryId::from(first);
        let open = Statement::new(
            "INSERT INTO story (id, workspace_id, first_post, posts, mentions, first_at, last_at, title, networks, \
             split_by_people) VALUES ($1, $2, $1, 0, 0, 0, 0, '', '{}', 1) \
             ON CONFLICT (id) DO UPDATE SET split_by_people = 1, merged_into = NULL",
        );
        transaction.execute(open.bind(story.0).bind(workspace.0)).await?;
        move_posts(&mut transaction, workspace, &moved, story).await?;
        recount(&mut transaction, workspace, story).await?;
        recount(&mut transaction, workspace, from).await?;
        let change = json!({ "split_from": from });
        self.write_down(&mut transaction, workspace, (actor, now), &moved, story, change).await?;
        self.commit(transaction).await?;
        let story = self.story(workspace, story).await?;
        Ok(story.map(|story| Split { story, from, posts: leaving }))
    }

    /// The words of some posts, as an index reads them.
    pub async fn story_texts_of(&self, workspace: WorkspaceId, posts: &[PostId]) -> Result<Vec<StoryText>> {
        let mut texts = Vec::with_capacity(posts.len());
        for statement in in_list(
            self.engine() == "postgres",
            "SELECT id, title, text, published_at, fetched_at, story FROM post WHERE +workspace_id = $1 AND id IN",
            "ORDER BY id",
            &[workspace.0.into()],
            posts.iter().map(|post| Value::from(post.0)).collect(),
        ) {
            for row in self.database().all(statement).await? {
                texts.push(StoryText::read(&row)?);
            }
        }
        Ok(texts)
    }

    async fn row_of(
        &self,
        transaction: &mut Transaction,
        workspace: WorkspaceId,
        now: Timestamp,
        story: StoryId,
    ) -> Result<Option<StoryRow>> {
        let rows = load(&mut Connection::Transaction(transaction), workspace, &[story]).await?;
        if let Some(row) = rows.into_values().next() {
            return Ok(Some(row));
        }
        placing::ensure_row(transaction, workspace, now, story).await?;
        let rows = load(&mut Connection::Transaction(transaction), workspace, &[story]).await?;
        Ok(rows.into_values().next())
    }

    /// Labels of what was decided, one for each post, and events.
    async fn write_down(
        &self,
        transaction: &mut Transaction,
        workspace: WorkspaceId,
        (actor, now): (Actor, Timestamp),
        moved: &[Moved],
        story: StoryId,
        change: serde_json::Value,
    ) -> Result<()> {
        let mut labels = Vec::new();
        let mut seen = HashSet::new();
        for Moved { mention, post, topic } in moved.iter().filter(|moved| seen.insert(moved.post)) {
            let id: i64 = self.ids().next();
            labels.extend([Value::from(id), mention.0.into(), post.0.into(), topic.0.into(), "story".into()]);
            labels.extend([story.to_string().into(), Value::Text(None), Value::Integer(None)]);
        }
        let (actor_kind, actor_id) = write_actor(actor);
        let shared = [workspace.0.into(), now.into(), actor_kind.into(), actor_id.into()];
        KEEP_LABELS.execute(transaction, &shared, labels).await?;
        let event = NewEvent { change: Some(change.to_string()), ..NewEvent::of(EventKind::StoryChanged, story.0) };
        transaction.record(workspace, now, actor, vec![event]).await?;
        let mentions: Vec<MentionId> = moved.iter().map(|moved| moved.mention).collect();
        for mentions in mentions.chunks(MENTIONS_AN_EVENT) {
            judgement::record(transaction, workspace, now, 0, mentions).await?;
        }
        Ok(())
    }
}

async fn members(transaction: &mut Transaction, workspace: WorkspaceId, story: StoryId) -> Result<Vec<Moved>> {
    let statement =
        Statement::new("SELECT id, post_id, topic_id FROM mention WHERE +workspace_id = $1 AND story = $2 ORDER BY id");
    let rows = transaction.all(statement.bind(workspace.0).bind(story.0)).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            let (mention, post) = (MentionId(columns.integer()?), PostId(columns.integer()?));
            Ok(Moved { mention, post, topic: TopicId(columns.integer()?) })
        })
        .collect()
}

async fn move_posts(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    moved: &[Moved],
    into: StoryId,
) -> Result<()> {
    let keys: Vec<Value> = moved.iter().map(|moved| Value::from(moved.post.0)).collect();
    let shared = [workspace.0.into(), into.0.into()];
    for head in [
        "UPDATE post SET story = $2 WHERE +workspace_id = $1 AND id IN",
        "UPDATE mention SET story = $2 WHERE +workspace_id = $1 AND post_id IN",
    ] {
        for statement in in_list(transaction.is_postgres(), head, "", &shared, keys.clone()) {
            transaction.execute(statement).await?;
        }
    }
    Ok(())
}

/// Counts a story anew and gives it the title of its first post.
async fn recount(transaction: &mut Transaction, workspace: WorkspaceId, story: StoryId) -> Result<()> {
    let statement = Statement::new(
        "SELECT m.post_id, COUNT(*), MIN(m.sort_at), MAX(p.network) FROM mention m CROSS JOIN post p \
         WHERE +m.workspace_id = $1 AND m.story = $2 AND p.id = m.post_id GROUP BY m.post_id ORDER BY m.post_id",
    );
    let rows = transaction.all(statement.bind(workspace.0).bind(story.0)).await?;
    let (mut first, mut mentions, mut networks) = (None, 0, BTreeMap::<String, u64>::new());
    let (mut first_at, mut last_at) = (i64::MAX, i64::MIN);
    for row in &rows {
        let mut columns = row.columns();
        let post = columns.integer()?;
        // The post that gave the story its id stays the first, whatever came before it elsewhere.
        first = if post == story.0 { Some(post) } else { first.or(Some(post)) };
        mentions += columns.count()?;
        let at = columns.integer()?;
        (first_at, last_at) = (first_at.min(at), last_at.max(at));
        *networks.entry(columns.text()?).or_default() += 1;
    }
    let Some(first) = first else { return Ok(()) };
    let said = Statement::new("SELECT title, text FROM post WHERE workspace_id = $1 AND id = $2");
    let title = match transaction.optional(said.bind(workspace.0).bind(first)).await? {
        Some(row) => {
            let mut columns = row.columns();
            title_of(columns.maybe_text()?.as_deref(), &columns.text()?)
        }
        None => String::new(),
    };
    let statement = Statement::new(
        "UPDATE story SET first_post = $3, posts = $4, mentions = $5, first_at = $6, last_at = $7, title = $8, \
         networks = $9 WHERE workspace_id = $1 AND id = $2",
    );
    let statement = statement.bind(workspace.0).bind(story.0).bind(first).bind(rows.len() as u64).bind(mentions);
    let networks = serde_json::to_string(&networks).unwrap_or_default();
    transaction.execute(statement.bind(first_at).bind(last_at).bind(title).bind(networks)).await?;
    Ok(())
}

/// A post is gone on its network: its story is told by the next one.
pub(crate) async fn tell_by_next(transaction: &mut Transaction, workspace: WorkspaceId, post: i64) -> Result<()> {
    let statement = Statement::new(
        "SELECT s.id FROM post p CROSS JOIN story s WHERE p.workspace_id = $1 AND p.id = $2 AND s.id = p.story \
         AND s.first_post = p.id",
    );
    let Some(row) = transaction.optional(statement.bind(workspace.0).bind(post)).await? else { return Ok(()) };
    let story = row.columns().integer()?;
    let next = Statement::new(
        "SELECT p.id, p.title, p.text FROM mention m CROSS JOIN post p WHERE +m.workspace_id = $1 AND m.story = $2 \
         AND p.id = m.post_id AND p.deleted = 0 ORDER BY m.sort_at, m.id LIMIT 1",
    );
    let (first, title) = match transaction.optional(next.bind(workspace.0).bind(story)).await? {
        Some(row) => {
            let mut columns = row.columns();
            (columns.integer()?, title_of(columns.maybe_text()?.as_deref(), &columns.text()?))
        }
        None => (post, String::new()),
    };
    let statement = Statement::new("UPDATE story SET first_post = $3, title = $4 WHERE workspace_id = $1 AND id = $2");
    transaction.execute(statement.bind(workspace.0).bind(story).bind(first).bind(title)).await?;
    Ok(())
}

/// The first post of a story was edited: the story is told by what it says now.
pub(crate) async fn retell(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    story: StoryId,
    post: PostId,
    title: String,
) -> Result<()> {
    let statement =
        Statement::new("UPDATE story SET title = $4 WHERE workspace_id = $1 AND id = $2 AND first_post = $3");
    transaction.execute(statement.bind(workspace.0).bind(story.0).bind(post.0).bind(title)).await?;
    Ok(())
}
