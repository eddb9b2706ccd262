//! The collection ledger: received = stored + unmatched + duplicate + updated + rejected.

use std::collections::BTreeMap;

use molva_domain::Timestamp;
use molva_storage::kept::KeptStatus;
use molva_storage::ledger::{LedgerHour, Quarantined};
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::words::{GapCauseWord, RejectionReasonWord, Word};
use crate::wire::{Id, Time};

/// How many items ended where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Tally {
    /// The sum of the others.
    pub received: u64,
    pub stored: u64,
    pub unmatched: u64,
    pub duplicate: u64,
    /// Had come before, and was edited since.
    pub updated: u64,
    pub rejected: u64,
}

impl From<molva_domain::Tally> for Tally {
    fn from(tally: molva_domain::Tally) -> Self {
        let molva_domain::Tally { received, stored, unmatched, duplicate, updated, rejected } = tally;
        Self { received, stored, unmatched, duplicate, updated, rejected }
    }
}

/// The items of one hour, by arrival.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HourTally {
    /// Start of the hour.
    pub hour: Time,
    pub received: u64,
    pub stored: u64,
    pub unmatched: u64,
    pub duplicate: u64,
    /// Had come before, and was edited since.
    pub updated: u64,
    pub rejected: u64,
}

/// The items of one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SourceTally {
    pub source_id: Id,
    pub received: u64,
    pub stored: u64,
    pub unmatched: u64,
    pub duplicate: u64,
    /// Had come before, and was edited since.
    pub updated: u64,
    pub rejected: u64,
}

impl SourceTally {
    pub(crate) fn of(source: molva_domain::SourceId, tally: molva_domain::Tally) -> Self {
        let molva_domain::Tally { received, stored, unmatched, duplicate, updated, rejected } = tally;
        Self { source_id: Id::of(source), received, stored, unmatched, duplicate, updated, rejected }
    }
}

/// Hours of all sources summed up, oldest first.
pub(crate) fn hours(rows: &[LedgerHour]) -> Vec<HourTally> {
    let mut by_hour: BTreeMap<Timestamp, molva_domain::Tally> = BTreeMap::new();
    for row in rows {
        by_hour.entry(row.hour).or_default().add(&row.tally);
    }
    by_hour
        .into_iter()
        .map(|(hour, tally)| {
            let molva_domain::Tally { received, stored, unmatched, duplicate, updated, rejected } = tally;
            HourTally { hour: hour.into(), received, stored, unmatched, duplicate, updated, rejected }
        })
        .collect()
}

/// A stretch of time in which items may have been missed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Gap {
    pub from: Time,
    /// Null while it is open.
    #[schema(required)]
    pub to: Option<Time>,
    pub cause: GapCauseWord,
}

impl From<molva_domain::Gap> for Gap {
    fn from(gap: molva_domain::Gap) -> Self {
        Self { from: gap.from.into(), to: gap.to.map(Into::into), cause: Word(gap.cause) }
    }
}

/// How many items were rejected for a reason.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RejectionCount {
    pub reason: RejectionReasonWord,
    pub count: u64,
}

/// A rejected item, kept to be looked at.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuarantinedItem {
    pub at: Time,
    pub reason: RejectionReasonWord,
    /// Where in the input: `line 12, column 40`.
    pub place: String,
    /// What is wrong and the way out.
    pub message: String,
    /// The beginning of the raw item.
    pub sample: String,
}

impl From<Quarantined> for QuarantinedItem {
    fn from(item: Quarantined) -> Self {
        Self {
            at: item.at.into(),
            reason: Word(item.reason),
            place: item.place,
            message: item.message,
            sample: item.sample,
        }
    }
}

/// The ledger of one source.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourceLedger {
    /// Of all time.
    pub total: Tally,
    pub rejections: Vec<RejectionCount>,
    /// Of the last 14 days, oldest first; hours without items are left out.
    pub hours: Vec<HourTally>,
    /// Of the last 14 days, newest first.
    pub gaps: Vec<Gap>,
    /// The newest 100.
    pub quarantine: Vec<QuarantinedItem>,
}

/// What is kept of posts that matched nothing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Kept {
    pub posts: u64,
    /// On disk, compressed.
    pub bytes: u64,
    /// Arrival of the oldest and newest.
    #[schema(required)]
    pub oldest: Option<Time>,
    #[schema(required)]
    pub newest: Option<Time>,
}

impl From<KeptStatus> for Kept {
    fn from(status: KeptStatus) -> Self {
        Self {
            posts: status.posts,
            bytes: status.bytes,
            oldest: status.oldest.map(Into::into),
            newest: status.newest.map(Into::into),
        }
    }
}

/// The ledger of all sources, deleted ones included.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Ledger {
    /// Of all time.
    pub total: Tally,
    /// Received is the sum of the rest, in total and for each source.
    pub balances: bool,
    pub sources: Vec<SourceTally>,
    pub kept: Kept,
    /// Of the last 7 days, oldest first; hours without items are left out.
    pub hours: Vec<HourTally>,
}
