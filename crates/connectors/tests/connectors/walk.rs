//! Networks that list the newest first, through everything that goes wrong on the way.

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use molva_connectors::discourse::Discourse;
use molva_connectors::hacker_news::HackerNews;
use molva_connectors::http::{HttpClient, HttpLimits};
use molva_connectors::{Connector, ConnectorError, Report};
use molva_domain::{Secret, Timestamp};
use serde_json::{Value, json};

use crate::world::{Collector, START, limits, listen_until, serve, session};

/// Forty minutes pass in a second.
const SCALE: f64 = 2_400.0;
const ITEMS: u64 = 10_000;
/// Of the network's time; a client that comes earlier is counted.
const RETRY_AFTER: Duration = Duration::from_secs(120);

/// A network whose items are numbers, twenty seconds apart, the last of them published just before the start.
#[derive(Clone)]
struct Network(Arc<Mutex<Inside>>);

struct Inside {
    items: u64,
    page: usize,
    requests: u64,
    /// Each so many requests something goes wrong.
    fault_every: u64,
    refused_at: Option<Instant>,
    came_too_early: u64,
    key: Option<&'static str>,
}

impl Network {
    fn new(page: usize, fault_every: u64) -> Self {
        Self(Arc::new(Mutex::new(Inside {
            items: ITEMS,
            page,
            requests: 0,
            fault_every,
            refused_at: None,
            came_too_early: 0,
            key: None,
        })))
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().expect("a lock")
    }

    /// The newest that `asked` lets through, told by `tell`, as the body's `field`; or what goes wrong this time.
    fn answer(&self, asked: impl Fn(u64) -> bool, tell: impl Fn(u64) -> Value, field: &str) -> Response {
        let mut inside = self.inside();
        inside.requests += 1;
        if inside.refused_at.take().is_some_and(|at| at.elapsed() < RETRY_AFTER.div_f64(SCALE)) {
            inside.came_too_early += 1;
        }
        let mut page: Vec<Value> =
            (1..=inside.items).rev().filter(|id| asked(*id)).take(inside.page).map(tell).collect();
        let fault =
            inside.requests.is_multiple_of(inside.fault_every).then_some(inside.requests / inside.fault_every % 6);
        match fault {
            Some(0) => {
                inside.refused_at = Some(Instant::now());
                let wait = RETRY_AFTER.as_secs().to_string();
                return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, wait)], "slow down").into_response();
            }
            Some(1) => return (StatusCode::BAD_GATEWAY, "<html>").into_response(),
            Some(2) => {
                let body = json!({field: page}).to_string();
                return ([(header::CONTENT_TYPE, "application/json")], body[..body.len() / 2].to_owned())
                    .into_response();
            }
            // Out of order, twice the same, and what no contract names.
            Some(3) => page.rotate_left(inside.page / 3),
            Some(4) => page.extend(page.first().cloned()),
            Some(5) => page.iter_mut().for_each(|item| item["new_in_2027"] = json!({"x": []})),
            _ => {}
        }
        axum::Json(json!({field: page})).into_response()
    }
}

fn written_at(id: u64) -> Timestamp {
    let before = i64::try_from(ITEMS).expect("a small number") - i64::try_from(id).expect("a small number");
    Timestamp::from_secs(START.as_secs() - 20 * before - 30)
}

type Parameters = HashMap<String, String>;

