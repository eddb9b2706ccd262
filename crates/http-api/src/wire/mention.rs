//! A mention: a post that matched a topic, and what machine and people judged of it.

use molva_storage::intake::MatchSpan;
use molva_storage::mention as stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::judgement::{JudgedPart, Machine, MentionStory, score};
use crate::wire::post::{self, Post, Span};
use crate::wire::words::{IntentWord, MentionStateWord, StageOrNone, StageWord, ToneWord, Word};
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
    /// How often the post was edited, as far as Molva saw; what it said before: `GET /api/mentions/{id}/versions`.
    pub edits: u64,
    /// The reply of ours that the post answers; null for all that answer others or nobody.
    #[schema(required)]
    pub answers: Option<Id>,
    /// Why it matched.
    pub spans: Vec<Span>,
    /// Where the words of a search stand in it; absent where they stand nowhere and beside other lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub found: Vec<Span>,
    pub state: MentionStateWord,
    /// Towards the topic's object: what a person said, otherwise the machine; null when neither did. So are `intents`, `stage`
    /// and `spam`; `by_people` tells which of them a person set.
    #[schema(required)]
    pub tone: Option<ToneWord>,
    /// Empty: none of them, or not judged.
    pub intents: Vec<IntentWord>,
    /// Null: at no stage, or not judged.
    #[schema(required)]
    pub stage: Option<StageWord>,
    /// Probability; 0.5 and more is spam. What a person said is 1 or 0.
    #[schema(required)]
    pub spam: Option<f64>,
    /// What a person set; the machine does not change it any more.
    pub by_people: Vec<JudgedPart>,
    /// What the machine said, whatever people say; null before it judged.
    #[schema(required)]
    pub machine: Option<Machine>,
    /// The posts that tell the same; null while there is no other.
    #[schema(required)]
    pub story: Option<MentionStory>,
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
            intents: mention.intents.iter().flat_map(|intents| intents.iter()).map(Word).collect(),
            stage: mention.stage.map(Word),
            spam: mention.spam.map(score),
            by_people: JudgedPart::of(mention.by_people),
            machine: mention.judged.map(|judged| Machine::of(&judged, mention.model, &mention.post)),
            story: mention.story.map(|id| MentionStory { id: Id::of(id), posts: mention.story_posts }),
            post: Post::of(mention.post, Some(mention.post_id), mention.post_deleted),
            edits: mention.edits,
            answers: mention.answers.map(Id::of),
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
    /// Null takes the person's word away: what the machine says holds again.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<ToneWord>)]
    pub tone: Option<Option<ToneWord>>,
    /// All that there are; the empty list says none. Null as for the tone.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<IntentWord>>, max_items = 10)]
    pub intents: Option<Option<Vec<IntentWord>>>,
    /// `none` says at no stage. Null as for the tone.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<StageOrNone>)]
    pub stage: Option<Option<StageOrNone>>,
    /// Null as for the tone.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<bool>)]
    pub spam: Option<Option<bool>>,
    #[serde(default)]
    pub add_tags: Vec<String>,
    #[serde(default)]
    pub remove_tags: Vec<String>,
}

/// Tells null (`Some(None)`) from absent (`None`).
pub(crate) fn given<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A tag in use.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TagCount {
    pub tag: String,
    pub count: u64,
}
