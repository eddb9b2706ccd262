//! Asking the archive: on threads of its own, a bounded number at once.

use std::sync::Arc;
use std::time::Duration;

use molva_archive::Archive;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::api::Shared;
use crate::problem::Problem;
use crate::wire::selection::Incomplete;

/// How long a question waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// Questions at once for each core: some of them wait for the disk.
const QUESTIONS_PER_CORE: usize = 2;
/// Of the threads that answer. Elsewhere than on Linux it would be the whole process's.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 5;

/// Turns to ask the archive, and threads that do nothing else.
pub(crate) struct ArchiveSlots {
    turns: Arc<Semaphore>,
    /// `None`: the system gave none, those of everything else do it.
    threads: Option<Runtime>,
}

impl ArchiveSlots {
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let slots = cores * QUESTIONS_PER_CORE;
        let mut threads = Builder::new_current_thread();
        threads.thread_name("molva-question").max_blocking_threads(slots).on_thread_start(yield_to_intake);
        Self { turns: Arc::new(Semaphore::new(slots)), threads: threads.build().ok() }
    }

    fn begin<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
        match &self.threads {
            Some(threads) => threads.spawn_blocking(work),
            None => tokio::task::spawn_blocking(work),
        }
    }
}

impl Drop for ArchiveSlots {
    fn drop(&mut self) {
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}

/// Who asks can wait a little, posts that come in pile up: with all cores busy, threads that answer questions get a third of what
/// the others get. Threads they begin inherit it.
fn yield_to_intake() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{getpriority_process, setpriority_process};
        let own = getpriority_process(None);
        if let Err(error) = own.and_then(|own| setpriority_process(None, own.max(NICENESS))) {
            tracing::debug!(%error, "questions are answered at the priority of everything else");
        }
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
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.archive_slots.turns).acquire_owned()).await;
        let turn = turn.map_err(|_elapsed| Problem::busy(PATIENCE))?.map_err(Problem::internal)?;
        let archive = self.pipeline().archive();
        let asked = self.archive_slots.begin(move || {
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::getpriority_process;

    use super::*;

    #[tokio::test]
    async fn questions_yield_to_everything_else() {
        let before = getpriority_process(None).expect("a priority");
        let slots = ArchiveSlots::new();
        let of_question = slots.begin(|| getpriority_process(None)).await.expect("done").expect("a priority");
        assert_eq!((of_question, getpriority_process(None)), (before.max(NICENESS), Ok(before)));
    }
}
