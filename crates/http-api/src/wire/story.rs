//! Stories: posts that tell the same, whatever their networks and topics.

use std::collections::BTreeMap;

use molva_storage::story as stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::questions::rhythm::UnitWord;
use crate::wire::questions::volume::Tones;
use crate::wire::selection::Incomplete;
use crate::wire::{Id, Mention, Time};

/// Copies, edited copies, reposts and quotes of one post.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Story {
    pub id: Id,
    /// The beginning of its first post, at most 200 characters.
    pub title: String,
    pub posts: u64,
    /// Of these posts: one for each topic.
    pub mentions: u64,
    pub first_at: Time,
    pub last_at: Time,
    /// Most posts first.
    pub networks: Vec<StoryNetwork>,
    /// Topics in which it has mentions.
    pub topic_ids: Vec<Id>,
    /// A person took it out of another story.
    pub split_by_people: bool,
}

/// Posts of a story in one network.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StoryNetwork {
    pub network: String,
    pub posts: u64,
}

impl From<stored::Story> for Story {
    fn from(story: stored::Story) -> Self {
        Self {
            id: Id::of(story.id),
            title: story.title,
            posts: story.posts,
            mentions: story.mentions,
            first_at: story.first_at.into(),
            last_at: story.last_at.into(),
            networks: networks(story.networks),
            topic_ids: story.topics.iter().map(Id::of).collect(),
            split_by_people: story.split_by_people,
        }
    }
}

pub(crate) fn networks(networks: Vec<(String, u64)>) -> Vec<StoryNetwork> {
    networks.into_iter().map(|(network, posts)| StoryNetwork { network, posts }).collect()
}

/// One page of stories.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StoryPage {
    pub items: Vec<Story>,
    /// Give it back as `cursor` for the next page; null at the end.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// A story, how it began and how it spread. Its members are what a search with `selection.story` finds.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StoryDetail {
    #[serde(flatten)]
    pub story: Story,
    /// A mention of the post that told it first; null when its topics were deleted.
    #[schema(required)]
    pub first: Option<Mention>,
    /// Of all its mentions, binned ones, copies and spam among them.
    pub tones: Tones,
    pub timeline: StoryTimeline,
    /// The archive is still being filled: tones and timeline are not yet those of the whole.
    #[schema(required)]
    pub incomplete: Option<Incomplete>,
    /// Months that cannot be read just now, `2026-03`.
    pub missing: Vec<String>,
}

/// Mentions of a story over time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StoryTimeline {
    pub unit: UnitWord,
    /// IANA name; buckets are those of its wall clock.
    pub time_zone: String,
    pub buckets: Vec<StoryBucket>,
}

/// Mentions published from `from` on and before `to`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StoryBucket {
    pub from: Time,
    pub to: Time,
    pub mentions: u64,
    /// By network, those of the six networks with most posts; none that is zero.
    pub networks: BTreeMap<String, u64>,
}

/// What comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum StoryOrder {
    /// Told last.
    Newest,
    /// Told most.
    Largest,
}

/// The story that is one with this.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StoryMerge {
    /// Its id; the other story's id leads here afterwards.
    #[schema(value_type = Id)]
    pub with: String,
}

/// Posts that do not belong to the story.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StorySplit {
    /// 1 to 200.
    #[schema(value_type = Vec<Id>, max_items = 200)]
    pub post_ids: Vec<String>,
}
