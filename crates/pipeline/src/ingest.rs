//! The one way in: analyse and match a batch, then commit it together with whatever else waits.

use molva_connectors::Item;
use molva_connectors::http::HttpLimits;
use molva_domain::{SourceId, Tally, WorkspaceId};
use molva_storage::source::Lease;
use molva_storage::{Storage, StorageError};
use tokio_util::sync::CancellationToken;

/// How the pipeline runs.
#[derive(Clone, Debug)]
pub struct PipelineOptions {
    pub workspace: WorkspaceId,
    pub http: HttpLimits,
    /// How many seconds of a network's schedule pass in one; 1 but in tests.
    pub time_scale: f64,
    /// Whether this process polls sources.
    pub collect: bool,
}

/// What a source hands over.
#[derive(Clone, Debug)]
pub struct Incoming {
    pub workspace: WorkspaceId,
    pub source: SourceId,
    pub lease: Option<Lease>,
    pub items: Vec<Item>,
    pub cursor: Option<String>,
    /// A push delivery's id, for replays.
    pub delivery: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// More is waiting than may wait; try again in a second.
    #[error("the store is busy; send again in a second")]
    Busy,
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("molva is shutting down")]
    Stopping,
}

/// The running pipeline; clones share it.
#[derive(Clone, Debug)]
pub struct Pipeline {}

impl Pipeline {
    /// Loads the topics, starts the committer and, when asked to collect, the supervisor of sources.
    pub async fn start(
        _storage: Storage,
        _options: PipelineOptions,
        _cancel: CancellationToken,
    ) -> Result<Self, StorageError> {
        todo!()
    }

    #[must_use]
    pub fn storage(&self) -> &Storage {
        todo!()
    }

    /// Returns when all of it is stored. Waits when the store is busy: this is the back-pressure.
    pub async fn ingest(&self, _incoming: Incoming) -> Result<Tally, IngestError> {
        todo!()
    }

    /// The same, but refuses with `Busy` instead of waiting.
    pub async fn try_ingest(&self, _incoming: Incoming) -> Result<Tally, IngestError> {
        todo!()
    }
}
