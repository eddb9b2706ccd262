use molva_insights::calendar::Unit;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::estimate::ToneEstimates;
use crate::wire::questions::AskedPeriod;
use crate::wire::selection::{Incomplete, Selection};
use crate::wire::words::{GapCauseWord, Word, WordList};
use crate::wire::{Id, Time};

/// How often?
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RhythmRequest {
    #[serde(default)]
    pub selection: Selection,
    /// Absent: the shortest that makes at most 200 buckets.
    #[serde(default)]
    pub unit: Option<UnitWord>,
    #[serde(default)]
    pub compare: Option<AskedPeriod>,
}

/// Mentions over time and over the hours of the week.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Rhythm {
    pub unit: UnitWord,
    /// IANA name; buckets and hours are those of its wall clock.
    pub time_zone: String,
    pub buckets: Vec<RhythmBucket>,
    /// Of all buckets together, corrected by mentions that people labelled blind; null where these are too few.
    #[schema(required)]
    pub estimates: Option<ToneEstimates>,
    /// Monday first, 24 hours each.
    pub heat: Vec<Vec<u64>>,
    /// Of sources that can bring mentions of the selection, newest first; at most 1,000.
    pub gaps: Vec<SourceGap>,
    #[schema(required)]
    pub incomplete: Option<Incomplete>,
    pub missing: Vec<String>,
}

/// A stretch between two edges; its rows are the rows published from `from` on and before `to`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RhythmBucket {
    pub from: Time,
    pub to: Time,
    pub mentions: u64,
    pub negative: u64,
    pub neutral: u64,
    pub positive: u64,
    pub unjudged: u64,
    /// Some source of the selection was down during a part of it.
    pub gap: bool,
    /// Mentions of the bucket beside it in the compared period; null without one.
    #[schema(required)]
    pub before: Option<u64>,
    #[schema(required)]
    pub before_from: Option<Time>,
    #[schema(required)]
    pub before_to: Option<Time>,
}

/// A stretch in which a source may have missed items.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourceGap {
    pub source_id: Id,
    /// Its name.
    pub source: String,
    pub from: Time,
    /// Null while it is open.
    #[schema(required)]
    pub to: Option<Time>,
    pub cause: GapCauseWord,
}

pub type UnitWord = Word<Unit>;

impl WordList for Unit {
    const NAME: &'static str = "Unit";
    const ALL: &'static [Self] = &Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}
