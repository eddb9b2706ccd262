//! What came of learning: what is told of it, and kept with the correction.

use serde::{Deserialize, Serialize};

/// The papers of a correction, or of the attempt at one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The version of the shipped models.
    pub base: String,
    /// That of the models with the correction.
    pub version: String,
    pub verdict: Verdict,
    pub counts: Counts,
    pub heads: Vec<HeadReport>,
    /// On the mentions that were held out: of the shipped models and with the correction.
    pub scores: Vec<PartScore>,
    /// Of tones on the held-out mentions: what people said by what the models say; negative, neutral, positive.
    pub confusion: [[u64; 3]; 3],
    /// Means over the heads that could be measured.
    pub before: Option<f64>,
    pub after: Option<f64>,
}

/// What it was learnt from and measured on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Mentions that people corrected, and taught by it.
    pub corrections: usize,
    /// Those of them held out.
    pub held_out: usize,
    /// Mentions labelled blind: all held out.
    pub audits: usize,
    /// Mentions that nobody changed, as a counterweight.
    pub left: usize,
}

/// Why a correction was taken or refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Some heads are better than the shipped ones.
    Better,
    /// No head has labels enough.
    #[default]
    TooFewLabels,
    /// There are labels enough, but no head is better for them.
    NotBetter,
    /// Better than the shipped models, but not as good as the correction that is in use.
    WorseThanActive,
}

/// A head: taken or not, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeadReport {
    /// `tone`, `intent:complaint`, …, `stage`, `spam`, `relevance`.
    pub head: String,
    /// Of relevance.
    pub topic: Option<i64>,
    pub taken: bool,
    pub why: Why,
    /// Labels it learnt from, and those it was measured on.
    pub taught: usize,
    pub held_out: usize,
    /// On what decides: labels held out and as many mentions that nobody changed.
    pub before: Option<f64>,
    pub after: Option<f64>,
    /// How likely it is that the correction is better, by resampling.
    pub chance: Option<f64>,
}

/// Why a head was taken or left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    Better,
    TooFewLabels,
    NotBetter,
    /// Better on corrections, worse on mentions drawn at random.
    WorseOnAudits,
}

/// How good a head is on the labels held out, or on a part of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartScore {
    /// `tone`, `intents`, `stage`, `spam`, `relevance`.
    pub head: String,
    /// ISO 639-1; `None`: all languages.
    pub language: Option<String>,
    /// `None`: all topics.
    pub topic: Option<i64>,
    /// `macro_f1`, `f1` (of yes), `f1:` with the name of an intent, `auc`.
    pub metric: String,
    /// Of the shipped models; `None` where they have no such head.
    pub before: Option<f64>,
    pub after: f64,
    /// 95 % interval of `after`, by resampling.
    pub low: f64,
    pub high: f64,
    pub examples: usize,
}
