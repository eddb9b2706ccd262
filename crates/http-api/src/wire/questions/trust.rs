use molva_insights::trust::Score;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::questions::rhythm::SourceGap;
use crate::wire::selection::{Incomplete, Selection};
use crate::wire::words::{SourceStateWord, Word, WordList};
use crate::wire::{Id, Time};

/// How far can the figures of a selection be trusted?
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrustRequest {
    #[serde(default)]
    pub selection: Selection,
}

/// The trust strip.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Trust {
    pub score: ScoreWord,
    /// Why, in the language of the reader, what weighs most first; never empty.
    pub reasons: Vec<String>,
    pub sources: SourceTrust,
    /// Newest first, at most 1,000.
    pub gaps: Vec<SourceGap>,
    /// Of the time in which sources should have collected; null when none should.
    #[schema(required)]
    pub gap_share: Option<f64>,
    pub quota_cuts: Vec<QuotaCut>,
    /// Exact copies, of the mentions of the selection with copies.
    pub duplicates: Part,
    pub binned: u64,
    pub spam: u64,
    /// Mentions whose tone a person has set.
    pub judged_by_people: Part,
    pub audited: AuditedPart,
    #[schema(required)]
    pub incomplete: Option<Incomplete>,
    pub missing: Vec<String>,
}

/// Mentions that were drawn at random and labelled blind: what estimates rest on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuditedPart {
    pub mentions: u64,
    /// Who labelled them.
    pub people: u64,
    /// Cohen's kappa of the tone over those that two people labelled; null where there are none.
    #[schema(required)]
    pub agreement: Option<f64>,
    /// The first answer; null where there is none.
    #[schema(required)]
    pub since: Option<Time>,
}

/// Sources that can bring mentions of the selection.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourceTrust {
    /// They should have collected during the period.
    pub expected: u64,
    /// Of those, the ones that did and do.
    pub delivering: u64,
    /// At most 200, those not delivering first.
    pub list: Vec<TrustedSource>,
}

/// One source.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TrustedSource {
    pub source_id: Id,
    pub name: String,
    /// Name of the connector.
    pub network: String,
    pub state: SourceStateWord,
    pub delivering: bool,
    /// How long it was down within the period.
    pub gap_seconds: u64,
}

/// A network withheld items.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuotaCut {
    pub source_id: Id,
    pub name: String,
    pub at: Time,
}

/// Some of the mentions.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Part {
    pub mentions: u64,
    #[schema(required)]
    pub share: Option<f64>,
}

pub type ScoreWord = Word<Score>;

impl WordList for Score {
    const NAME: &'static str = "TrustScore";
    const ALL: &'static [Self] = &Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}
