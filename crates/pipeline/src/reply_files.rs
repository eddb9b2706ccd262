//! Lets files of replies go when they were kept for as long as the operator wants.

use std::time::Duration;

use molva_storage::StorageError;

use crate::ingest::Pipeline;

const LOOK_EVERY: Duration = Duration::from_secs(600);
/// Between two batches: who works with Molva comes first.
const BREATH: Duration = Duration::from_millis(100);

impl Pipeline {
    /// Runs until the pipeline stops. Processes that share a database may all do it.
    pub(crate) fn keep_forgetting_reply_files(&self) {
        let pipeline = self.clone();
        tokio::spawn(async move {
            loop {
                let wait = match pipeline.forget_reply_files().await {
                    Ok(0) => pipeline.scaled(LOOK_EVERY),
                    Ok(replies) => {
                        tracing::info!(replies, "files of replies that were sent long ago were removed");
                        BREATH
                    }
                    Err(error) => {
                        tracing::warn!(%error, "files of replies were not removed, trying again");
                        pipeline.scaled(LOOK_EVERY)
                    }
                };
                tokio::select! {
                    () = pipeline.inner.cancel.cancelled() => return,
                    () = tokio::time::sleep(wait) => {}
                }
            }
        });
    }

    async fn forget_reply_files(&self) -> Result<usize, StorageError> {
        let (storage, options) = (self.storage(), &self.inner.options);
        storage.forget_reply_files(options.workspace, storage.now().minus(options.reply_files)).await
    }
}
