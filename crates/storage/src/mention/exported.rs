//! Mentions as a row of a file shows them: no more than that is read, and long texts only when they are asked for.

use std::sync::LazyLock;

use molva_domain::{
    ByPeople, Engagement, Intents, MentionId, MentionState, ModelId, PostId, PostKind, SourceId, Stage, StoryId,
    Timestamp, Tone, TopicId, WorkspaceId,
};
use serde::Deserialize;

use super::{FROM_LIVE, judgement};
use crate::sql::{Row, Value, in_list};
use crate::{Result, Storage, StorageError};

/// A mention and its post, without where a query matched, the other topics of the post, links and media.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportedMention {
    pub id: MentionId,
    pub topic: TopicId,
    pub created_at: Timestamp,
    pub state: MentionState,
    /// As in [`super::Mention`], and so the next six.
    pub tone: Option<Tone>,
    pub intents: Option<Intents>,
    pub stage: Option<Stage>,
    pub spam: Option<f32>,
    pub by_people: ByPeople,
    pub model: Option<ModelId>,
    pub story: Option<StoryId>,
    pub tags: Vec<String>,
    pub copies: u64,
    pub copy_of: Option<MentionId>,
    pub post_id: PostId,
    pub source: SourceId,
    /// The network said that the post is gone: there is neither text nor title.
    pub post_deleted: bool,
    pub urn: String,
    pub network: String,
    pub kind: PostKind,
    pub language: Option<String>,
    pub author: ExportedAuthor,
    pub community: Option<String>,
    pub community_key: Option<String>,
    pub title: Option<String>,
    /// `None` when it is longer than [`LONGEST_TEXT`]: see [`Storage::texts_of_posts`].
    pub text: Option<String>,
    /// Bytes of the text, whether it is here or not.
    pub text_bytes: usize,
    pub url: Option<String>,
    pub published_at: Timestamp,
    pub engagement: Engagement,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportedAuthor {
    pub name: Option<String>,
    pub handle: Option<String>,
    pub url: Option<String>,
    pub followers: Option<u64>,
    pub country: Option<String>,
    pub region: Option<String>,
    pub city: Option<String>,
}

/// Bytes of a text that is read with its mention. Almost all are shorter; of the others, up to a megabyte each, the reader
/// decides how many it can hold.
pub const LONGEST_TEXT: usize = 8 << 10;

/// The columns of [`Packed`] as one JSON array. A driver that hands out every value by itself spends most of its time on that:
/// SQLite's makes two allocations a value, under a lock that all connections share.
const PACKED: &str = "(m.id, m.topic_id, m.created_at, m.state, m.tone, m.tags, m.copies, m.copy_of, p.id, p.source_id, \
     p.deleted, p.urn, p.network, p.kind, p.language, p.author_name, p.author_handle, p.community_key, p.title, \
     octet_length(p.text), p.url, p.published_at, m.intents, m.stage, m.spam, m.by_people, m.model, m.story)";

fn by_id(array: &str) -> String {
    // SQLite and PostgreSQL know the length of a text without reading it.
    format!(
        "SELECT CAST({array}{PACKED} AS TEXT), CASE WHEN octet_length(p.text) <= {LONGEST_TEXT} THEN p.text END, \
         p.details{FROM_LIVE} AND +m.workspace_id = $1 AND m.id IN"
    )
}

static BY_ID_SQLITE: LazyLock<String> = LazyLock::new(|| by_id("json_array"));
static BY_ID_POSTGRES: LazyLock<String> = LazyLock::new(|| by_id("json_build_array"));

/// [`PACKED`].
#[derive(Deserialize)]
struct Packed<'a> {
    id: i64,
    topic: i64,
    created_at: i64,
    state: &'a str,
    tone: Option<&'a str>,
    /// JSON in JSON, as it is stored.
    tags: Option<String>,
    copies: u64,
    copy_of: Option<i64>,
    post: i64,
    source: i64,
    deleted: i64,
    urn: String,
    network: String,
    kind: &'a str,
    language: Option<String>,
    author_name: Option<String>,
    author_handle: Option<String>,
    community_key: Option<String>,
    title: Option<String>,
    text_bytes: usize,
    url: Option<String>,
    published_at: i64,
    intents: Option<i64>,
    stage: Option<&'a str>,
    spam: Option<i64>,
    by_people: i64,
    model: Option<i64>,
    story: Option<i64>,
}

