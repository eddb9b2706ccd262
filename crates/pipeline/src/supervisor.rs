//! Keeps sources running: takes leases, starts connectors, contains their panics, backs off, notices silence.

use molva_connectors::ConnectorError;
use molva_domain::{SourceId, WorkspaceId};
use molva_storage::source::SourceDraft;

use crate::ingest::Pipeline;

impl Pipeline {
    /// A source was added, changed, paused or deleted: its run is stopped and, where due, started anew.
    pub fn source_changed(&self, _workspace: WorkspaceId, _source: SourceId) {
        todo!()
    }

    /// Tries settings without storing anything; answers what was found, in a sentence. At most 20 s.
    pub async fn probe(&self, _draft: &SourceDraft) -> Result<String, ConnectorError> {
        todo!()
    }
}
