//! A server that behaves as told, a clock that runs fast, and the other end of a session.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use molva_connectors::connector::BoxFuture;
use molva_connectors::http::{HttpClient, HttpLimits};
use molva_connectors::{Batch, Connector, ConnectorError, Delivery, Item, Report, Session, Settings};
use molva_domain::{Clock, Post, Rejection, Secret, Tally, Timestamp};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::bar::ITEMS;

/// Starts a server on a free port; it lives as long as the test.
pub(crate) async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Short limits, and only the named hosts may be private.
pub(crate) fn limits(allowed: &[SocketAddr]) -> HttpLimits {
    HttpLimits {
        allowed_private_hosts: allowed.iter().map(ToString::to_string).collect(),
        max_body_bytes: 1 << 20,
        connect_timeout: Duration::from_secs(10),
        timeout: Duration::from_secs(10),
        read_timeout: Duration::from_secs(1),
        ..HttpLimits::default()
    }
}

/// Time that passes `scale` times as fast from a fixed moment on.
#[derive(Clone, Debug)]
pub(crate) struct FastClock {
    started: Instant,
    scale: f64,
}

/// 2026-03-01T12:00:00Z, when the tests' clocks start.
pub(crate) const START: Timestamp = Timestamp::from_secs(1_772_366_400);

impl FastClock {
    pub(crate) fn new(scale: f64) -> Self {
        Self { started: Instant::now(), scale }
    }
}

impl Clock for FastClock {
    fn now(&self) -> Timestamp {
        START.plus(self.started.elapsed().mul_f64(self.scale))
    }
}

/// What reached the other end, in order.
#[derive(Clone, Debug)]
pub(crate) enum Seen {
    Batch(Batch),
    Report(Report),
}

/// Keeps everything; can refuse to store.
#[derive(Clone, Default)]
pub(crate) struct Collector {
    seen: Arc<Mutex<Vec<Seen>>>,
    /// Batches that are still stored before the store goes away.
    stores_left: Arc<Mutex<Option<usize>>>,
}

impl Collector {
    /// The store goes away after so many batches.
    pub(crate) fn failing_after(batches: usize) -> Self {
        Self { stores_left: Arc::new(Mutex::new(Some(batches))), ..Self::default() }
    }

    pub(crate) fn seen(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn reports(&self) -> Vec<Report> {
        let reports = self.seen();
        reports
            .iter()
            .filter_map(|seen| if let Seen::Report(report) = seen { Some(report.clone()) } else { None })
            .collect()
    }

    fn items(&self) -> Vec<Item> {
        let seen = self.seen();
        let batches = seen.iter().filter_map(|seen| if let Seen::Batch(batch) = seen { Some(batch) } else { None });
        batches.flat_map(|batch| batch.items.clone()).collect()
    }

    pub(crate) fn posts(&self) -> Vec<Post> {
        self.items()
            .into_iter()
            .filter_map(|item| if let Item::Post(post) = item { Some(*post) } else { None })
            .collect()
    }

    /// How many posts came.
    pub(crate) fn count(&self) -> usize {
        let posts = |batch: &Batch| batch.items.iter().filter(|item| matches!(item, Item::Post(_))).count();
        self.seen().iter().map(|seen| if let Seen::Batch(batch) = seen { posts(batch) } else { 0 }).sum()
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        self.posts().into_iter().map(|post| post.text).collect()
    }

    pub(crate) fn rejections(&self) -> Vec<Rejection> {
        let items = self.items().into_iter();
        items.filter_map(|item| if let Item::Rejected(rejection) = item { Some(rejection) } else { None }).collect()
    }

    /// What the network said was gone.
    pub(crate) fn deleted(&self) -> Vec<String> {
        let items = self.items().into_iter();
        items.filter_map(|item| if let Item::Deleted(urn) = item { Some(urn.to_string()) } else { None }).collect()
    }

    /// The last cursor that was stored.
    pub(crate) fn cursor(&self) -> Option<String> {
        let seen = self.seen();
        let cursors = seen.iter().rev();
        cursors.filter_map(|seen| if let Seen::Batch(batch) = seen { batch.cursor.clone() } else { None }).next()
    }

    pub(crate) fn problems(&self) -> Vec<&'static str> {
        let reports = self.reports().into_iter();
        reports
            .filter_map(|report| if let Report::Problem(error) = report { Some(error.code()) } else { None })
            .collect()
    }
}

impl Delivery for Collector {
    fn deliver<'a>(&'a self, batch: Batch) -> BoxFuture<'a, Result<Tally, ConnectorError>> {
        Box::pin(async move {
            if let Some(left) = &mut *self.stores_left.lock().unwrap_or_else(PoisonError::into_inner) {
                *left = left.checked_sub(1).ok_or_else(|| ConnectorError::NotStored("the disk is full".to_owned()))?;
            }
            assert!(batch.cursor.as_deref().is_none_or(|cursor| cursor.len() <= 4_096), "a cursor has 4 KiB");
            self.seen().push(Seen::Batch(batch));
            Ok(Tally::default())
        })
    }

    fn report<'a>(&'a self, report: Report) -> BoxFuture<'a, ()> {
        Box::pin(async move { self.seen().push(Seen::Report(report)) })
    }
}

/// A session whose network is `scale` times as fast as its clock and whose settings are pairs; keys that begin with `*` are secrets.
pub(crate) fn session(http: HttpClient, scale: f64, settings: &[(&str, &str)], collector: &Collector) -> Session {
    let mut values = BTreeMap::new();
    let mut secrets = BTreeMap::new();
    for (key, value) in settings {
        match key.strip_prefix('*') {
            Some(key) => drop(secrets.insert(key.to_owned(), Secret::new(*value))),
            None => drop(values.insert((*key).to_owned(), (*value).to_owned())),
        }
    }
    Session {
        source_key: "test".to_owned(),
        settings: Settings::new(values, secrets),
        cursor: None,
        clock: Arc::new(FastClock::new(1.0)),
        http,
        cancel: CancellationToken::new(),
        delivery: Arc::new(collector.clone()),
        time_scale: scale,
        webhook_address: None,
        topics: None,
    }
}

/// Listens until `done` holds, half a minute at most and a second more for each hundred things; gives the error that ended it before.
pub(crate) async fn listen_until(
    connector: &dyn Connector,
    session: &Session,
    done: impl Fn() -> bool,
) -> Result<(), ConnectorError> {
    let watching = async {
        let until = Instant::now() + Duration::from_secs(30 + *ITEMS as u64 / 100);
        while !done() {
            assert!(Instant::now() < until, "nothing of the kind in time");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        ended = connector.listen(session) => ended,
        () = watching => Ok(()),
    }
}
