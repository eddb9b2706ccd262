use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::Id;
use crate::wire::estimate::ToneEstimates;
use crate::wire::questions::{AskedPeriod, Period};
use crate::wire::selection::{Incomplete, Selection};
use crate::wire::words::{TopicKindWord, TopicLevelWord};

/// Is it said of us, and how much?
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VolumeRequest {
    #[serde(default)]
    pub selection: Selection,
    /// The same is worked out for this period.
    #[serde(default)]
    pub compare: Option<AskedPeriod>,
}

/// Tones that people set.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Tones {
    pub negative: u64,
    pub neutral: u64,
    pub positive: u64,
    /// Nobody has set it.
    pub unjudged: u64,
}

impl From<molva_archive::Tones> for Tones {
    fn from(tones: molva_archive::Tones) -> Self {
        let molva_archive::Tones { negative, neutral, positive, unjudged } = tones;
        Self { negative, neutral, positive, unjudged }
    }
}

/// The figures of one period.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VolumeFigures {
    /// Null when there are no mentions and no period was asked for.
    #[schema(required)]
    pub period: Option<Period>,
    pub mentions: u64,
    /// Different ones.
    pub authors: u64,
    /// Followers of different authors: an upper bound.
    pub potential_reach: u64,
    /// Mentions whose author's followers are not known.
    pub reach_unknown: u64,
    pub views: u64,
    pub tones: Tones,
    /// -100 to +100, of all mentions.
    #[schema(required)]
    pub net_sentiment: Option<f64>,
    /// Corrected by mentions that people labelled blind; null where these are too few.
    #[schema(required)]
    pub estimates: Option<ToneEstimates>,
    /// Mentions in 24 hours.
    #[schema(required)]
    pub per_day: Option<f64>,
    /// Own topics among own and competitor topics, of the widest level that has an own one.
    #[schema(required)]
    pub share_of_voice: Option<f64>,
    #[schema(required)]
    pub share_of_voice_weighted: Option<f64>,
    /// Those chosen, and all of kinds own and competitor; most mentions first.
    pub topics: Vec<TopicVolume>,
}

/// One topic beside the others.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TopicVolume {
    pub topic_id: Id,
    pub kind: TopicKindWord,
    pub level: TopicLevelWord,
    /// The selection names it, or names no topic.
    pub selected: bool,
    pub mentions: u64,
    /// Followers summed over mentions: a weight.
    pub reach: u64,
    /// Of own and competitor topics of its level; null for topics of kind market.
    #[schema(required)]
    pub share: Option<f64>,
    #[schema(required)]
    pub share_weighted: Option<f64>,
    pub tones: Tones,
    #[schema(required)]
    pub net_sentiment: Option<f64>,
    /// As of all; null beside it for topics that are not selected.
    #[schema(required)]
    pub estimates: Option<ToneEstimates>,
}

/// Volume and share, with the compared period beside it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Volume {
    #[serde(flatten)]
    pub figures: VolumeFigures,
    /// The same for the compared period; null without one.
    #[schema(required)]
    pub before: Option<VolumeFigures>,
    /// The archive is still being filled; null when all is in.
    #[schema(required)]
    pub incomplete: Option<Incomplete>,
    /// Months that cannot be read just now, `2026-03`.
    pub missing: Vec<String>,
}
