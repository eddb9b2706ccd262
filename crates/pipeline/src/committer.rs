//! One task commits what all sources deliver: whatever waits goes into one transaction, so that many small deliveries cost
//! one disk flush and not one each.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use molva_domain::Tally;
use molva_storage::intake::PreparedBatch;
use molva_storage::{Storage, StorageError};
use tokio::sync::{mpsc, oneshot};

use crate::ingest::IngestError;
use crate::stories::LiveStories;

/// Batches that may wait; the next one makes its source wait.
const WAITING_BATCHES: usize = 64;
/// A transaction takes no further batch once it holds so many items: it must not hold up the others for long.
const TRANSACTION_ITEMS: usize = 4_000;

struct Commit {
    batch: PreparedBatch,
    answer: oneshot::Sender<Result<Tally, StorageError>>,
}

/// The way to the committing task. It ends when the last handle is gone and everything that waited is stored.
pub(crate) struct Committer {
    waiting: mpsc::Sender<Commit>,
    items: Arc<AtomicU64>,
}

/// A reserved place in the line.
pub(crate) struct Place<'a>(mpsc::Permit<'a, Commit>);

impl Committer {
    pub(crate) fn start(storage: Storage, stories: Arc<LiveStories>) -> Self {
        let (waiting, receiver) = mpsc::channel(WAITING_BATCHES);
        let items = Arc::new(AtomicU64::new(0));
        tokio::spawn(run(Store { storage, stories }, receiver, Arc::clone(&items)));
        Self { waiting, items }
    }

    /// Items handed to the storage so far.
    pub(crate) fn items(&self) -> u64 {
        self.items.load(Ordering::Relaxed)
    }

    /// Waits for a place, then for the transaction.
    pub(crate) async fn commit(&self, batch: PreparedBatch) -> Result<Tally, IngestError> {
        let place = self.waiting.reserve().await.map_err(|_closed| IngestError::Stopping)?;
        Place(place).commit(batch).await
    }

    /// A place at once, or `Busy`.
    pub(crate) fn reserve(&self) -> Result<Place<'_>, IngestError> {
        match self.waiting.try_reserve() {
            Ok(permit) => Ok(Place(permit)),
            Err(mpsc::error::TrySendError::Full(())) => Err(IngestError::Busy),
            Err(mpsc::error::TrySendError::Closed(())) => Err(IngestError::Stopping),
        }
    }
}

impl Place<'_> {
    pub(crate) async fn commit(self, batch: PreparedBatch) -> Result<Tally, IngestError> {
        let (answer, stored) = oneshot::channel();
        self.0.send(Commit { batch, answer });
        Ok(stored.await.map_err(|_closed| IngestError::Stopping)??)
    }
}

/// Where batches go, and what they are asked on the way.
struct Store {
    storage: Storage,
    stories: Arc<LiveStories>,
}

impl Store {
    async fn store(&self, batches: Vec<PreparedBatch>) -> Result<Vec<Result<Tally, StorageError>>, StorageError> {
        let mut stories = self.stories.lock().await;
        self.storage.store_with(batches, Some(&mut *stories)).await
    }
}

async fn run(store: Store, mut waiting: mpsc::Receiver<Commit>, stored: Arc<AtomicU64>) {
    while let Some(first) = waiting.recv().await {
        let mut items = first.batch.items.len();
        let mut commits = vec![first];
        while items < TRANSACTION_ITEMS {
            let Ok(next) = waiting.try_recv() else { break };
            items += next.batch.items.len();
            commits.push(next);
        }
        metrics::histogram!("molva_transaction_items").record(f64::from(u32::try_from(items).unwrap_or(u32::MAX)));
        commit_together(&store, commits).await;
        stored.fetch_add(items as u64, Ordering::Relaxed);
    }
}

async fn commit_together(store: &Store, commits: Vec<Commit>) {
    if let [_] = commits[..] {
        return commit_apart(store, commits).await;
    }
    let batches = commits.iter().map(|commit| commit.batch.clone()).collect();
    match store.store(batches).await {
        Ok(results) => {
            for (commit, result) in commits.into_iter().zip(results) {
                count(&result);
                // Nobody waits any more when the source was stopped meanwhile; what is stored stays stored.
                let _ = commit.answer.send(result);
            }
        }
        Err(error) => {
            // One bad batch must not take its neighbours down: each gets its own transaction and its own error.
            tracing::warn!(%error, batches = commits.len(), "storing batches together failed, storing each on its own");
            commit_apart(store, commits).await;
        }
    }
}

async fn commit_apart(store: &Store, commits: Vec<Commit>) {
    for Commit { batch, answer } in commits {
        let result = match store.store(vec![batch]).await {
            Ok(mut results) => results.pop().unwrap_or_else(|| Ok(Tally::default())),
            Err(error) => Err(error),
        };
        count(&result);
        let _ = answer.send(result);
    }
}

fn count(result: &Result<Tally, StorageError>) {
    let Ok(tally) = result else {
        metrics::counter!("molva_batches_failed_total").increment(1);
        return;
    };
    for (outcome, items) in [
        ("stored", tally.stored),
        ("unmatched", tally.unmatched),
        ("duplicate", tally.duplicate),
        ("updated", tally.updated),
        ("rejected", tally.rejected),
    ] {
        metrics::counter!("molva_items_total", "outcome" => outcome).increment(items);
    }
}