/// What a file shows of the details of a post.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Details {
    author_url: Option<String>,
    followers: Option<u64>,
    city: Option<String>,
    region: Option<String>,
    country: Option<String>,
    community_title: Option<String>,
    engagement: Engagement,
}

impl Storage {
    /// In no particular order; unknown ones and those of deleted topics are left out.
    pub async fn exported_mentions(&self, workspace: WorkspaceId, ids: &[MentionId]) -> Result<Vec<ExportedMention>> {
        let keys = ids.iter().map(|id| Value::from(id.0)).collect();
        let postgres = self.engine() == "postgres";
        let head = if postgres { &BY_ID_POSTGRES } else { &BY_ID_SQLITE };
        let mut mentions = Vec::with_capacity(ids.len());
        for statement in in_list(postgres, head, "", &[workspace.0.into()], keys) {
            for row in self.database().all(statement).await? {
                mentions.push(read(&row)?);
            }
        }
        Ok(mentions)
    }

    /// Whole texts, in no particular order; unknown posts are left out.
    pub async fn texts_of_posts(&self, workspace: WorkspaceId, posts: &[PostId]) -> Result<Vec<(PostId, String)>> {
        let keys = posts.iter().map(|post| Value::from(post.0)).collect();
        let head = "SELECT id, text FROM post WHERE +workspace_id = $1 AND id IN";
        let mut texts = Vec::with_capacity(posts.len());
        for statement in in_list(self.engine() == "postgres", head, "", &[workspace.0.into()], keys) {
            for row in self.database().all(statement).await? {
                let mut columns = row.columns();
                texts.push((PostId(columns.integer()?), columns.text()?));
            }
        }
        Ok(texts)
    }
}

fn read(row: &Row) -> Result<ExportedMention> {
    let mut columns = row.columns();
    let unknown = |what: &str| StorageError::Incompatible(format!("the database holds an unknown {what}"));
    let packed = columns.text()?;
    let packed: Packed<'_> = serde_json::from_str(&packed).map_err(|_| unknown("form of a mention"))?;
    let text = columns.maybe_text()?;
    let details: Details = columns.maybe_text()?.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
    Ok(ExportedMention {
        id: MentionId(packed.id),
        topic: TopicId(packed.topic),
        created_at: Timestamp::from_micros(packed.created_at),
        state: MentionState::parse(packed.state).ok_or_else(|| unknown("state of a mention"))?,
        tone: packed.tone.and_then(Tone::parse),
        intents: packed.intents.map(judgement::read_intents),
        stage: packed.stage.and_then(Stage::parse),
        spam: packed.spam.map(judgement::read_spam),
        by_people: judgement::read_by_people(packed.by_people),
        model: packed.model.map(ModelId),
        story: packed.story.map(StoryId),
        tags: packed.tags.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default(),
        copies: packed.copies,
        copy_of: packed.copy_of.map(MentionId),
        post_id: PostId(packed.post),
        source: SourceId(packed.source),
        post_deleted: packed.deleted != 0,
        urn: packed.urn,
        network: packed.network,
        kind: PostKind::parse(packed.kind).ok_or_else(|| unknown("kind of post"))?,
        language: packed.language,
        author: ExportedAuthor {
            name: packed.author_name,
            handle: packed.author_handle,
            url: details.author_url,
            followers: details.followers,
            country: details.country,
            region: details.region,
            city: details.city,
        },
        community: details.community_title,
        community_key: packed.community_key,
        title: packed.title,
        text,
        text_bytes: packed.text_bytes,
        url: packed.url,
        published_at: Timestamp::from_micros(packed.published_at),
        engagement: details.engagement,
    })
}
