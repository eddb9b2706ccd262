//! Networks played by their emulators, and a listener that is started again whenever it stops.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use molva_connectors::http::HttpClient;
use molva_connectors::{Connector, ConnectorError};
use molva_domain::{Clock, Post, SystemClock};
use molva_emulators::{Emulator, Fault, Faults, Kind, Said, Sandbox, Saying, Seed, Who, World};

use crate::bar::{ITEMS, PATIENCE, Row};

use crate::world::{Collector, FastClock, limits, serve, session};

/// Seconds of the network that pass in a second.
pub(crate) const SCALE: f64 = 400.0;
/// The networks' clocks are ahead of ours.
const AHEAD_S: i64 = 90;

/// An emulator on a port of its own.
pub(crate) struct Played {
    pub(crate) sandbox: Sandbox,
    pub(crate) address: SocketAddr,
    name: String,
    clock: Arc<dyn Clock>,
    http: HttpClient,
    since: Instant,
}

impl Played {
    pub(crate) async fn start(name: &str) -> Self {
        Self::at(name, Arc::new(FastClock::new(1.0)), SCALE).await
    }

    /// In real time, for those who answer: an account has no other.
    pub(crate) async fn live(name: &str) -> Self {
        Self::at(name, Arc::new(SystemClock), 1.0).await
    }

    /// By our clock, but with short waits, for those who answer and are told to come later.
    pub(crate) async fn quick(name: &str) -> Self {
        Self::at(name, Arc::new(SystemClock), SCALE).await
    }

    async fn at(name: &str, clock: Arc<dyn Clock>, scale: f64) -> Self {
        let sandbox = Sandbox::new(Arc::clone(&clock), scale);
        let emulator = Emulator::find(name).expect("an emulator");
        let address = serve(emulator.router(sandbox.clone())).await;
        let mut limits = limits(&[address]);
        limits.max_body_bytes = 16 << 20;
        let (name, http) = (name.to_owned(), HttpClient::new(limits));
        Self { sandbox, address, name, clock, http, since: Instant::now() }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// One answer in twenty is spoilt, in every way there is. With fewer things pages are smaller, so that as much is asked.
    pub(crate) fn break_often(&self) {
        let mut faults = Faults::share(0.05);
        (faults.slow_ms, faults.page, faults.clock_skew_s) = (500, (*ITEMS / 250).clamp(4, 40), AHEAD_S);
        self.sandbox.inside().faults = faults;
    }

    /// The same for networks that are looked through in pages of their own: more often where these are few. A look is begun anew when
    /// its token ended; one of hundreds of pages would never be over.
    fn break_looks(&self, page: usize) {
        self.break_often();
        let mut inside = self.sandbox.inside();
        inside.faults.kinds.retain(|kind| *kind != Fault::ExpiredToken);
        (inside.faults.page, inside.faults.share) = (usize::MAX, (20 * page) as f64 / *ITEMS as f64);
        inside.faults.share = inside.faults.share.clamp(0.05, 0.25);
    }

    /// Invents it, up to the moment by the network's clock.
    pub(crate) fn seed(&self, seed: &Seed) {
        let now = self.sandbox.now();
        self.sandbox.inside().world.seed(seed, now);
        self.sandbox.changed();
    }

    /// Has the first community say something, or somebody in it: its id.
    pub(crate) fn say(&self, kind: Kind, text: &str, under: Option<u64>) -> u64 {
        let now = self.sandbox.now();
        let who = if kind == Kind::Post { Who::Place } else { Who::Person(1_002) };
        let saying = Saying { place: 1, kind, who, text: text.to_owned(), under, answers: None };
        let id = self.sandbox.inside().world.say(saying, now);
        self.sandbox.changed();
        id
    }

    /// Has it say something else than it did.
    pub(crate) fn edit(&self, id: u64, text: &str) {
        let now = self.sandbox.now();
        assert!(self.sandbox.inside().world.edit(1, id, text, now));
        self.sandbox.changed();
    }

    pub(crate) fn delete(&self, id: u64) {
        assert!(self.sandbox.inside().world.delete(1, id));
        self.sandbox.changed();
    }

    /// All that those who follow a network know of it is right.
    pub(crate) fn row<'a>(&'a self, way: &'a str) -> Row<'a> {
        Row { network: &self.name, way, seconds: self.since.elapsed().as_secs_f64(), ..Row::default() }
    }

    /// What was said of those kinds, by the name listening gives it.
    pub(crate) fn said(&self, name: impl Fn(&Said) -> Option<String>) -> BTreeSet<String> {
        self.sandbox.inside().world.all().filter_map(name).collect()
    }

    pub(crate) fn session(&self, settings: &[(&str, &str)], collector: &Collector) -> molva_connectors::Session {
        let base = self.base();
        let mut all = vec![("api_url", base.as_str())];
        all.extend(settings);
        let mut session = session(self.http.clone(), SCALE, &all, collector);
        session.clock = Arc::clone(&self.clock);
        session
    }
}

/// Everything that several runs brought.
#[derive(Default)]
pub(crate) struct Heard {
    /// Whose connector listened last.
    network: &'static str,
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
        let until = Instant::now() + *PATIENCE;
        self.network = connector.descriptor().name;
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
                Some(Err(ConnectorError::AuthRevoked(why) | ConnectorError::Forbidden(why))) => {
                    let told = played.sandbox.inside().counts.faults.contains_key(Fault::ExpiredToken.name());
                    assert!(told && !why.contains("token-"), "{why}");
                }
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

