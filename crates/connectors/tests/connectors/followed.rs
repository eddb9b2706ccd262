//! Networks behind a relay that breaks what they say: followed from where the last run ended, until everything was heard.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use molva_connectors::{Connector, ConnectorError, Session};
use molva_domain::{Clock as _, SystemClock};

use crate::bar::{PATIENCE, Row};
use crate::relay::Relay;
use crate::sandbox::Heard;
use crate::world::Collector;

/// Between two runs, beside what was told.
const PAUSE: Duration = Duration::from_millis(20);

/// One network and what is heard of it.
pub(crate) struct Followed<'a> {
    pub(crate) connector: &'a dyn Connector,
    pub(crate) way: &'a str,
    pub(crate) relay: Relay,
    heard: Heard,
    since: Instant,
}

impl<'a> Followed<'a> {
    pub(crate) fn new(connector: &'a dyn Connector, way: &'a str, relay: Relay) -> Self {
        Self { connector, way, relay, heard: Heard::default(), since: Instant::now() }
    }

    /// Whoever never heard anything begins with the present: something is said again and again until the first of it is heard. What was
    /// said from then on.
    pub(crate) async fn begin(
        &mut self,
        session: impl Fn(&Collector) -> Session,
        mut say: impl AsyncFnMut() -> String,
    ) -> BTreeSet<String> {
        let is_heard = Cell::new(false);
        let listening = async {
            self.until(session, |heard| !heard.is_empty()).await;
            is_heard.set(true);
        };
        let saying = async {
            let mut said = Vec::new();
            while !is_heard.get() {
                said.push(say().await);
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
            said
        };
        let ((), said) = tokio::join!(listening, saying);
        said.into_iter().skip_while(|name| !self.heard.posts.contains_key(name)).collect()
    }

    /// Listens, again from the cursor whenever a run ended by itself, until `over` says so of what was heard by then and a cursor is kept.
    pub(crate) async fn until(
        &mut self,
        session: impl Fn(&Collector) -> Session,
        over: impl Fn(&BTreeSet<String>) -> bool,
    ) {
        let until = Instant::now() + *PATIENCE;
        loop {
            let known: BTreeSet<String> = self.heard.posts.keys().cloned().collect();
            assert!(Instant::now() < until, "{}: {} heard in {} runs", self.way, known.len(), self.heard.runs);
            let collector = Collector::default();
            let mut mine = session(&collector);
            mine.cursor = self.heard.cursor.clone();
            let is_over = || {
                let kept = collector.cursor().is_some() || mine.cursor.is_some();
                let new = collector.posts().into_iter().map(|post| post.urn.to_string());
                kept && over(&known.iter().cloned().chain(new).collect())
            };
            let watching = async {
                while !is_over() && Instant::now() < until {
                    tokio::time::sleep(Duration::from_millis(250)).await;
                }
            };
            let ended = tokio::select! {
                ended = self.connector.listen(&mine) => ended.err(),
                () = watching => None,
            };
            let is_over = is_over();
            self.heard.take(&collector);
            if is_over {
                return;
            }
            if let Some(error) = ended {
                come_again(&error).await;
            }
        }
    }

    /// Nothing else was heard, nothing twice in a run, and nobody came before the time: told as a row of the table.
    pub(crate) fn is_all_of(&self, wanted: &BTreeSet<String>) {
        let heard: BTreeSet<String> = self.heard.posts.keys().cloned().collect();
        let (network, seconds) = (self.connector.descriptor().name, self.since.elapsed().as_secs_f64());
        let (doubled, again) = (self.heard.doubled.len(), self.heard.again);
        let row = Row { network, way: self.way, sent: wanted.len(), doubled, again, seconds };
        row.print_with(&heard, wanted, &self.relay.counts(), 0);
        assert_eq!(heard.symmetric_difference(wanted).take(5).collect::<Vec<_>>(), [""; 0], "{}", self.way);
        assert_eq!(self.heard.doubled.iter().take(5).collect::<Vec<_>>(), [""; 0], "{}", self.way);
        assert!(self.heard.runs > 1, "it did break");
        self.relay.faults_were_met();
    }
}

/// As the supervisor does: not before the time that was told, and not at all when a person is needed.
async fn come_again(error: &ConnectorError) {
    assert!(!error.needs_a_person(), "{error:?}");
    let told = match error {
        ConnectorError::RateLimited { until: Some(until) } => until.since(SystemClock.now()),
        ConnectorError::Transient { retry_after: Some(wait), .. } => *wait,
        _ => Duration::ZERO,
    };
    tokio::time::sleep(told + PAUSE).await;
}
