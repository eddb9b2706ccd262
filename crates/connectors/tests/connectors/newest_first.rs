//! A stand-in for any network that lists the newest first, and what has to hold of a connector through everything that goes wrong on
//! the way: the network's file in these tests says how a page is asked for and how a thing is told.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use molva_connectors::http::{HttpClient, HttpLimits};
use molva_connectors::{Connector, Report};
use molva_domain::{Timestamp, Urn};
use serde_json::{Value, json};

use crate::world::{Collector, START, limits, listen_until, session};

pub(crate) const ITEMS: u64 = 10_000;
/// Come later, to a second run.
const LATER: u64 = 137;
/// Of the network's time; a client that comes earlier is counted.
pub(crate) const RETRY_AFTER: Duration = Duration::from_secs(120);

/// What kind of network it is.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    /// Things on a page.
    pub page: usize,
    /// Each so many requests something goes wrong.
    pub fault_every: u64,
    /// Between two things.
    pub seconds_apart: i64,
    /// How many things are there at first, and how many more whenever all are known: for networks that show only the newest.
    pub at_once: u64,
    /// The network's way to say: come again after [`RETRY_AFTER`].
    pub refuse: fn() -> Response,
    /// Whether it says when.
    pub tells_when: bool,
    /// Seconds of the network's time in one of ours.
    pub scale: f64,
    /// A second run asks no more often than this.
    pub later_requests: u64,
    /// So many may come to a second run again: what appears late is looked for further back than a cursor remembers.
    pub again: usize,
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            page: 50,
            fault_every: 20,
            seconds_apart: 20,
            at_once: ITEMS,
            refuse: || {
                let wait = RETRY_AFTER.as_secs().to_string();
                (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, wait)], "slow down").into_response()
            },
            tells_when: true,
            // Forty minutes pass in a second.
            scale: 2_400.0,
            later_requests: 40,
            again: 0,
        }
    }
}

/// A network whose things are numbers, the last of them said just before the start.
#[derive(Clone)]
pub(crate) struct Network(Arc<Mutex<Inside>>);

pub(crate) struct Inside {
    pub shape: Shape,
    pub items: u64,
    pub requests: u64,
    pub key: Option<&'static str>,
    refused_at: Option<Instant>,
    came_too_early: u64,
    faults: u64,
}

impl Network {
    pub(crate) fn new(shape: Shape) -> Self {
        Self(Arc::new(Mutex::new(Inside {
            shape,
            items: shape.at_once,
            requests: 0,
            key: None,
            refused_at: None,
            came_too_early: 0,
            faults: 0,
        })))
    }

