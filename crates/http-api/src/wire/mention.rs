//! A mention: a post that matched a topic, and what people judged of it.

use molva_storage::intake::MatchSpan;
use molva_storage::mention as stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::post::{self, Post, Span};
use crate::wire::words::{MentionStateWord, ToneWord, Word};
use crate::wire::{Id, Time};

/// A post that matched a topic.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Mention {
    pub id: Id,
    pub topic_id: Id,
    /// All topics of the post, this one among them.
    pub topic_ids: Vec<Id>,
    pub source_id: Id,
    pub post: Post,
    /// Why it matched.
    pub spans: Vec<Span>,
    /// Where the words of a search stand in it; absent where they stand nowhere and beside other lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub found: Vec<Span>,
    pub state: MentionStateWord,
    /// Set by a person.
    #[schema(required)]
    pub tone: Option<ToneWord>,
    pub tags: Vec<String>,
    /// Exact copies that stand behind this one.
    pub copies: u64,
    /// The first of them when this is a copy.
    #[schema(required)]
    pub copy_of: Option<Id>,
    pub created_at: Time,
}

impl From<stored::Mention> for Mention {
    fn from(mention: stored::Mention) -> Self {
        Self {
            id: Id::of(mention.id),
            topic_id: Id::of(mention.topic),
            topic_ids: mention.topics.iter().map(Id::of).collect(),
            source_id: Id::of(mention.source),
            spans: if mention.post_deleted { Vec::new() } else { post::spans(&mention.spans, &mention.post) },
            found: Vec::new(),
            post: Post::of(mention.post, Some(mention.post_id), mention.post_deleted),
            state: Word(mention.state),
            tone: mention.tone.map(Word),
            tags: mention.tags,
            copies: mention.copies,
            copy_of: mention.copy_of.map(Id::of),
            created_at: mention.created_at.into(),
        }
    }
}

impl Mention {
    /// As a search found it.
    pub(crate) fn found(mention: stored::Mention, places: &[MatchSpan]) -> Self {
        let found = if mention.post_deleted { Vec::new() } else { post::spans(places, &mention.post) };
        Self { found, ..mention.into() }
    }
}

/// One page of mentions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MentionPage {
    pub items: Vec<Mention>,
    /// Give it back as `cursor` for the next page; null at the end.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// How many mentions there are.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct MentionCount {
    pub count: u64,
    /// There are that many or more.
    pub at_most: bool,
}

/// A change to some mentions; what is absent stays as it is.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MentionChange {
    /// At most 200.
    #[schema(value_type = Vec<Id>, max_items = 200)]
    pub ids: Vec<String>,
    #[serde(default)]
    pub state: Option<MentionStateWord>,
    /// Null takes the tone away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<ToneWord>)]
    pub tone: Option<Option<ToneWord>>,
    #[serde(default)]
    pub add_tags: Vec<String>,
    #[serde(default)]
    pub remove_tags: Vec<String>,
}

/// Tells null (`Some(None)`) from absent (`None`).
pub(crate) fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<ToneWord>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A tag in use.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TagCount {
    pub tag: String,
    pub count: u64,
}
