//! Mentions: lists with filters, one by one, and what people judge of them.
//!
//! A mention belongs to one topic and one post. Exact duplicates within a topic stand behind the first of them (`copies`);
//! a post that matched several topics has one mention that is primary, so that a list over all topics shows it once.

use std::collections::{HashMap, HashSet};

use molva_domain::{
    ByPeople, Intents, MachineJudgement, MentionId, MentionState, ModelId, Post, PostId, ReplyId, SourceId, Stage,
    StoryId, Timestamp, Tone, TopicId, WorkspaceId,
};

use crate::intake::{MatchSpan, read_spans};
use crate::page::Position;
use crate::post;
use crate::sql::{Assembly, Connection, Row, Statement, Value, in_list};
use crate::{Result, Storage};

mod bulk;
mod change;
mod exported;
mod filter;
pub(crate) mod judgement;
mod pattern;
mod text;

pub use bulk::{BulkPosition, Sibling};
pub(crate) use change::KEEP_LABELS;
pub use change::{Label, MentionChange};
pub use exported::{ExportedAuthor, ExportedMention, LONGEST_TEXT};
pub use filter::MentionFilter;
pub use judgement::{Judging, ToJudge};
pub use text::MentionText;

#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    pub id: MentionId,
    pub topic: TopicId,
    /// All topics of the post, this one among them.
    pub topics: Vec<TopicId>,
    pub post_id: PostId,
    pub source: SourceId,
    /// Text and title are empty and `post_deleted` is set when the network said it is gone.
    pub post: Post,
    pub post_deleted: bool,
    /// How often the post was edited, as far as Molva saw; see [`Storage::post_versions`].
    pub edits: u64,
    /// The reply of ours that the post answers.
    pub answers: Option<ReplyId>,
    pub spans: Vec<MatchSpan>,
    pub state: MentionState,
    /// Towards the topic's object: a person's word, else the machine's. So are `intents`, `stage` and `spam`.
    pub tone: Option<Tone>,
    /// `None`: not judged. None of the intents is the empty set.
    pub intents: Option<Intents>,
    /// `None`: at no stage, or not judged.
    pub stage: Option<Stage>,
    /// 0 to 1, in thousandths; 0.5 and more is spam. A person's yes is 1, their no 0.
    pub spam: Option<f32>,
    /// Which of the four a person set.
    pub by_people: ByPeople,
    /// What the machine says, whatever people say.
    pub judged: Option<MachineJudgement>,
    /// The model that said it.
    pub model: Option<ModelId>,
    /// `None`: no other post tells the same so far.
    pub story: Option<StoryId>,
    /// Posts of the story; 0 without one.
    pub story_posts: u64,
    pub tags: Vec<String>,
    /// How many exact copies stand behind this one.
    pub copies: u64,
    /// The first of them when this is a copy.
    pub copy_of: Option<MentionId>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct MentionPage {
    pub mentions: Vec<Mention>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<String>,
}

/// Rows of a page at most.
const LARGEST_PAGE: u32 = 200;

/// What [`read`] reads, of a mention called `m` and its post.
const COLUMNS: &str = "m.id, m.topic_id, m.spans, m.state, m.tone, m.tags, m.copies, m.copy_of, m.created_at, m.sort_at, m.intents, \
     m.stage, m.spam, m.by_people, m.judged, m.model, m.story";

/// Mentions of topics that live. `CROSS JOIN`: SQLite then walks the mentions in the order of the list, and looks up posts.
const FROM_LIVE: &str = " FROM mention m CROSS JOIN post p WHERE p.id = m.post_id AND +m.topic_id NOT IN \
     (SELECT id FROM topic WHERE workspace_id = $1 AND deleted_at IS NOT NULL)";

