//! Calls of networks: kept in one transaction with whatever else waits, so that many calls a second cost few disk flushes;
//! answered; read afterwards, and again after a crash that came between.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use molva_connectors::webhook::{Delivered, Webhooks};
use molva_connectors::{Item, Session, Settings};
use molva_domain::{Rejection, RejectionReason, SourceId, WorkspaceId};
use molva_storage::Storage;
use molva_storage::webhook::{NewWebhook, WaitingWebhook};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::Instant;

use crate::ingest::{Incoming, IngestError, Pipeline};

/// Calls that may wait to be kept; the next one is told to come again.
const WAITING_CALLS: usize = 1_024;
/// A transaction takes no further call once it holds so many.
const TRANSACTION_CALLS: usize = 256;
/// Calls read at once. Few, with a pause behind: who waits for an answer comes first, and waits for what is being stored.
const READ_AT_ONCE: u32 = 32;
const BREATH: Duration = Duration::from_millis(20);
/// Without a word from the receiver: another process may have kept some.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// For what a network is asked before its calls are read.
const PREPARE: Duration = Duration::from_secs(5);
const FORGET_EVERY: Duration = Duration::from_secs(600);

/// A call that was proved to be a network's.
#[derive(Clone, Debug)]
pub struct Webhook {
    pub source: SourceId,
    /// What it is known by.
    pub key: String,
    pub body: Vec<u8>,
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    New,
    /// It came before, within a week; nothing more happens.
    Known,
}

enum Task {
    Keep {
        call: NewWebhook,
        answer: oneshot::Sender<Option<Kept>>,
    },
    /// They were read. The answer: whether that is written down.
    Settle {
        ids: Vec<i64>,
        answer: oneshot::Sender<bool>,
    },
}

/// The way to the task that keeps calls.
pub(crate) struct Inbox {
    waiting: mpsc::Sender<Task>,
    arrived: Arc<Notify>,
}

impl Inbox {
    pub(crate) fn start(storage: Storage, workspace: WorkspaceId) -> Self {
        let (waiting, receiver) = mpsc::channel(WAITING_CALLS);
        let arrived = Arc::new(Notify::new());
        tokio::spawn(keep(storage, workspace, receiver, Arc::clone(&arrived)));
        Self { waiting, arrived }
    }
}

/// What goes into one transaction.
#[derive(Default)]
struct Together {
    calls: Vec<NewWebhook>,
    answers: Vec<oneshot::Sender<Option<Kept>>>,
    settled: Vec<i64>,
    settlers: Vec<oneshot::Sender<bool>>,
}

impl Together {
    fn add(&mut self, task: Task) {
        match task {
            Task::Keep { call, answer } => {
                self.calls.push(call);
                self.answers.push(answer);
            }
            Task::Settle { ids, answer } => {
                self.settled.extend(ids);
                self.settlers.push(answer);
            }
        }
    }
}

async fn keep(storage: Storage, workspace: WorkspaceId, mut waiting: mpsc::Receiver<Task>, arrived: Arc<Notify>) {
    while let Some(first) = waiting.recv().await {
        let mut together = Together::default();
        together.add(first);
        // What came while the last ones were written; waiting for more costs each of them more than the flush it saves.
        while together.calls.len() < TRANSACTION_CALLS {
            let Ok(next) = waiting.try_recv() else { break };
            together.add(next);
        }
        let Together { calls, answers, settled, settlers } = together;
        let mut done = true;
        let kept = match storage.keep_webhooks(workspace, calls, &settled).await {
            Ok(new) => new.into_iter().map(|new| Some(if new { Kept::New } else { Kept::Known })).collect(),
            Err(error) => {
                tracing::warn!(%error, calls = answers.len(), "calls of networks were not kept; they will come again");
                done = false;
                vec![None; answers.len()]
            }
        };
        if !answers.is_empty() {
            arrived.notify_one();
        }
        for (answer, kept) in answers.into_iter().zip(kept) {
            // Who hung up calls again and is known then.
            let _ = answer.send(kept);
        }
        for settler in settlers {
            let _ = settler.send(done);
        }
    }
}

