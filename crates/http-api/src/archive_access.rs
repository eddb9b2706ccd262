//! Asking the archive: on threads of its own, a bounded number at once.

use std::sync::Arc;
use std::time::Duration;

use molva_archive::Archive;
use tokio::sync::Semaphore;

use crate::api::Shared;
use crate::problem::Problem;
use crate::wire::selection::Incomplete;

/// How long a question waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// Questions at once for each core: some of them wait for the disk.
const QUESTIONS_PER_CORE: usize = 2;

/// Turns to ask the archive.
pub(crate) struct ArchiveSlots(Arc<Semaphore>);

impl ArchiveSlots {
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self(Arc::new(Semaphore::new(cores * QUESTIONS_PER_CORE)))
    }
}

impl Shared {
    /// Asks the archive where it holds up nobody; 503 `busy` when no turn comes within ten seconds.
    pub(crate) async fn ask_archive<T, E>(
        &self,
        ask: impl FnOnce(&Archive) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Into<Problem> + Send + 'static,
    {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.archive_slots.0).acquire_owned()).await;
        let turn = turn.map_err(|_elapsed| Problem::busy(PATIENCE))?.map_err(Problem::internal)?;
        let archive = self.pipeline().archive();
        let asked = tokio::task::spawn_blocking(move || {
            // The turn ends with the work, also when the client has gone and nobody waits for the answer.
            let _turn = turn;
            ask(&archive)
        });
        asked.await.map_err(Problem::internal)?.map_err(Into::into)
    }

    /// How far the archive's filling is; `None` when all is in.
    pub(crate) fn incomplete(&self) -> Option<Incomplete> {
        self.pipeline().archive_filling().map(|filling| Incomplete { done: filling.done, total: filling.total })
    }
}
