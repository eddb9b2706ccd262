//! What one client is sent: hello, what it missed, then what happens.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use molva_domain::EventId;
use molva_storage::StorageError;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{OwnedSemaphorePermit, broadcast};
use tokio::time::{Instant, Interval, MissedTickBehavior};

use crate::events::frame::{self, Frame, KINDS};
use crate::events::hub::{Hub, PAGE};

const PING_EVERY: Duration = Duration::from_secs(15);
/// A gap of more events than this is answered with `reset`.
const MAX_GAP: i64 = 10_000;
/// Events in one chunk of the body.
const MAX_CHUNK_EVENTS: usize = 256;
/// A stream ends after this long and its client comes again, so that a revoked token or an ended session is noticed.
const LIFE: Duration = Duration::from_secs(3_600);

enum Stage {
    Hello,
    CatchUp,
    Live,
}

pub(crate) struct Feed {
    hub: Arc<Hub>,
    ring: broadcast::Receiver<Arc<Frame>>,
    topic: Option<i64>,
    /// Everything up to this event was sent or is not for this client.
    stands_at: EventId,
    stage: Stage,
    ping: Interval,
    ends: Instant,
    _client: OwnedSemaphorePermit,
}

impl Feed {
    /// `after` is where the client resumes; `None` starts at now.
    pub(crate) async fn open(
        hub: Arc<Hub>,
        client: OwnedSemaphorePermit,
        after: Option<EventId>,
        topic: Option<i64>,
    ) -> Result<Self, StorageError> {
        // Subscribe first: what is committed from here on is in the ring, what was before is in storage.
        let ring = hub.subscribe().await?;
        let stands_at = match after {
            Some(after) => after,
            None => hub.storage.last_event(hub.workspace).await?,
        };
        let mut ping = tokio::time::interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let ends = Instant::now() + LIFE;
        Ok(Self { hub, ring, topic, stands_at, stage: Stage::Hello, ping, ends, _client: client })
    }

    /// The next piece of the body; `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        loop {
            let piece = match self.stage {
                Stage::Hello => self.hello().await,
                Stage::CatchUp => self.catch_up().await,
                Stage::Live => Ok(self.live().await),
            };
            match piece {
                Ok(Some(bytes)) if bytes.is_empty() => {}
                Ok(piece) => return piece,
                Err(error) => {
                    // The client comes again with its last id and loses nothing.
                    tracing::warn!(%error, "an event stream was cut because the event log could not be read");
                    return None;
                }
            }
        }
    }

    async fn hello(&mut self) -> Result<Option<Bytes>, StorageError> {
        let last = self.hub.storage.last_event(self.hub.workspace).await?;
        self.stage = Stage::CatchUp;
        Ok(Some(frame::hello(self.stands_at, last).into()))
    }

    /// One page from storage.
    async fn catch_up(&mut self) -> Result<Option<Bytes>, StorageError> {
        if self.is_over() {
            return Ok(None);
        }
        let hub = self.hub.clone();
        let Ok(_turn) = hub.catching_up.acquire().await else { return Ok(None) };
        let last = hub.storage.last_event(hub.workspace).await?;
        // An id from the future is another database's.
        if last.0.saturating_sub(self.stands_at.0) > MAX_GAP || self.stands_at > last {
            self.stands_at = last;
            return Ok(Some(frame::reset(last).into()));
        }
        let events = hub.storage.events_after(hub.workspace, self.stands_at, KINDS, PAGE).await?;
        if events.len() < PAGE as usize {
            self.stage = Stage::Live;
        }
        let mut chunk = Vec::new();
        for event in &events {
            self.take(&Frame::of(event), &mut chunk);
        }
        Ok(Some(chunk.into()))
    }

    /// What the ring has, or a sign of life.
    async fn live(&mut self) -> Option<Bytes> {
        let hub = self.hub.clone();
        let mut chunk = Vec::new();
        tokio::select! {
            biased;
            () = hub.stop.cancelled() => return None,
            () = tokio::time::sleep_until(self.ends) => return None,
            _ = self.ping.tick() => chunk.extend(frame::ping(self.stands_at, hub.clock.now()).into_bytes()),
            received = self.ring.recv() => match received {
                Ok(frame) => self.take(&frame, &mut chunk),
                Err(RecvError::Lagged(_)) => self.stage = Stage::CatchUp,
                Err(RecvError::Closed) => return None,
            },
        }
        for _ in 1..MAX_CHUNK_EVENTS {
            match self.ring.try_recv() {
                Ok(frame) => self.take(&frame, &mut chunk),
                Err(TryRecvError::Lagged(_)) => {
                    self.stage = Stage::CatchUp;
                    break;
                }
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        Some(chunk.into())
    }

    /// Adds a frame unless it was sent before (the ring and storage overlap) or is not for this client.
    fn take(&mut self, frame: &Frame, chunk: &mut Vec<u8>) {
        if frame.id <= self.stands_at {
            return;
        }
        self.stands_at = frame.id;
        if frame.is_for(self.topic) {
            chunk.extend_from_slice(&frame.bytes);
        }
    }

    fn is_over(&self) -> bool {
        self.hub.stop.is_cancelled() || Instant::now() >= self.ends
    }
}