impl Pipeline {
    /// Returns when the call is kept for good. It is read soon after.
    ///
    /// # Errors
    /// `Busy` when too many wait or the store failed: the network shall call again.
    pub async fn keep_webhook(&self, call: Webhook) -> Result<Kept, IngestError> {
        let Webhook { source, key, body } = call;
        let (answer, kept) = oneshot::channel();
        let keep = Task::Keep { call: NewWebhook { source, key, body }, answer };
        self.inner.webhooks.waiting.try_send(keep).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => IngestError::Busy,
            mpsc::error::TrySendError::Closed(_) => IngestError::Stopping,
        })?;
        kept.await.map_err(|_closed| IngestError::Stopping)?.ok_or(IngestError::Busy)
    }

    /// Reads calls that were kept, until Molva stops.
    pub(crate) fn read_webhooks(&self) {
        let pipeline = self.clone();
        tokio::spawn(async move {
            let mut forget_due = Instant::now();
            loop {
                let more = match pipeline.read_kept_webhooks().await {
                    Ok(read) => read > 0,
                    Err(IngestError::Stopping) => return,
                    Err(error) => {
                        tracing::warn!(%error, "reading calls of networks failed, trying again");
                        false
                    }
                };
                if Instant::now() >= forget_due {
                    match pipeline.storage().forget_webhooks().await {
                        Ok(true) => {}
                        Ok(false) => forget_due = Instant::now() + FORGET_EVERY,
                        Err(error) => tracing::warn!(%error, "old calls of networks were not forgotten, trying again"),
                    }
                }
                let wait = if more { BREATH } else { LOOK_EVERY };
                tokio::select! {
                    () = pipeline.inner.cancel.cancelled() => return,
                    () = pipeline.inner.webhooks.arrived.notified(), if !more => tokio::time::sleep(BREATH).await,
                    () = tokio::time::sleep(wait) => {}
                }
            }
        });
    }

    /// Reads some of the calls that wait; how many.
    async fn read_kept_webhooks(&self) -> Result<usize, IngestError> {
        let (storage, workspace) = (self.storage(), self.inner.options.workspace);
        let waiting = storage.waiting_webhooks(workspace, READ_AT_ONCE).await?;
        let ids: Vec<i64> = waiting.iter().map(|call| call.id).collect();
        let mut by_source: BTreeMap<SourceId, Vec<WaitingWebhook>> = BTreeMap::new();
        for call in waiting {
            by_source.entry(call.source).or_default().push(call);
        }
        for (source, calls) in by_source {
            // A source that was taken away wants nothing more.
            let Some(row) = storage.source(workspace, source).await? else { continue };
            let webhooks = self.inner.connector(&row.connector).and_then(molva_connectors::Connector::webhooks);
            let Some(webhooks) = webhooks else { continue };
            let settings = Settings::new(row.settings, storage.source_secrets(workspace, source).await?);
            let session = self.passing_session(&row.connector, source.to_string(), settings);
            let delivered: Vec<Delivered<'_>> = calls
                .iter()
                .map(|call| Delivered {
                    source_key: &session.source_key,
                    settings: &session.settings,
                    body: &call.body,
                    at: call.received_at,
                })
                .collect();
            prepare(webhooks, &session, &delivered).await;
            let items: Vec<Item> = delivered.iter().flat_map(|call| read(webhooks, call)).collect();
            if items.is_empty() {
                continue;
            }
            let incoming = Incoming { workspace, source, lease: None, items, cursor: None, delivery: None };
            self.ingest(incoming).await?;
        }
        let read = ids.len();
        if read > 0 {
            let (answer, settled) = oneshot::channel();
            let settle = Task::Settle { ids, answer };
            self.inner.webhooks.waiting.send(settle).await.map_err(|_closed| IngestError::Stopping)?;
            // Until that is written down they would be read once more.
            if !settled.await.map_err(|_closed| IngestError::Stopping)? {
                return Err(IngestError::Busy);
            }
        }
        Ok(read)
    }
}

/// What reading needs is worth a short wait; without it calls are read too.
async fn prepare(webhooks: &dyn Webhooks, session: &Session, calls: &[Delivered<'_>]) {
    let prepared = AssertUnwindSafe(webhooks.prepare(session, calls)).catch_unwind();
    match tokio::time::timeout(PREPARE, prepared).await {
        Ok(Ok(Ok(()))) => {}
        Ok(Ok(Err(error))) => {
            tracing::warn!(
                source = session.source_key,
                code = error.code(),
                "a network did not say what its calls need"
            );
        }
        Ok(Err(_)) => tracing::error!(source = session.source_key, "preparing calls of a network panicked"),
        Err(_elapsed) => tracing::warn!(source = session.source_key, "a network did not say in time what calls need"),
    }
}

/// A connector that fails inside costs one call, not the reading of all.
fn read(webhooks: &dyn Webhooks, call: &Delivered<'_>) -> Vec<Item> {
    catch_unwind(AssertUnwindSafe(|| webhooks.read(call))).unwrap_or_else(|_| {
        tracing::error!(source = call.source_key, "reading a call of a network panicked; it was rejected");
        let message = "the connector failed inside while reading it; please report it";
        vec![Item::Rejected(Rejection::new(RejectionReason::Malformed, "webhook", message, ""))]
    })
}
