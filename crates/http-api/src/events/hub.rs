//! One reader of the event log for all clients: it keeps the most recent events in a ring, ready to send.
//!
//! A client that keeps up takes from the ring. One that resumes or falls behind reads storage itself, a page at a time and few
//! clients at a time, until it has caught up.

use std::sync::Arc;
use std::time::Duration;

use molva_domain::{Clock, EventId, WorkspaceId};
use molva_storage::{Storage, StorageError};
use tokio::sync::{OnceCell, Semaphore, broadcast};
use tokio_util::sync::CancellationToken;

use crate::events::frame::{Frame, KINDS};

/// Events in the ring: half a minute at 150 events a second.
const RING: usize = 4_096;
/// Events read from storage at once.
pub(crate) const PAGE: u32 = 500;
/// Streams open at once.
const MAX_CLIENTS: usize = 1_000;
/// Clients that read storage at once.
const CATCHING_UP: usize = 4;
/// Commits of this long go out together: a store of many small commits is not read for each of them.
const GATHER: Duration = Duration::from_millis(20);
const AFTER_AN_ERROR: Duration = Duration::from_secs(1);

pub(crate) struct Hub {
    pub(crate) storage: Storage,
    pub(crate) workspace: WorkspaceId,
    pub(crate) stop: CancellationToken,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) clients: Arc<Semaphore>,
    pub(crate) catching_up: Semaphore,
    ring: broadcast::Sender<Arc<Frame>>,
    started: OnceCell<()>,
}

impl Hub {
    pub(crate) fn new(
        storage: Storage,
        workspace: WorkspaceId,
        stop: CancellationToken,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            storage,
            workspace,
            stop,
            clock,
            clients: Arc::new(Semaphore::new(MAX_CLIENTS)),
            catching_up: Semaphore::new(CATCHING_UP),
            ring: broadcast::Sender::new(RING),
            started: OnceCell::new(),
        }
    }

    /// Events from now on. Whoever reads storage after this call sees everything that the ring will not bring.
    /// The first call starts the reader.
    pub(crate) async fn subscribe(self: &Arc<Self>) -> Result<broadcast::Receiver<Arc<Frame>>, StorageError> {
        self.started
            .get_or_try_init(|| async {
                let position = self.storage.last_event(self.workspace).await?;
                tokio::spawn(self.clone().read(position));
                Ok::<_, StorageError>(())
            })
            .await?;
        Ok(self.ring.subscribe())
    }

    async fn read(self: Arc<Self>, mut position: EventId) {
        let mut signal = self.storage.event_signal();
        loop {
            // The order matters: a client that subscribes after the count was zero reads storage later than this signal.
            let newest = *signal.borrow_and_update();
            if self.ring.receiver_count() == 0 {
                position = position.max(newest);
            } else {
                position = self.send_after(position).await;
            }
            tokio::select! {
                () = self.stop.cancelled() => return,
                changed = signal.changed() => if changed.is_err() { return },
            }
            tokio::time::sleep(GATHER).await;
        }
    }

    /// Sends everything after `position`; answers the last one sent.
    async fn send_after(&self, mut position: EventId) -> EventId {
        while !self.stop.is_cancelled() {
            match self.storage.events_after(self.workspace, position, KINDS, PAGE).await {
                Ok(events) => {
                    let complete = events.len() < PAGE as usize;
                    for event in &events {
                        position = event.id;
                        // Nobody listening is no error.
                        let _ = self.ring.send(Arc::new(Frame::of(event)));
                    }
                    if complete {
                        break;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "reading the event log for the live screen failed, trying again");
                    tokio::time::sleep(AFTER_AN_ERROR).await;
                }
            }
        }
        position
    }
}
