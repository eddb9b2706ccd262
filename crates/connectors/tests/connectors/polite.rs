//! Two hundred feeds for an hour of their time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use molva_connectors::feed::FeedConnector;
use molva_connectors::http::HttpClient;
use molva_connectors::{Connector as _, ConnectorError};
use molva_domain::{Clock as _, Timestamp};

use crate::world::{Collector, FastClock, limits, serve, session};

const FEEDS: usize = 200;
/// An hour in six seconds.
const SCALE: f64 = 600.0;

/// Manners of the feeds: the seconds they ask for between two requests, and the problem they must be seen to have.
const MANNERS: [(&str, u64, Option<&str>); 8] = [
    ("plain", 300, None),
    ("ttl", 1_200, None),
    ("max-age", 900, None),
    ("429", 1_800, Some("rate_limited")),
    ("503", 700, Some("transient")),
    ("500", 300, Some("transient")),
    ("404", 3_600, Some("not_found")),
    ("410", 1 << 40, None),
];

struct Server {
    clock: FastClock,
    asked: Mutex<Vec<Vec<Timestamp>>>,
}

async fn answer(State(server): State<Arc<Server>>, Path(feed): Path<usize>) -> Response {
    let now = server.clock.now();
    server.asked.lock().expect("a lock")[feed].push(now);
    let item = format!("<item><guid>{now}</guid><title>{now}</title><pubDate>{now}</pubDate></item>");
    let body = |extra: &str| format!("<rss version='2.0'><channel><title>x</title>{extra}{item}</channel></rss>");
    let status = |status: StatusCode, wait: &'static str| (status, [(header::RETRY_AFTER, wait)]).into_response();
    match MANNERS[feed % MANNERS.len()].0 {
        "ttl" => body("<ttl>20</ttl>").into_response(),
        "max-age" => ([(header::CACHE_CONTROL, "max-age=900")], body("")).into_response(),
        "429" => status(StatusCode::TOO_MANY_REQUESTS, "1800"),
        "503" => status(StatusCode::SERVICE_UNAVAILABLE, "700"),
        "500" => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        "404" => StatusCode::NOT_FOUND.into_response(),
        "410" => StatusCode::GONE.into_response(),
        _ => body("").into_response(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_feeds_are_never_asked_faster_than_they_say() {
    let clock = FastClock::new(SCALE);
    let server = Arc::new(Server { clock, asked: Mutex::new(vec![Vec::new(); FEEDS]) });
    let address = serve(Router::new().route("/{feed}", get(answer)).with_state(Arc::clone(&server))).await;
    let http = HttpClient::new(limits(&[address]));
    let mut runs = Vec::new();
    for feed in 0..FEEDS {
        let collector = Collector::default();
        let url = format!("http://{address}/{feed}");
        let mine = session(http.clone(), SCALE, &[("url", url.as_str())], &collector);
        let cancel = mine.cancel.clone();
        runs.push((collector, cancel, tokio::spawn(async move { FeedConnector.listen(&mine).await })));
    }
    tokio::time::sleep(Duration::from_secs_f64(3_600.0 / SCALE)).await;
    let asked = server.asked.lock().expect("a lock").clone();
    let mut requests = 0;
    for (feed, (collector, cancel, run)) in runs.into_iter().enumerate() {
        let (name, told, problem) = MANNERS[feed % MANNERS.len()];
        cancel.cancel();
        let ended = run.await.expect("no panic").expect_err("cancelled or gone");
        match name {
            "410" => assert!(matches!(ended, ConnectorError::Gone(_)), "{ended}"),
            _ => assert_eq!(ended, ConnectorError::Cancelled),
        }
        assert!(!asked[feed].is_empty(), "feed {feed} ({name}) was never asked");
        requests += asked[feed].len();
        for pair in asked[feed].windows(2) {
            let waited = pair[1].since(pair[0]);
            // The request is on its way for some milliseconds, which are seconds here.
            assert!(waited.as_secs() + 30 >= told, "feed {feed} ({name}) was asked again after {waited:?}");
        }
        assert_eq!(collector.problems().first().copied(), problem, "feed {feed} ({name})");
        let expected = if matches!(name, "plain" | "ttl" | "max-age") { asked[feed].len() } else { 0 };
        assert!(collector.posts().len().abs_diff(expected) <= 1, "feed {feed} ({name}): {}", collector.posts().len());
    }
    println!("{FEEDS} feeds, an hour of their time: {requests} requests");
}
