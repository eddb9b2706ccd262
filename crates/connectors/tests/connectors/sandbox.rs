//! Networks played by their emulators, and a listener that is started again whenever it stops.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use molva_connectors::http::HttpClient;
use molva_connectors::{Connector, ConnectorError};
use molva_domain::{Post, SystemClock};
use molva_emulators::{Emulator, Fault, Faults, Said, Sandbox};

use crate::world::{Collector, FastClock, limits, serve, session};

/// Seconds of the network that pass in a second.
pub(crate) const SCALE: f64 = 400.0;
const PATIENCE: Duration = Duration::from_secs(150);

/// An emulator on a port of its own.
pub(crate) struct Played {
    pub(crate) sandbox: Sandbox,
    pub(crate) address: SocketAddr,
    http: HttpClient,
}

impl Played {
    pub(crate) async fn start(name: &str) -> Self {
        Self::at(name, Sandbox::new(Arc::new(FastClock::new(1.0)), SCALE)).await
    }

    /// In real time, for those who answer: an account has no other.
    pub(crate) async fn live(name: &str) -> Self {
        Self::at(name, Sandbox::new(Arc::new(SystemClock), 1.0)).await
    }

    /// By our clock, but with short waits, for those who answer and are told to come later.
    pub(crate) async fn quick(name: &str) -> Self {
        Self::at(name, Sandbox::new(Arc::new(SystemClock), SCALE)).await
    }

    async fn at(name: &str, sandbox: Sandbox) -> Self {
        let emulator = Emulator::find(name).expect("an emulator");
        let address = serve(emulator.router(sandbox.clone())).await;
        let mut limits = limits(&[address]);
        limits.max_body_bytes = 16 << 20;
        Self { sandbox, address, http: HttpClient::new(limits) }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// One answer in twenty is spoilt, in every way there is.
    pub(crate) fn break_often(&self) {
        let mut faults = Faults::share(0.05);
        (faults.slow_ms, faults.page) = (500, 40);
        self.sandbox.inside().faults = faults;
    }

    /// What was said of those kinds, by the name listening gives it.
    pub(crate) fn said(&self, name: impl Fn(&Said) -> Option<String>) -> BTreeSet<String> {
        self.sandbox.inside().world.all().filter_map(name).collect()
    }

    pub(crate) fn session(&self, settings: &[(&str, &str)], collector: &Collector) -> molva_connectors::Session {
        let base = self.base();
        let mut all = vec![("api_url", base.as_str())];
        all.extend(settings);
        session(self.http.clone(), SCALE, &all, collector)
    }
}

/// Everything that several runs brought.
#[derive(Default)]
pub(crate) struct Heard {
    pub(crate) posts: BTreeMap<String, Post>,
    pub(crate) cursor: Option<String>,
    pub(crate) runs: usize,
    /// Delivered a second time within a run.
    pub(crate) doubled: Vec<String>,
    /// Delivered by an earlier run already: the overlap after a restart, which the store knows by the URN.
    pub(crate) again: usize,
}

impl Heard {
    /// Listens, again from the cursor whenever a person would have had to act, until all of that was heard.
    pub(crate) async fn all_of(
        &mut self,
        connector: &dyn Connector,
        played: &Played,
        settings: &[(&str, &str)],
        wanted: &BTreeSet<String>,
    ) {
        let until = Instant::now() + PATIENCE;
        while !wanted.iter().all(|urn| self.posts.contains_key(urn)) {
            assert!(Instant::now() < until, "{} of {} after {} runs", self.posts.len(), wanted.len(), self.runs);
            let collector = Collector::default();
            let mut session = played.session(settings, &collector);
            session.cursor = self.cursor.clone();
            let heard = || collector.posts().iter().map(|post| post.urn.to_string()).collect::<BTreeSet<_>>();
            let missing: BTreeSet<&String> = wanted.iter().filter(|urn| !self.posts.contains_key(*urn)).collect();
            let watching = async {
                loop {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    let heard = heard();
                    if missing.iter().all(|urn| heard.contains(*urn)) && collector.cursor().is_some() {
                        return;
                    }
                }
            };
            let ended = tokio::select! {
                ended = connector.listen(&session) => Some(ended),
                () = watching => None,
                () = tokio::time::sleep(until.saturating_duration_since(Instant::now())) => None,
            };
            match ended {
                None | Some(Err(ConnectorError::AuthExpired)) => {}
                Some(Err(ConnectorError::AuthRevoked(why))) => assert!(!why.contains("token-"), "{why}"),
                Some(other) => panic!("{other:?}"),
            }
            self.take(&collector);
        }
    }

    pub(crate) fn take(&mut self, collector: &Collector) {
        self.runs += 1;
        let mut in_run = BTreeSet::new();
        for post in collector.posts() {
            let name = post.urn.to_string();
            if !in_run.insert((name.clone(), post.edited_at)) {
                self.doubled.push(name.clone());
            }
            self.again += usize::from(self.posts.insert(name, post).is_some());
        }
        assert_eq!(collector.rejections(), [], "nothing is broken but on the way");
        self.cursor = collector.cursor().or(self.cursor.take());
    }
}

/// Every kind of fault that the network can meet was met, and none of its limits was exceeded.
pub(crate) fn faults_were_met(played: &Played, kinds: &[Fault]) {
    let inside = played.sandbox.inside();
    let missed: Vec<_> = kinds.iter().filter(|kind| !inside.counts.faults.contains_key(kind.name())).collect();
    assert!(missed.is_empty(), "{missed:?} of {:?}", inside.counts.faults);
    assert_eq!(inside.counts.limits_exceeded, 0, "{:?}", inside.counts.requests);
}
