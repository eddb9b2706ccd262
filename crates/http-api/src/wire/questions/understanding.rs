use molva_domain::Intent;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::estimate::Estimate;
use crate::wire::questions::rhythm::UnitWord;
use crate::wire::questions::{AskedPeriod, Period};
use crate::wire::selection::{Incomplete, Selection};
use crate::wire::story::StoryNetwork;
use crate::wire::words::{IntentWord, StageWord, ToneWord};
use crate::wire::{Id, Time};

/// In which mood, and what for?
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnderstandingRequest {
    #[serde(default)]
    pub selection: Selection,
    /// Of the time line; absent: the shortest that makes at most 200 buckets.
    #[serde(default)]
    pub unit: Option<UnitWord>,
    /// The same is worked out for this period.
    #[serde(default)]
    pub compare: Option<AskedPeriod>,
}

/// Tones, intents, stages, spam and stories: what people said, otherwise the machine. Shares are of all mentions of the selection,
/// those that nobody has judged among them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Understanding {
    /// Null when there are no mentions and no period was asked for.
    #[schema(required)]
    pub period: Option<Period>,
    pub mentions: u64,
    /// Mentions without a tone.
    pub unjudged: u64,
    /// Mentions of which a person set tone, intents, stage or spam.
    pub judged_by_people: u64,
    /// Mentions of the compared period; null without one.
    #[schema(required)]
    pub before_mentions: Option<u64>,
    /// Negative, neutral, positive.
    pub tones: Vec<ToneShare>,
    pub net_sentiment: NetSentiment,
    /// All of them, most mentions first.
    pub intents: Vec<IntentShare>,
    /// Mentions with no intent, judged or not.
    pub without_intent: u64,
    /// All of them, in the order of the consumer cycle.
    pub stages: Vec<StageShare>,
    /// Mentions at no stage, judged or not.
    pub without_stage: u64,
    pub spam: SpamShare,
    pub over_time: OverTime,
    /// Those with most mentions of the selection; at most 10.
    pub stories: Vec<StoryMentions>,
    /// Different ones, shown or not.
    pub stories_distinct: u64,
    #[schema(required)]
    pub incomplete: Option<Incomplete>,
    pub missing: Vec<String>,
}

/// A count and its share, in the compared period.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct ShareBefore {
    pub mentions: u64,
    #[schema(required)]
    pub share: Option<f64>,
}

/// Mentions of a tone towards the topic's object.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct ToneShare {
    pub tone: ToneWord,
    pub mentions: u64,
    #[schema(required)]
    pub share: Option<f64>,
    /// The share as mentions that people labelled blind correct it; null where these are too few.
    #[schema(required)]
    pub estimate: Option<Estimate>,
    /// Null without a compared period.
    #[schema(required)]
    pub before: Option<ShareBefore>,
}

/// Per cent of positive minus per cent of negative, -100 to +100, of all mentions.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct NetSentiment {
    #[schema(required)]
    pub value: Option<f64>,
    #[schema(required)]
    pub estimate: Option<Estimate>,
    /// In the compared period.
    #[schema(required)]
    pub before: Option<f64>,
}

/// Mentions with an intent; a mention may have several.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct IntentShare {
    pub intent: IntentWord,
    pub mentions: u64,
    #[schema(required)]
    pub share: Option<f64>,
    #[schema(required)]
    pub estimate: Option<Estimate>,
    #[schema(required)]
    pub before: Option<ShareBefore>,
}

/// Mentions at a stage of the consumer cycle.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct StageShare {
    pub stage: StageWord,
    pub mentions: u64,
    #[schema(required)]
    pub share: Option<f64>,
    #[schema(required)]
    pub estimate: Option<Estimate>,
    #[schema(required)]
    pub before: Option<ShareBefore>,
}

/// Spam among all mentions of the selection and its spam, whether the selection shows it or not.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct SpamShare {
    pub mentions: u64,
    #[schema(required)]
    pub share: Option<f64>,
    #[schema(required)]
    pub estimate: Option<Estimate>,
    #[schema(required)]
    pub before: Option<ShareBefore>,
}

/// Tones and intents over time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OverTime {
    pub unit: UnitWord,
    /// IANA name; buckets are those of its wall clock.
    pub time_zone: String,
    pub buckets: Vec<UnderstandingBucket>,
}

/// A stretch between two edges; its rows are the rows published from `from` on and before `to`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnderstandingBucket {
    pub from: Time,
    pub to: Time,
    pub mentions: u64,
    pub negative: u64,
    pub neutral: u64,
    pub positive: u64,
    pub unjudged: u64,
    pub intents: IntentCounts,
}

/// Mentions with each intent.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub struct IntentCounts {
    pub complaint: u64,
    pub help: u64,
    pub question: u64,
    pub idea: u64,
    pub praise: u64,
    pub purchase: u64,
    pub churn: u64,
    pub news: u64,
    pub advert: u64,
    pub spam: u64,
}

impl IntentCounts {
    /// In the order of [`Intent::ALL`].
    pub(crate) fn of(counts: &[u64; Intent::ALL.len()]) -> Self {
        let of = |intent: Intent| counts[intent as usize];
        Self {
            complaint: of(Intent::Complaint),
            help: of(Intent::Help),
            question: of(Intent::Question),
            idea: of(Intent::Idea),
            praise: of(Intent::Praise),
            purchase: of(Intent::Purchase),
            churn: of(Intent::Churn),
            news: of(Intent::News),
            advert: of(Intent::Advert),
            spam: of(Intent::Spam),
        }
    }
}

/// A story and its mentions of the selection.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StoryMentions {
    /// What the selection takes.
    pub story_id: Id,
    /// The beginning of its first post.
    pub title: String,
    /// Of the selection; the story as a whole may have more.
    pub mentions: u64,
    /// Of the story as a whole, as are the next three.
    pub posts: u64,
    pub first_at: Time,
    pub last_at: Time,
    /// Most posts first.
    pub networks: Vec<StoryNetwork>,
}
