use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::Time;
use crate::wire::questions::AskedPeriod;
use crate::wire::selection::{Incomplete, Selection};

/// Of what?
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WordsRequest {
    #[serde(default)]
    pub selection: Selection,
    /// Absent: the stretch of the same length just before; for a selection without a period, all mentions of all topics.
    #[serde(default)]
    pub baseline: Option<AskedPeriod>,
    /// Of each list; 40 when absent.
    #[serde(default = "words")]
    #[schema(minimum = 1, maximum = 100)]
    pub limit: u32,
}

const fn words() -> u32 {
    40
}

/// What is said.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Words {
    pub mentions: u64,
    pub baseline: Baseline,
    /// Said more often than in the baseline, the hardest to explain by chance first; without mentions in the baseline, the most frequent.
    pub typical: Vec<SaidWord>,
    /// Said at least one and a half times as often as in the baseline, the steepest first.
    pub rising: Vec<SaidWord>,
    /// The next three by mentions.
    pub hashtags: Vec<SaidWord>,
    pub emoji: Vec<SaidWord>,
    pub links: Vec<SaidWord>,
    pub phrases: Phrases,
    #[schema(required)]
    pub incomplete: Option<Incomplete>,
    pub missing: Vec<String>,
}

/// What is compared with.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Baseline {
    /// Null: all times, of all topics.
    #[schema(required)]
    pub from: Option<Time>,
    #[schema(required)]
    pub to: Option<Time>,
    pub mentions: u64,
}

/// A word, hashtag, emoji or link.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SaidWord {
    pub word: String,
    pub mentions: u64,
    /// Of the mentions of the selection.
    #[schema(required)]
    pub share: Option<f64>,
    /// Mentions of the baseline that say it.
    pub baseline: u64,
    #[schema(required)]
    pub baseline_share: Option<f64>,
    /// Share by share; null when the baseline does not say it.
    #[schema(required)]
    pub lift: Option<f64>,
    /// Added to the selection, it finds these mentions.
    pub drill: WordDrill,
}

/// The part of a selection that finds a word.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct WordDrill {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub word: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub hashtag: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub emoji: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub link: Option<Vec<String>>,
    /// To be joined to the selection's query by AND.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub query: Option<String>,
}

/// Two or three words in a row.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Phrases {
    /// Mentions they were counted in: all of the selection, or an evenly spread sample.
    pub sampled: u64,
    pub values: Vec<Phrase>,
}

/// One phrase.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Phrase {
    /// As it is mostly written.
    pub phrase: String,
    /// Of the sample.
    pub mentions: u64,
    pub share: f64,
    /// Where the true share lies in 95 cases of 100.
    pub share_low: f64,
    pub share_high: f64,
    /// Finds the mentions that say it, those outside of the sample too.
    pub drill: WordDrill,
}
