//! The live set of topics: storage is the truth, the matcher its image.

use molva_domain::WorkspaceId;
use molva_storage::StorageError;

use crate::ingest::Pipeline;

impl Pipeline {
    /// Brings the matcher in line with storage. Called after each change of a topic.
    pub async fn reload_topics(&self, _workspace: WorkspaceId) -> Result<(), StorageError> {
        todo!()
    }
}