async fn discourse(
    State(network): State<Network>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Response {
    let key = network.inside().key;
    if key.is_some_and(|key| headers.get("api-key").is_none_or(|given| given != key)) {
        return (StatusCode::FORBIDDEN, axum::Json(json!({"error_type": "invalid_access"}))).into_response();
    }
    let before: u64 = parameters.get("before").map_or(u64::MAX, |before| before.parse().expect("a number"));
    let tell = |id: u64| {
        json!({"id": id, "topic_id": id / 9 + 1, "topic_slug": "topic", "topic_title": "A topic", "post_number": id % 9 + 1,
            "created_at": written_at(id).to_rfc3339(), "cooked": format!("<p>post {id}</p>"), "username": "ann", "user_id": 4})
    };
    network.answer(|id| id < before, tell, "latest_posts")
}

async fn hacker_news(State(network): State<Network>, Query(parameters): Query<Parameters>) -> Response {
    assert_eq!(parameters["hitsPerPage"], "1000");
    let until = parameters.get("numericFilters").map_or(i64::MAX, |filter| {
        filter.strip_prefix("created_at_i<=").and_then(|second| second.parse().ok()).expect("a bound")
    });
    let tell = |id: u64| {
        json!({"objectID": id.to_string(), "created_at_i": written_at(id / 3 * 3).as_secs(), "author": "ann",
            "comment_text": format!("comment {id}"), "parent_id": 1, "story_title": "A story"})
    };
    network.answer(|id| written_at(id / 3 * 3).as_secs() <= until, tell, "hits")
}

/// Everything once, then what comes later, by a second run that goes on from the first one's cursor.
async fn all_of_it(connector: &dyn Connector, network: &Network, address: SocketAddr, settings: &[(&str, &str)]) {
    let http = HttpClient::new(HttpLimits { max_body_bytes: 32 << 20, ..limits(&[address]) });
    let collector = Collector::default();
    let first = session(http.clone(), SCALE, settings, &collector);
    let count =
        |wanted: usize| move |collector: &Collector| collector.posts().len() >= wanted && collector.cursor().is_some();
    let whole = usize::try_from(ITEMS).expect("a small number");
    listen_until(connector, &first, || count(whole)(&collector)).await.expect("everything");

    network.inside().items += 137;
    let mut second = session(http, SCALE, settings, &collector);
    second.cursor = collector.cursor();
    let asked = network.inside().requests;
    listen_until(connector, &second, || count(whole + 137)(&collector)).await.expect("what came later");
    assert!(network.inside().requests - asked < 40, "known pages are not turned again");

    let posts = collector.posts();
    let names: BTreeSet<&str> = posts.iter().map(|post| post.urn.as_str()).collect();
    assert_eq!((posts.len(), names.len()), (whole + 137, whole + 137), "nothing is lost and nothing comes twice");
    assert!(posts[..whole].is_sorted_by_key(|post| post.published_at), "the oldest come first");
    assert_eq!((collector.rejections().len(), network.inside().came_too_early), (0, 0));
    let gaps = collector.reports().into_iter().filter(|report| matches!(report, Report::GapOpened { .. })).count();
    assert_eq!(gaps, 0);
}

#[tokio::test]
async fn a_forum_is_read_whole_through_refusals_broken_answers_and_disorder() {
    let network = Network::new(50, 20);
    network.inside().key = Some("k-1");
    let address = serve(Router::new().route("/talk/posts.json", get(discourse)).with_state(network.clone())).await;
    let url = format!("http://{address}/talk");
    let settings = [("url", url.as_str()), ("history_days", "30"), ("*api_key", "k-1")];
    all_of_it(&Discourse, &network, address, &settings).await;

    let collector = Collector::default();
    let http = HttpClient::new(limits(&[address]));
    let closed = session(http.clone(), SCALE, &[("url", &url), ("*api_key", "secret-7")], &collector);
    let refused = Discourse.listen(&closed).await.expect_err("a wrong key");
    assert!(matches!(refused, ConnectorError::Forbidden(_)), "{refused:?}");
    assert!(!format!("{refused:?} {refused}").contains(Secret::new("secret-7").expose()));
    let open = session(http, SCALE, &settings, &collector);
    assert!(Discourse.probe(&open).await.expect("an answer").starts_with("50 posts on the first page of"));
}

#[tokio::test]
async fn hacker_news_is_read_whole_by_its_search_though_a_page_ends_within_a_second() {
    let network = Network::new(1_000, 3);
    let address =
        serve(Router::new().route("/api/v1/search_by_date", get(hacker_news)).with_state(network.clone())).await;
    let url = format!("http://{address}");
    all_of_it(&HackerNews, &network, address, &[("url", &url), ("history_hours", "720")]).await;
}

#[tokio::test]
async fn what_is_older_than_the_last_page_is_a_gap_and_a_cursor_of_another_forum_is_not_followed() {
    let network = Network::new(20, 1_000_000);
    let address = serve(Router::new().route("/posts.json", get(discourse)).with_state(network.clone())).await;
    let url = format!("http://{address}/");
    let settings = [("url", url.as_str()), ("history_days", "365")];
    let collector = Collector::default();
    let http = HttpClient::new(limits(&[address]));
    let listening = session(http.clone(), 1e6, &settings, &collector);
    listen_until(&Discourse, &listening, || collector.cursor().is_some()).await.expect("400 pages");
    assert_eq!(collector.posts().len(), 400 * 20);
    let oldest = collector.posts()[0].published_at;
    let gaps: Vec<Report> = collector
        .reports()
        .into_iter()
        .filter(|report| !matches!(report, Report::Alive | Report::NextAttempt(_)))
        .collect();
    assert!(matches!(gaps[..], [Report::GapOpened { .. }, Report::GapClosed { to }] if to == oldest), "{gaps:?}");

    let elsewhere = Collector::default();
    let other = format!("http://localhost:{}/", address.port());
    let allowed = HttpLimits { allowed_private_hosts: vec!["localhost".to_owned()], ..limits(&[address]) };
    let mut moved = session(HttpClient::new(allowed), 1e6, &[("url", &other), ("history_days", "0")], &elsewhere);
    moved.cursor = collector.cursor();
    listen_until(&Discourse, &moved, || elsewhere.cursor().is_some()).await.expect("a fresh look");
    assert_eq!(elsewhere.posts().len(), 0, "nothing is as young as that");
}
