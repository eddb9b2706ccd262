//! Sources: settings, sealed secrets, state, cursor and the lease that decides who polls.

use std::collections::BTreeMap;
use std::time::Duration;

use molva_domain::{Actor, Gap, GapCause, Quota, Secret, SourceId, SourceState, Timestamp, WorkspaceId};

use crate::{Result, Storage};

#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    pub id: SourceId,
    pub workspace: WorkspaceId,
    /// Name of the connector's row in the table: `feed`, `mastodon`, …
    pub connector: String,
    pub name: String,
    /// Values by the setting's key; secrets are not among them.
    pub settings: BTreeMap<String, String>,
    /// Keys of the secrets that are set.
    pub secret_keys: Vec<String>,
    pub state: SourceState,
    /// Opaque to everyone but its connector, at most 4 KiB.
    pub cursor: Option<String>,
    pub created_at: Timestamp,
    /// Last time the source answered well, with or without items.
    pub last_success_at: Option<Timestamp>,
    /// Arrival of the last item.
    pub last_item_at: Option<Timestamp>,
    /// Published time of the newest item seen.
    pub newest_published_at: Option<Timestamp>,
    /// How far behind the network the source is, as last measured.
    pub lag: Option<Duration>,
    pub quota: Option<Quota>,
    /// Machine word of the last problem, `None` when the last try was well.
    pub problem_code: Option<String>,
    /// What failed and what to do, one sentence.
    pub problem: Option<String>,
    pub problem_since: Option<Timestamp>,
    pub next_attempt_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct SourceDraft {
    pub connector: String,
    pub name: String,
    pub settings: BTreeMap<String, String>,
    pub secrets: BTreeMap<String, Secret>,
}

/// The right to poll a source, until it runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    pub source: SourceId,
    /// Grows with each taking; an older holder's writes are refused.
    pub fence: i64,
}

/// What a connector found out about itself; fields that are `None` stay as they are.
#[derive(Clone, Debug, Default)]
pub struct SourceReport {
    pub state: Option<SourceState>,
    pub success_at: Option<Timestamp>,
    pub lag: Option<Duration>,
    pub quota: Option<Quota>,
    /// `Some(None)` clears it.
    pub problem: Option<Option<Problem>>,
    pub next_attempt_at: Option<Option<Timestamp>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub code: String,
    pub message: String,
}

impl Storage {
    /// `Taken` when a source of that name exists.
    pub async fn create_source(&self, _workspace: WorkspaceId, _actor: Actor, _draft: SourceDraft) -> Result<Source> {
        todo!()
    }

    /// Replaces name and settings; secrets that are given replace, others stay. Problem and cursor stay. `None` when there is none.
    pub async fn update_source(
        &self,
        _workspace: WorkspaceId,
        _actor: Actor,
        _id: SourceId,
        _draft: SourceDraft,
    ) -> Result<Option<Source>> {
        todo!()
    }

    /// The ledger and posts stay. `false` when there is none.
    pub async fn delete_source(&self, _workspace: WorkspaceId, _actor: Actor, _id: SourceId) -> Result<bool> {
        todo!()
    }

    /// Pausing sets `Paused`; resuming sets `Starting` and clears the problem.
    pub async fn set_source_paused(
        &self,
        _workspace: WorkspaceId,
        _actor: Actor,
        _id: SourceId,
        _paused: bool,
    ) -> Result<Option<Source>> {
        todo!()
    }

    pub async fn sources(&self, _workspace: WorkspaceId) -> Result<Vec<Source>> {
        todo!()
    }

    pub async fn source(&self, _workspace: WorkspaceId, _id: SourceId) -> Result<Option<Source>> {
        todo!()
    }

    /// The secrets in the clear, for the connector alone.
    pub async fn source_secrets(&self, _workspace: WorkspaceId, _id: SourceId) -> Result<BTreeMap<String, Secret>> {
        todo!()
    }

    /// Takes the lease when it is free or has run out. `None` when another process holds it.
    pub async fn take_lease(
        &self,
        _workspace: WorkspaceId,
        _id: SourceId,
        _owner: &str,
        _for: Duration,
    ) -> Result<Option<Lease>> {
        todo!()
    }

    /// `LeaseLost` when it was taken over.
    pub async fn renew_lease(&self, _workspace: WorkspaceId, _lease: Lease, _for: Duration) -> Result<()> {
        todo!()
    }

    pub async fn release_lease(&self, _workspace: WorkspaceId, _lease: Lease) -> Result<()> {
        todo!()
    }

    /// Writes a `source.changed` event when the state changes.
    pub async fn report_source(&self, _workspace: WorkspaceId, _id: SourceId, _report: SourceReport) -> Result<()> {
        todo!()
    }

    /// Opens a gap unless one of that cause is open already.
    pub async fn open_gap(
        &self,
        _workspace: WorkspaceId,
        _id: SourceId,
        _from: Timestamp,
        _cause: GapCause,
    ) -> Result<()> {
        todo!()
    }

    /// Closes what is open.
    pub async fn close_gaps(&self, _workspace: WorkspaceId, _id: SourceId, _to: Timestamp) -> Result<()> {
        todo!()
    }

    /// Newest first, those that end after `since`.
    pub async fn gaps(&self, _workspace: WorkspaceId, _id: SourceId, _since: Timestamp) -> Result<Vec<Gap>> {
        todo!()
    }
}
