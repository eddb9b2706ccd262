//! Ten thousand entries of one feed that shows the newest sixty, while one look in ten goes wrong; read in several runs.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use futures_util::stream;
use molva_connectors::Report;
use molva_connectors::feed::FeedConnector;
use molva_connectors::http::HttpClient;
use molva_domain::{RejectionReason, Timestamp};
use molva_emulators::{Counts, Fault};

use crate::bar::{ITEMS, Row};
use crate::world::{Collector, FastClock, START, limits, listen_until, serve, session};

/// Entries that the feed shows, and how many more there are whenever all are known.
const WINDOW: usize = 60;
const STEP: usize = 25;
/// An hour passes in a sixteenth of a second.
const SCALE: f64 = 60_000.0;
const FAULT_EVERY: u64 = 10;
/// Of the network's time; whoever comes earlier is counted.
const RETRY_AFTER: Duration = Duration::from_secs(1_800);
const RUNS: usize = 8;
const FAULTS: [Fault; 8] = [
    Fault::RateLimit,
    Fault::ServerError,
    Fault::CutJson,
    Fault::OutOfOrder,
    Fault::Duplicate,
    Fault::UnknownFields,
    Fault::SlowBody,
    Fault::Disconnect,
];

#[derive(Clone, Default)]
struct Wire(Arc<Mutex<Inside>>);

#[derive(Default)]
struct Inside {
    published: usize,
    closed_until: Option<Instant>,
    looks: u64,
    counts: Counts,
}

impl Wire {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a look; what goes wrong with it, and how many entries there are by now.
    fn asked(&self) -> (Option<Fault>, usize) {
        let mut inside = self.inside();
        let Inside { published, closed_until, looks, counts } = &mut *inside;
        *looks += 1;
        *counts.requests.entry("GET".to_owned()).or_default() += 1;
        if closed_until.take().is_some_and(|until| Instant::now() < until) {
            counts.limits_exceeded += 1;
        }
        let turn = usize::try_from(*looks / FAULT_EVERY).unwrap_or_default();
        let fault = looks.is_multiple_of(FAULT_EVERY).then(|| FAULTS[turn % FAULTS.len()]);
        if let Some(fault) = fault {
            *counts.faults.entry(fault.name()).or_default() += 1;
        }
        *closed_until = (fault == Some(Fault::RateLimit)).then(|| Instant::now() + RETRY_AFTER.div_f64(SCALE));
        (fault, *published)
    }

    /// More is published once all is known.
    fn knows(&self, count: usize) -> bool {
        let mut inside = self.inside();
        if count >= inside.published && inside.published < *ITEMS {
            inside.published = (inside.published + STEP).min(*ITEMS);
        }
        count >= *ITEMS
    }
}

fn entry(number: usize) -> String {
    let before = i64::try_from(*ITEMS - number).expect("a small number");
    let date = Timestamp::from_secs(START.as_secs() - 60 * before - 30).to_rfc3339();
    format!(
        "<item><guid>n{number}</guid><title>t{number}</title><description>обращение {number}</description><pubDate>{date}</pubDate></item>"
    )
}