    pub(crate) fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().expect("a lock")
    }

    /// When the thing of that number was said.
    pub(crate) fn written_at(&self, id: u64) -> Timestamp {
        let before = i64::try_from(ITEMS).expect("a small number") - i64::try_from(id).expect("a small number");
        Timestamp::from_secs(START.as_secs() - self.inside().shape.seconds_apart * before - 30)
    }

    /// The newest that `asked` lets through after the first `skip`, told by `tell`, in the body that `dress` makes of them and of the
    /// number of the oldest when there are older ones; or what goes wrong this time.
    pub(crate) fn answer(
        &self,
        skip: usize,
        asked: impl Fn(u64) -> bool,
        tell: impl Fn(u64) -> Value,
        dress: impl Fn(Vec<Value>, Option<u64>) -> Value,
    ) -> Response {
        let (shape, items, fault) = self.asked();
        let ids: Vec<u64> = (1..=items).rev().filter(|id| asked(*id)).skip(skip).take(shape.page + 1).collect();
        let oldest = (ids.len() > shape.page).then(|| ids[shape.page - 1]);
        let mut page: Vec<Value> = ids.into_iter().take(shape.page).map(tell).collect();
        match fault {
            Some(0) => return (shape.refuse)(),
            Some(1) => return (StatusCode::BAD_GATEWAY, "<html>").into_response(),
            Some(2) => {
                let body = dress(page, oldest).to_string();
                return ([(header::CONTENT_TYPE, "application/json")], body[..body.len() / 2].to_owned())
                    .into_response();
            }
            // Out of order, twice the same, and what no contract names.
            Some(3) => {
                let third = page.len() / 3;
                page.rotate_left(third);
            }
            Some(4) => page.extend(page.first().cloned()),
            Some(5) => page.iter_mut().for_each(|item| item["new_in_2027"] = json!({"x": []})),
            _ => {}
        }
        axum::Json(dress(page, oldest)).into_response()
    }

    /// Counts a request; what goes wrong with it.
    fn asked(&self) -> (Shape, u64, Option<u64>) {
        let mut inside = self.inside();
        let shape = inside.shape;
        inside.requests += 1;
        if inside.refused_at.take().is_some_and(|at| at.elapsed() < RETRY_AFTER.div_f64(shape.scale)) {
            inside.came_too_early += 1;
        }
        let fault = inside.requests.is_multiple_of(shape.fault_every);
        let fault = fault.then_some(inside.requests / shape.fault_every % 6);
        inside.faults += u64::from(fault.is_some());
        if fault == Some(0) && shape.tells_when {
            inside.refused_at = Some(Instant::now());
        }
        (shape, inside.items, fault)
    }

    /// Everything once, then what comes later, by a second run that goes on from the first one's cursor.
    pub(crate) async fn is_read_whole(
        &self,
        connector: &dyn Connector,
        address: SocketAddr,
        settings: &[(&str, &str)],
    ) -> Collector {
        let shape = self.inside().shape;
        let http = HttpClient::new(HttpLimits { max_body_bytes: 32 << 20, ..limits(&[address]) });
        let collector = Collector::default();
        let whole = usize::try_from(ITEMS).expect("a small number");
        let later = usize::try_from(ITEMS + LATER).expect("a small number");
        let first = session(http.clone(), shape.scale, settings, &collector);
        let all_known = || {
            let (count, mut inside) = (collector.count(), self.inside());
            if inside.items < ITEMS && count >= usize::try_from(inside.items).expect("a small number") {
                inside.items = ITEMS.min(inside.items + shape.at_once);
            }
            count >= whole && collector.cursor().is_some()
        };
        listen_until(connector, &first, all_known).await.expect("everything");

        self.inside().items += LATER;
        let mut second = session(http, shape.scale, settings, &collector);
        second.cursor = collector.cursor();
        let asked = self.inside().requests;
        let all_names = || collector.posts().into_iter().map(|post| post.urn).collect::<BTreeSet<Urn>>().len();
        let all_there = || collector.count() >= later && (shape.again == 0 || all_names() >= later);
        listen_until(connector, &second, all_there).await.expect("what came later");
        let asked = self.inside().requests - asked;
        assert!(asked < shape.later_requests, "known pages are not turned again: {asked} requests");

        let posts = collector.posts();
        let first_names: BTreeSet<&str> = posts[..whole].iter().map(|post| post.urn.as_str()).collect();
        assert_eq!((first_names.len(), all_names()), (whole, later), "nothing is lost, and nothing comes twice");
        assert!(posts.len() - later <= shape.again, "{} came again", posts.len() - later);
        assert!(
            shape.at_once < ITEMS || posts[..whole].is_sorted_by_key(|post| post.published_at),
            "the oldest come first"
        );
        let inside = self.inside();
        assert!(inside.faults >= 6, "{} faults in {} requests", inside.faults, inside.requests);
        assert_eq!((collector.rejections().len(), inside.came_too_early), (0, 0));
        let gaps = collector.reports().into_iter().filter(|report| matches!(report, Report::GapOpened { .. })).count();
        assert_eq!(gaps, 0);
        drop(inside);
        collector
    }
}
