//! Applies a new topic to the kept stream.

use molva_domain::{TopicId, WorkspaceId};
use molva_storage::StorageError;

use crate::ingest::Pipeline;

impl Pipeline {
    /// Returns how many mentions were added; `progress` is told posts scanned and posts in all.
    pub async fn backfill(
        &self,
        _workspace: WorkspaceId,
        _topic: TopicId,
        _progress: impl Fn(u64, u64) + Send + Sync + 'static,
    ) -> Result<u64, StorageError> {
        todo!()
    }
}