async fn look(State(wire): State<Wire>, headers: HeaderMap) -> Response {
    let (fault, published) = wire.asked();
    let tag = format!("\"{published}\"");
    match fault {
        Some(Fault::RateLimit) => {
            let wait = [(header::RETRY_AFTER, RETRY_AFTER.as_secs().to_string())];
            return (StatusCode::TOO_MANY_REQUESTS, wait).into_response();
        }
        Some(Fault::ServerError) => return (StatusCode::BAD_GATEWAY, "<html>").into_response(),
        // A body that ends before it began.
        Some(Fault::Disconnect) => {
            let broken = stream::iter([Err::<Bytes, _>(std::io::Error::other("gone"))]);
            return Body::from_stream(broken).into_response();
        }
        None if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) => {
            return StatusCode::NOT_MODIFIED.into_response();
        }
        _ => {}
    }
    let mut entries: Vec<String> = (1..=published).rev().take(WINDOW).map(entry).collect();
    match fault {
        Some(Fault::OutOfOrder) => {
            let third = entries.len() / 3;
            entries.rotate_left(third);
        }
        Some(Fault::Duplicate) => entries.insert(2, entries[0].clone()),
        Some(Fault::UnknownFields) => {
            entries
                .iter_mut()
                .for_each(|entry| *entry = entry.replace("<title>", "<x:new y='1'><x:in/></x:new><title>"));
        }
        _ => {}
    }
    let mut text = format!(
        "<rss version=\"2.0\" xmlns:x=\"https://x.example/2027\"><channel><title>Wire</title><link>https://news.example/</link>{}</channel></rss>",
        entries.concat()
    );
    let half = text.floor_char_boundary(text.len() / 2);
    let body = match fault {
        Some(Fault::CutJson) => {
            text.truncate(half);
            Body::from(text)
        }
        Some(Fault::SlowBody) => {
            let late = text.split_off(half);
            Body::from_stream(stream::unfold(Some((text, Some(late))), |parts| async move {
                let (part, late) = parts?;
                if late.is_none() {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                Some((Ok::<_, std::io::Error>(part), late.map(|late| (late, None))))
            }))
        }
        _ => Body::from(text),
    };
    ([(header::ETAG, tag), (header::CONTENT_TYPE, "application/rss+xml".to_owned())], body).into_response()
}

async fn start() -> (Wire, SocketAddr) {
    let wire = Wire::default();
    wire.inside().published = STEP;
    let router = Router::new().route("/feed", get(look)).with_state(wire.clone());
    let address = serve(router).await;
    (wire, address)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_entries_of_a_feed_are_heard_once_each_though_looks_go_wrong() {
    let (wire, address) = start().await;
    let (collector, since) = (Collector::default(), Instant::now());
    let url = format!("http://{address}/feed");
    let clock = Arc::new(FastClock::new(1.0));
    for run in 1..=RUNS {
        let mut session = session(HttpClient::new(limits(&[address])), SCALE, &[("url", &url)], &collector);
        (session.clock, session.cursor) = (clock.clone(), collector.cursor());
        // Stopped where all there is by then was kept.
        let enough = *ITEMS * run / RUNS;
        listen_until(&FeedConnector, &session, || {
            let count = collector.count();
            let all = wire.inside().published;
            count >= all && count >= enough || count < enough && wire.knows(count)
        })
        .await
        .expect("no end");
    }
    let posts = collector.posts();
    let heard: BTreeSet<String> = posts.iter().map(|post| post.text.clone()).collect();
    let wanted: BTreeSet<String> = (1..=*ITEMS).map(|number| format!("обращение {number}")).collect();
    let (counts, doubled) = (wire.inside().counts.clone(), posts.len() - heard.len());
    let seconds = since.elapsed().as_secs_f64();
    let row = Row { network: "feed", way: "looks", sent: wanted.len(), doubled, again: 0, seconds };
    row.print_with(&heard, &wanted, &counts, 0);
    assert_eq!(heard.symmetric_difference(&wanted).take(5).collect::<Vec<_>>(), [""; 0]);
    assert_eq!((doubled, counts.limits_exceeded), (0, 0));
    // Of a document that was cut the entry in its middle is counted.
    assert!(collector.rejections().iter().all(|rejection| rejection.reason == RejectionReason::Malformed));
    let gaps = collector.reports().into_iter().filter(|report| matches!(report, Report::GapOpened { .. })).count();
    assert_eq!(gaps, 0);
    let missed: Vec<_> = FAULTS.iter().filter(|kind| !counts.faults.contains_key(kind.name())).collect();
    assert!(missed.is_empty() || counts.faults.values().sum::<u64>() < 2 * FAULTS.len() as u64, "{missed:?}");
}
