//! The other end of a session, and what drives a run.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use molva_connectors::connector::BoxFuture;
use molva_connectors::http::{HttpClient, HttpLimits};
use molva_connectors::{Batch, Connector, ConnectorError, Delivery, Item, Report, Session, Settings};
use molva_domain::{Post, Secret, SystemClock, Tally};
use tokio_util::sync::CancellationToken;

/// Everything a run delivered and said.
#[derive(Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<Recorded>>);

#[derive(Default)]
pub(crate) struct Recorded {
    pub(crate) items: Vec<Item>,
    pub(crate) cursor: Option<String>,
    pub(crate) reports: Vec<Report>,
}

impl Recorder {
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Recorded) -> T) -> T {
        read(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn posts(&self) -> Vec<Post> {
        self.read(|recorded| {
            let post = |item: &Item| if let Item::Post(post) = item { Some((**post).clone()) } else { None };
            recorded.items.iter().filter_map(post).collect()
        })
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        self.posts().into_iter().map(|post| post.text).collect()
    }

    /// Waits until what was recorded is as wanted, at most a minute.
    pub(crate) async fn until(&self, what: &str, wanted: impl Fn(&Recorded) -> bool) {
        for _ in 0..1_200 {
            if self.read(&wanted) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{what} did not happen within a minute; delivered: {:?}", self.read(|recorded| recorded.items.clone()));
    }
}

impl Delivery for Recorder {
    fn deliver<'a>(&'a self, batch: Batch) -> BoxFuture<'a, Result<Tally, ConnectorError>> {
        Box::pin(async move {
            let mut recorded = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            recorded.items.extend(batch.items);
            if batch.cursor.is_some() {
                recorded.cursor = batch.cursor;
            }
            Ok(Tally::default())
        })
    }

    fn report<'a>(&'a self, report: Report) -> BoxFuture<'a, ()> {
        Box::pin(async move { self.0.lock().unwrap_or_else(PoisonError::into_inner).reports.push(report) })
    }
}

/// A client that may reach this machine.
pub(crate) fn http() -> HttpClient {
    let hosts = ["localhost", "127.0.0.1"].map(str::to_owned).to_vec();
    HttpClient::new(HttpLimits { allowed_private_hosts: hosts, ..HttpLimits::default() })
}

pub(crate) fn session(
    settings: &[(&str, &str)],
    token: Option<&str>,
    cursor: Option<String>,
    recorder: &Recorder,
) -> Session {
    let pairs = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let secrets = token.map(|token| ("access_token".to_owned(), Secret::new(token))).into_iter();
    Session {
        source_key: "test".to_owned(),
        settings: Settings::new(pairs.collect::<BTreeMap<_, _>>(), secrets.collect()),
        cursor,
        clock: Arc::new(SystemClock),
        http: http(),
        cancel: CancellationToken::new(),
        delivery: Arc::new(recorder.clone()),
        time_scale: 20.0,
        webhook_address: None,
        topics: None,
    }
}

/// A run in the background.
pub(crate) struct Run {
    cancel: CancellationToken,
    handle: tokio::task::JoinHandle<Result<(), ConnectorError>>,
}

impl Run {
    pub(crate) fn start(connector: &'static dyn Connector, session: Session) -> Self {
        let cancel = session.cancel.clone();
        Self { cancel, handle: tokio::spawn(async move { connector.listen(&session).await }) }
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.handle.is_finished()
    }

    /// Stops it, if it has not ended before: what it ended with.
    pub(crate) async fn over(self) -> ConnectorError {
        self.cancel.cancel();
        self.end().await
    }

    /// Stops it as the supervisor would.
    pub(crate) async fn stop(self) {
        self.cancel.cancel();
        let ended = tokio::time::timeout(Duration::from_secs(30), self.handle).await.expect("it stops when asked");
        assert_eq!(ended.expect("it does not panic"), Err(ConnectorError::Cancelled));
    }

    /// Waits for it to end by itself.
    pub(crate) async fn end(self) -> ConnectorError {
        let ended = tokio::time::timeout(Duration::from_secs(60), self.handle).await.expect("it ends");
        ended.expect("it does not panic").expect_err("it ends with an error")
    }
}

/// The address in an environment variable; without it the test says so and passes.
pub(crate) fn server(variable: &str) -> Option<String> {
    let address = std::env::var(variable).ok();
    if address.is_none() {
        eprintln!("SKIPPED: {variable} is not set; scripts/servers starts the server and names it");
    }
    address
}
