//! A connector's one connection to the rest of Molva: settings, cursor, clock, network, and where batches go.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use molva_domain::{Clock, GapCause, Post, Quota, Rejection, RejectionReason, Tally, Timestamp, Urn};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::http::{HttpClient, Request, Response};
use crate::search::Topics;
use crate::settings::{Setting, Settings};

/// Items handed over at once.
const BATCH_ITEMS: usize = 200;

/// What a network delivered, normalised.
#[derive(Clone, Debug)]
pub enum Item {
    Post(Box<Post>),
    Rejected(Rejection),
    /// The network says that it is gone.
    Deleted(Urn),
}

impl Item {
    /// What was made of something raw at that place: a post, or why there is none.
    pub(crate) fn read(made: Result<Post, (RejectionReason, String)>, place: &str, raw: &Value) -> Self {
        match made {
            Ok(post) => Self::Post(Box::new(post)),
            Err((reason, message)) => Self::Rejected(Rejection::new(reason, place, message, &raw.to_string())),
        }
    }
}

/// Items and the cursor to go on from once they are stored.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    pub items: Vec<Item>,
    /// At most 4 KiB, opaque to everyone else.
    pub cursor: Option<String>,
}

/// What a connector says of itself between batches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// The network answered well (an empty answer too). Clears the last problem.
    Alive,
    /// How far behind the network's present we are.
    Lag(Duration),
    Quota(Quota),
    /// When the next try is due.
    NextAttempt(Timestamp),
    /// A try failed but the run goes on.
    Problem(ConnectorError),
    /// Something may be missing from that moment.
    GapOpened {
        from: Timestamp,
        cause: GapCause,
    },
    /// Caught up.
    GapClosed {
        to: Timestamp,
    },
    /// Settings the network changed for us: 301 moved the address.
    Moved {
        setting: &'static str,
        value: String,
    },
}

/// The other end: the pipeline in the product, a vector in tests.
pub trait Delivery: Send + Sync {
    /// Returns when batch and cursor are stored; waits when the store is busy (this is the back-pressure).
    fn deliver<'a>(&'a self, batch: Batch) -> BoxFuture<'a, Result<Tally, ConnectorError>>;

    fn report<'a>(&'a self, report: Report) -> BoxFuture<'a, ()>;
}

/// Everything a run of a connector may use.
#[derive(Clone)]
pub struct Session {
    /// Unique name of the source, part of URNs where the network has no ids of its own.
    pub source_key: String,
    pub settings: Settings,
    /// Where the last stored batch ended.
    pub cursor: Option<String>,
    pub clock: Arc<dyn Clock>,
    pub http: HttpClient,
    pub cancel: CancellationToken,
    pub delivery: Arc<dyn Delivery>,
    /// How many seconds of the network's schedule pass in a second; 1 but in tests.
    pub time_scale: f64,
    /// Where the network can call this source; `None` where this Molva does not know its public address.
    pub webhook_address: Option<String>,
    /// What the topics look for, for networks that are searched; `None` where a run has nothing to do with them.
    pub topics: Option<Arc<dyn Topics>>,
}

impl Session {
    /// The same, with what its settings leave out as they are declared.
    #[must_use]
    pub fn with_defaults(&self, declared: &[Setting]) -> Self {
        let mut session = self.clone();
        session.settings = session.settings.with_defaults(declared);
        session
    }

    pub async fn deliver(&self, batch: Batch) -> Result<Tally, ConnectorError> {
        tokio::select! {
            () = self.cancel.cancelled() => Err(ConnectorError::Cancelled),
            result = self.delivery.deliver(batch) => result,
        }
    }

    /// Delivers in batches, with the cursor, if any, in the last one: until then a restart reads the same again, and what was stored
    /// of it is known by its URN.
    pub(crate) async fn hand_over(&self, mut items: Vec<Item>, cursor: Option<String>) -> Result<(), ConnectorError> {
        while items.len() > BATCH_ITEMS {
            let later = items.split_off(BATCH_ITEMS);
            self.deliver(Batch { items, cursor: None }).await?;
            items = later;
        }
        if items.is_empty() && cursor.is_none() {
            return Ok(());
        }
        self.deliver(Batch { items, cursor }).await.map(drop)
    }

    pub async fn report(&self, report: Report) {
        self.delivery.report(report).await;
    }

    /// Asks the network, or until cancelled.
    pub async fn send(&self, request: Request) -> Result<Response, ConnectorError> {
        tokio::select! {
            () = self.cancel.cancelled() => Err(ConnectorError::Cancelled),
            answer = self.http.send(request) => answer.map(|answer| answer.forget(self.settings.secrets())),
        }
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// When a stretch of the network's time that begins now will be over, by our clock.
    #[must_use]
    pub fn after(&self, duration: Duration) -> Timestamp {
        self.now().plus(duration.div_f64(self.time_scale.max(1e-6)))
    }

    /// Waits for a moment of our clock, or until cancelled.
    pub async fn pause_until(&self, at: Timestamp) -> Result<(), ConnectorError> {
        self.pause(at.since(self.now()).mul_f64(self.time_scale.max(1e-6))).await
    }

    /// Waits for a stretch of the network's time, or until cancelled.
    pub async fn pause(&self, duration: Duration) -> Result<(), ConnectorError> {
        let scaled = duration.div_f64(self.time_scale.max(1e-6));
        tokio::select! {
            () = self.cancel.cancelled() => Err(ConnectorError::Cancelled),
            () = tokio::time::sleep(scaled) => Ok(()),
        }
    }

    /// The same after saying when the next try is due.
    pub(crate) async fn rest(&self, duration: Duration) -> Result<(), ConnectorError> {
        self.report(Report::NextAttempt(self.after(duration))).await;
        self.pause(duration).await
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("source_key", &self.source_key).finish_non_exhaustive()
    }
}
