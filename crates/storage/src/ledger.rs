//! The collection ledger: what came, where it ended, for each source and hour.

use molva_domain::{RejectionReason, SourceId, Tally, Timestamp, WorkspaceId};

use crate::{Result, Storage};

/// One source and hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerHour {
    pub source: SourceId,
    /// Start of the hour, by arrival.
    pub hour: Timestamp,
    pub tally: Tally,
}

/// A rejected item, kept for the quarantine page: the newest 100 of each source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    pub at: Timestamp,
    pub reason: RejectionReason,
    pub place: String,
    pub message: String,
    pub sample: String,
}

impl Storage {
    /// All time, by source.
    pub async fn ledger_totals(&self, _workspace: WorkspaceId) -> Result<Vec<(SourceId, Tally)>> {
        todo!()
    }

    /// Hours that start at or after `since`, oldest first; all sources or one.
    pub async fn ledger_hours(
        &self,
        _workspace: WorkspaceId,
        _source: Option<SourceId>,
        _since: Timestamp,
    ) -> Result<Vec<LedgerHour>> {
        todo!()
    }

    /// All time, by reason.
    pub async fn rejections(&self, _workspace: WorkspaceId, _source: SourceId) -> Result<Vec<(RejectionReason, u64)>> {
        todo!()
    }

    pub async fn quarantine(&self, _workspace: WorkspaceId, _source: SourceId) -> Result<Vec<Quarantined>> {
        todo!()
    }
}