impl Storage {
    /// Newest published first. `cursor` is `next` of the page before; `limit` at most 200.
    pub async fn mentions(
        &self,
        workspace: WorkspaceId,
        filter: &MentionFilter,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<MentionPage> {
        let position = cursor.map(Position::read).transpose()?;
        let limit = limit.clamp(1, LARGEST_PAGE) as usize;
        let mut query = Assembly::default();
        query.push("SELECT ").push(COLUMNS).push(", ").push(post::COLUMNS);
        let mut connection = Connection::Pool(self.database());
        filter.write(&mut query, workspace, connection.is_postgres());
        if let Some(position) = position {
            query.push(" AND (m.sort_at, m.id) < (").bind(position.sort_at).push(", ").bind(position.id).push(")");
        }
        query.push(" ORDER BY m.sort_at DESC, m.id DESC LIMIT ").bind(limit as u64 + 1);
        let mut rows = connection.all(query.into_statement()).await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let mut mentions = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        let next = mentions.last().filter(|_| more).map(|(_, position)| position.write());
        let mut mentions: Vec<Mention> = mentions.drain(..).map(|(mention, _)| mention).collect();
        complete(&mut connection, workspace, &mut mentions).await?;
        Ok(MentionPage { mentions, next })
    }

    /// Exact up to `at_most`, which stands for "that many or more".
    pub async fn count_mentions(&self, workspace: WorkspaceId, filter: &MentionFilter, at_most: u64) -> Result<u64> {
        let mut query = Assembly::default();
        query.push("SELECT COUNT(id) FROM (SELECT m.id");
        filter.write(&mut query, workspace, matches!(self.engine(), "postgres"));
        query.push(" LIMIT ").bind(at_most).push(") AS counted");
        let row = self.database().optional(query.into_statement()).await?;
        row.map_or(Ok(0), |row| row.columns().count())
    }

    pub async fn mention(&self, workspace: WorkspaceId, id: MentionId) -> Result<Option<Mention>> {
        Ok(self.mentions_by_id(workspace, &[id]).await?.into_iter().next())
    }

    /// In the order given; unknown ones and those of deleted topics are left out.
    pub async fn mentions_by_id(&self, workspace: WorkspaceId, ids: &[MentionId]) -> Result<Vec<Mention>> {
        load(&mut Connection::Pool(self.database()), workspace, ids).await
    }

    /// Copies of a mention, oldest first.
    pub async fn copies(&self, workspace: WorkspaceId, id: MentionId, limit: u32) -> Result<Vec<Mention>> {
        let mut query = Assembly::default();
        query.push("SELECT ").push(COLUMNS).push(", ").push(post::COLUMNS).push(FROM_LIVE);
        query.push(" AND +m.workspace_id = ").bind(workspace.0).push(" AND m.copy_of = ").bind(id.0);
        query.push(" ORDER BY m.id LIMIT ").bind(i64::from(limit.min(LARGEST_PAGE)));
        let mut connection = Connection::Pool(self.database());
        let rows = connection.all(query.into_statement()).await?;
        let mut mentions = rows.iter().map(|row| Ok(read(row)?.0)).collect::<Result<Vec<_>>>()?;
        complete(&mut connection, workspace, &mut mentions).await?;
        Ok(mentions)
    }

    /// Tags in use with their counts, most used first; at most 1,000.
    pub async fn tags(&self, workspace: WorkspaceId) -> Result<Vec<(String, u64)>> {
        let statement = Statement::new(
            "SELECT tag, COUNT(mention_id) FROM mention_tag WHERE workspace_id = $1 \
             GROUP BY tag ORDER BY COUNT(mention_id) DESC LIMIT 1000",
        );
        let rows = self.database().all(statement.bind(workspace.0)).await?;
        let mut tags = rows
            .iter()
            .map(|row| {
                let mut columns = row.columns();
                Ok((columns.text()?, columns.count()?))
            })
            .collect::<Result<Vec<_>>>()?;
        tags.sort_by(|(tag, count), (other, others)| others.cmp(count).then_with(|| tag.cmp(other)));
        Ok(tags)
    }
}

/// Mentions by id, in the order given.
async fn load(connection: &mut Connection<'_>, workspace: WorkspaceId, ids: &[MentionId]) -> Result<Vec<Mention>> {
    let mut found = HashMap::with_capacity(ids.len());
    for slice in ids.chunks(LARGEST_PAGE as usize) {
        let mut query = Assembly::default();
        query.push("SELECT ").push(COLUMNS).push(", ").push(post::COLUMNS).push(FROM_LIVE);
        query.push(" AND +m.workspace_id = ").bind(workspace.0).push(" AND m.id IN ").list(slice.iter().map(|id| id.0));
        for row in connection.all(query.into_statement()).await? {
            let (mention, _) = read(&row)?;
            found.insert(mention.id, mention);
        }
    }
    let mut mentions: Vec<Mention> = ids.iter().filter_map(|id| found.remove(id)).collect();
    complete(connection, workspace, &mut mentions).await?;
    Ok(mentions)
}

/// As [`load`], beside any transaction.
pub(crate) async fn load_stored(storage: &Storage, workspace: WorkspaceId, ids: &[MentionId]) -> Result<Vec<Mention>> {
    load(&mut Connection::Pool(storage.database()), workspace, ids).await
}

/// Fills in what stands elsewhere.
async fn complete(connection: &mut Connection<'_>, workspace: WorkspaceId, mentions: &mut [Mention]) -> Result<()> {
    add_topics(connection, workspace, mentions).await?;
    add_stories(connection, workspace, mentions).await
}

pub(crate) const TOPICS_OF_POSTS: &str = "SELECT post_id, topic_id FROM mention WHERE +workspace_id = $1 AND +topic_id NOT IN \
     (SELECT id FROM topic WHERE workspace_id = $1 AND deleted_at IS NOT NULL) AND post_id IN";

/// Fills in the other topics of the same posts.
async fn add_topics(connection: &mut Connection<'_>, workspace: WorkspaceId, mentions: &mut [Mention]) -> Result<()> {
    let mut topics: HashMap<PostId, Vec<TopicId>> = HashMap::new();
    for statement in in_list(
        connection.is_postgres(),
        TOPICS_OF_POSTS,
        "ORDER BY id",
        &[workspace.0.into()],
        mentions.iter().map(|mention| Value::from(mention.post_id.0)).collect(),
    ) {
        for row in connection.all(statement).await? {
            let mut columns = row.columns();
            let post = PostId(columns.integer()?);
            topics.entry(post).or_default().push(TopicId(columns.integer()?));
        }
    }
    for mention in mentions {
        mention.topics = topics.get(&mention.post_id).cloned().unwrap_or_else(|| vec![mention.topic]);
    }
    Ok(())
}

/// Fills in how many posts the stories have.
async fn add_stories(connection: &mut Connection<'_>, workspace: WorkspaceId, mentions: &mut [Mention]) -> Result<()> {
    let wanted: HashSet<i64> = mentions.iter().filter_map(|mention| mention.story).map(|story| story.0).collect();
    let mut posts: HashMap<StoryId, u64> = HashMap::with_capacity(wanted.len());
    for statement in in_list(
        connection.is_postgres(),
        "SELECT id, posts FROM story WHERE +workspace_id = $1 AND id IN",
        "",
        &[workspace.0.into()],
        wanted.into_iter().map(Value::from).collect(),
    ) {
        for row in connection.all(statement).await? {
            let mut columns = row.columns();
            posts.insert(StoryId(columns.integer()?), columns.count()?);
        }
    }
    for mention in mentions {
        mention.story_posts = mention.story.and_then(|story| posts.get(&story).copied()).unwrap_or(0);
    }
    Ok(())
}

fn read(row: &Row) -> Result<(Mention, Position)> {
    let mut columns = row.columns();
    let (id, topic) = (MentionId(columns.integer()?), TopicId(columns.integer()?));
    let spans = read_spans(&columns.text()?);
    let state = columns.parsed("state of a mention", MentionState::parse)?;
    let tone = columns.maybe_text()?.and_then(|tone| Tone::parse(&tone));
    let tags = columns.maybe_text()?.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
    let copies = columns.count()?;
    let copy_of = columns.maybe_integer()?.map(MentionId);
    let (created_at, sort_at) = (columns.time()?, columns.time()?);
    let intents = columns.maybe_integer()?.map(judgement::read_intents);
    let stage = columns.maybe_text()?.and_then(|stage| Stage::parse(&stage));
    let spam = columns.maybe_integer()?.map(judgement::read_spam);
    let by_people = judgement::read_by_people(columns.integer()?);
    let judged = columns.maybe_text()?.and_then(|short| MachineJudgement::from_compact(&short));
    let model = columns.maybe_integer()?.map(ModelId);
    let story = columns.maybe_integer()?.map(StoryId);
    let stored = post::read(&mut columns)?;
    let mention = Mention {
        id,
        topic,
        topics: Vec::new(),
        post_id: stored.id,
        source: stored.source,
        spans: if stored.deleted { Vec::new() } else { spans },
        post: stored.post,
        post_deleted: stored.deleted,
        edits: stored.edits,
        answers: stored.answers,
        state,
        tone,
        intents,
        stage,
        spam,
        by_people,
        judged,
        model,
        story,
        story_posts: 0,
        tags,
        copies,
        copy_of,
        created_at,
    };
    Ok((mention, Position { sort_at, id: id.0 }))
}
