//! What is listened for.

use molva_storage::topic as stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::words::{TopicKindWord, TopicLevelWord, Word};
use crate::wire::{Id, Time};

/// A company, brand, product or service that is listened for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Topic {
    pub id: Id,
    pub name: String,
    pub level: TopicLevelWord,
    pub kind: TopicKindWord,
    pub query: String,
    /// Grows by one with each change of the query.
    pub version: u32,
    pub created_at: Time,
    pub updated_at: Time,
    /// Mentions stored for it, copies included.
    pub mentions: u64,
    #[schema(required)]
    pub last_mention_at: Option<Time>,
}

impl From<stored::Topic> for Topic {
    fn from(topic: stored::Topic) -> Self {
        Self {
            id: Id::of(topic.id),
            name: topic.name,
            level: Word(topic.level),
            kind: Word(topic.kind),
            query: topic.query,
            version: topic.version,
            created_at: topic.created_at.into(),
            updated_at: topic.updated_at.into(),
            mentions: topic.mentions,
            last_mention_at: topic.last_mention_at.map(Into::into),
        }
    }
}

/// A topic as it should be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TopicDraft {
    /// At most 120 characters, unique.
    pub name: String,
    pub level: TopicLevelWord,
    pub kind: TopicKindWord,
    /// In the query language.
    pub query: String,
}

/// A topic to make.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTopic {
    /// At most 120 characters, unique.
    pub name: String,
    pub level: TopicLevelWord,
    pub kind: TopicKindWord,
    /// In the query language.
    pub query: String,
    /// Also look back over the kept stream.
    #[serde(default)]
    pub backfill: bool,
}

/// How a look-back ended.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Backfilled {
    /// Mentions added.
    pub added: u64,
    /// False when the minute was over before the look-back; it goes on, and mentions keep arriving as events.
    pub finished: bool,
}