    /// Nothing else was heard, nothing twice in a run, every kind of fault was met and no limit exceeded; told as a row of the table.
    pub(crate) fn is_all_of(&self, played: &Played, way: &str, wanted: &BTreeSet<String>, kinds: &[Fault]) {
        let heard: BTreeSet<String> = self.posts.keys().cloned().collect();
        let (network, sent, doubled, again) = (self.network, wanted.len(), self.doubled.len(), self.again);
        let row = Row { network, sent, doubled, again, ..played.row(way) };
        row.print(&heard, wanted, played);
        assert_eq!(heard.symmetric_difference(wanted).take(5).collect::<Vec<_>>(), [""; 0], "{way}");
        assert_eq!(self.doubled.iter().take(5).collect::<Vec<_>>(), [""; 0], "{way}");
        faults_were_met(played, kinds);
    }
}

/// How a network is looked through.
pub(crate) struct Look<'a> {
    pub(crate) connector: &'a dyn Connector,
    pub(crate) settings: &'a [(&'a str, &'a str)],
    /// For the table.
    pub(crate) way: &'a str,
    /// Things of a page.
    pub(crate) page: usize,
    /// What can go wrong.
    pub(crate) kinds: &'a [Fault],
}

/// Everything, through all that breaks; then what is said while the token ends.
pub(crate) async fn is_read_whole(
    played: &Played,
    look: &Look<'_>,
    seed: &Seed,
    name: impl Fn(&World, &Said) -> Option<String>,
) -> Heard {
    let Look { connector, settings, way, page, kinds } = *look;
    played.break_looks(page);
    let wanted = || -> BTreeSet<String> {
        let inside = played.sandbox.inside();
        inside.world.all().filter_map(|said| name(&inside.world, said)).collect()
    };
    played.seed(seed);
    let mut heard = Heard::default();
    heard.all_of(connector, played, settings, &wanted()).await;
    let mut ended =
        if kinds.contains(&Fault::ExpiredToken) { Faults::once(Fault::ExpiredToken) } else { Faults::default() };
    ended.clock_skew_s = AHEAD_S;
    played.sandbox.inside().faults = ended;
    played.seed(&Seed { items: seed.items / 50 + 1, seed: seed.seed + 1, span_s: 30, ..seed.clone() });
    let wanted = wanted();
    heard.all_of(connector, played, settings, &wanted).await;
    heard.is_all_of(played, way, &wanted, kinds);
    heard
}

/// What every network that is read can meet.
pub(crate) const READING: [Fault; 8] = [
    Fault::RateLimit,
    Fault::ExpiredToken,
    Fault::ServerError,
    Fault::Duplicate,
    Fault::OutOfOrder,
    Fault::CutJson,
    Fault::UnknownFields,
    Fault::SlowBody,
];

/// Every kind of fault that the network can meet was met, where enough was asked for that; and none of its limits was exceeded.
pub(crate) fn faults_were_met(played: &Played, kinds: &[Fault]) {
    let inside = played.sandbox.inside();
    let faults = &inside.counts.faults;
    let missed: Vec<_> = kinds.iter().filter(|kind| !faults.contains_key(kind.name())).collect();
    let enough = faults.values().sum::<u64>() >= 2 * kinds.len() as u64;
    assert!(missed.is_empty() || !enough, "{missed:?} of {faults:?}");
    assert_eq!(inside.counts.limits_exceeded, 0, "{:?}", inside.counts.requests);
}
