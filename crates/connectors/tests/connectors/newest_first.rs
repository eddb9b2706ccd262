//! A stand-in for networks that list the newest first and that no emulator plays: Hacker News, WordPress. The network's file in these
//! tests says how a page is asked for and how a thing is told.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use molva_connectors::http::{HttpClient, HttpLimits};
use molva_connectors::{Connector, Report};
use molva_domain::Timestamp;
use molva_emulators::Counts;
use serde_json::{Value, json};

use crate::bar::{ITEMS, Row};
use crate::world::{Collector, START, limits, listen_until, session};

/// Come later, to a second run.
const LATER: usize = 137;
/// Of the network's time; a client that comes earlier is counted.
const RETRY_AFTER: Duration = Duration::from_secs(120);
/// A second run asks no more often than this.
const LATER_REQUESTS: u64 = 40;
const FAULTS: [&str; 6] = ["rate_limit", "server_error", "cut_json", "out_of_order", "duplicate", "unknown_fields"];

/// A network whose things are numbers, the last of them said just before the start.
#[derive(Clone)]
pub(crate) struct Network(Arc<Mutex<Inside>>);

struct Inside {
    /// Things on a page.
    page: usize,
    /// Each so many requests something goes wrong.
    fault_every: u64,
    /// How many things are there at first, and how many more whenever all are known: for networks that show only the newest.
    at_once: usize,
    /// Seconds of the network's time in one of ours.
    scale: f64,
    items: usize,
    requests: u64,
    refused_at: Option<Instant>,
    counts: Counts,
}

impl Network {
    pub(crate) fn new(page: usize, fault_every: u64, at_once: usize, scale: f64) -> Self {
        let (items, requests, refused_at, counts) = (at_once.min(*ITEMS), 0, None, Counts::default());
        Self(Arc::new(Mutex::new(Inside { page, fault_every, at_once, scale, items, requests, refused_at, counts })))
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().expect("a lock")
    }

    /// When the thing of that number was said.
    pub(crate) fn written_at(&self, id: usize) -> Timestamp {
        let before = i64::try_from(*ITEMS).expect("a small number") - i64::try_from(id).expect("a small number");
        Timestamp::from_secs(START.as_secs() - 20 * before - 30)
    }

    /// The newest that `asked` lets through after the first `skip`, told by `tell`, in the body that `dress` makes of them and of the
    /// number of the oldest when there are older ones; or what goes wrong this time.
    pub(crate) fn answer(
        &self,
        skip: usize,
        asked: impl Fn(usize) -> bool,
        tell: impl Fn(usize) -> Value,
        dress: impl Fn(Vec<Value>) -> Value,
    ) -> Response {
        let fault = self.asked();
        let Inside { page: size, items, .. } = *self.inside();
        let ids = (1..=items).rev().filter(|id| asked(*id)).skip(skip).take(size);
        let mut page: Vec<Value> = ids.map(tell).collect();
        match fault {
            Some("rate_limit") => {
                let wait = RETRY_AFTER.as_secs().to_string();
                return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, wait)], "slow down").into_response();
            }
            Some("server_error") => return (StatusCode::BAD_GATEWAY, "<html>").into_response(),
            Some("cut_json") => {
                let body = dress(page).to_string();
                return ([(header::CONTENT_TYPE, "application/json")], body[..body.len() / 2].to_owned())
                    .into_response();
            }
            Some("out_of_order") => {
                let third = page.len() / 3;
                page.rotate_left(third);
            }
            Some("duplicate") => page.extend(page.first().cloned()),
            Some("unknown_fields") => page.iter_mut().for_each(|item| item["new_in_2027"] = json!({"x": []})),
            _ => {}
        }
        axum::Json(dress(page)).into_response()
    }

    /// Counts a request; what goes wrong with it.
    fn asked(&self) -> Option<&'static str> {
        let mut inside = self.inside();
        let Inside { fault_every, scale, requests, refused_at, counts, .. } = &mut *inside;
        *requests += 1;
        *counts.requests.entry("GET".to_owned()).or_default() += 1;
        if refused_at.take().is_some_and(|at| at.elapsed() < RETRY_AFTER.div_f64(*scale)) {
            counts.limits_exceeded += 1;
        }
        let turn = usize::try_from(*requests / *fault_every).expect("few");
        let fault = requests.is_multiple_of(*fault_every).then(|| FAULTS[turn % FAULTS.len()])?;
        *counts.faults.entry(fault).or_default() += 1;
        *refused_at = (fault == "rate_limit").then(Instant::now);
        Some(fault)
    }

    /// Everything once, then what comes later, by a second run that goes on from the first one's cursor.
    pub(crate) async fn is_read_whole(
        &self,
        connector: &dyn Connector,
        way: &str,
        address: SocketAddr,
        settings: &[(&str, &str)],
    ) -> Collector {
        let since = Instant::now();
        let http = HttpClient::new(HttpLimits { max_body_bytes: 32 << 20, ..limits(&[address]) });
        let collector = Collector::default();
        let Inside { scale, at_once, .. } = *self.inside();
        let first = session(http.clone(), scale, settings, &collector);
        let all_known = || {
            let (count, mut inside) = (collector.count(), self.inside());
            if inside.items < *ITEMS && count >= inside.items {
                inside.items = (inside.items + at_once).min(*ITEMS);
            }
            count >= *ITEMS && collector.cursor().is_some()
        };
        listen_until(connector, &first, all_known).await.expect("everything");

        self.inside().items += LATER;
        let mut second = session(http, scale, settings, &collector);
        second.cursor = collector.cursor();
        let asked = self.inside().requests;
        listen_until(connector, &second, || collector.count() >= *ITEMS + LATER).await.expect("what came later");
        let asked = self.inside().requests - asked;
        assert!(asked < LATER_REQUESTS, "known pages are not turned again: {asked} requests");

        let posts = collector.posts();
        let in_order = posts[..*ITEMS].is_sorted_by_key(|post| post.published_at);
        assert!(in_order || at_once < *ITEMS, "the oldest come first");
        let heard: BTreeSet<String> = posts.iter().map(|post| post.urn.to_string()).collect();
        let names = posts[0].urn.as_str().rsplit_once(':').expect("a name").0;
        let wanted: BTreeSet<String> = (1..=*ITEMS + LATER).map(|id| format!("{names}:{id}")).collect();
        let (counts, doubled) = (self.inside().counts.clone(), posts.len() - heard.len());
        let seconds = since.elapsed().as_secs_f64();
        let row = Row { network: connector.descriptor().name, way, sent: wanted.len(), doubled, again: 0, seconds };
        row.print_with(&heard, &wanted, &counts, 0);
        assert_eq!(heard.symmetric_difference(&wanted).take(5).collect::<Vec<_>>(), [""; 0]);
        assert_eq!((doubled, collector.rejections().len(), counts.limits_exceeded), (0, 0, 0));
        let gaps = collector.reports().into_iter().filter(|report| matches!(report, Report::GapOpened { .. })).count();
        assert_eq!(gaps, 0);
        collector
    }
}
