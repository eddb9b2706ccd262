//! Networks that list the newest first, through everything that goes wrong on the way.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use molva_connectors::discourse::Discourse;
use molva_connectors::hacker_news::HackerNews;
use molva_connectors::http::{HttpClient, HttpLimits};
use molva_connectors::{Connector as _, ConnectorError, Report};
use molva_domain::Secret;
use serde_json::json;

use crate::newest_first::{Network, Shape};
use crate::world::{Collector, limits, listen_until, serve, session};

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
            "created_at": network.written_at(id).to_rfc3339(), "cooked": format!("<p>post {id}</p>"), "username": "ann", "user_id": 4})
    };
    network.answer(0, |id| id < before, tell, |posts, _| json!({"latest_posts": posts}))
}

async fn hacker_news(State(network): State<Network>, Query(parameters): Query<Parameters>) -> Response {
    assert_eq!(parameters["hitsPerPage"], "1000");
    let until = parameters.get("numericFilters").map_or(i64::MAX, |filter| {
        filter.strip_prefix("created_at_i<=").and_then(|second| second.parse().ok()).expect("a bound")
    });
    let second = |id: u64| network.written_at(id / 3 * 3).as_secs();
    let tell = |id: u64| {
        json!({"objectID": id.to_string(), "created_at_i": second(id), "author": "ann",
            "comment_text": format!("comment {id}"), "parent_id": 1, "story_title": "A story"})
    };
    network.answer(0, |id| second(id) <= until, tell, |hits, _| json!({"hits": hits}))
}

#[tokio::test]
async fn a_forum_is_read_whole_through_refusals_broken_answers_and_disorder() {
    let network = Network::new(Shape::default());
    network.inside().key = Some("k-1");
    let address = serve(Router::new().route("/talk/posts.json", get(discourse)).with_state(network.clone())).await;
    let url = format!("http://{address}/talk");
    let settings = [("url", url.as_str()), ("history_days", "30"), ("*api_key", "k-1")];
    network.is_read_whole(&Discourse, address, &settings).await;

    let collector = Collector::default();
    let http = HttpClient::new(limits(&[address]));
    let closed = session(http.clone(), 2_400.0, &[("url", &url), ("*api_key", "secret-7")], &collector);
    let refused = Discourse.listen(&closed).await.expect_err("a wrong key");
    assert!(matches!(refused, ConnectorError::Forbidden(_)), "{refused:?}");
    assert!(!format!("{refused:?} {refused}").contains(Secret::new("secret-7").expose()));
    let open = session(http, 2_400.0, &settings, &collector);
    assert!(Discourse.probe(&open).await.expect("an answer").starts_with("50 posts on the first page of"));
}

#[tokio::test]
async fn hacker_news_is_read_whole_by_its_search_though_a_page_ends_within_a_second() {
    let network = Network::new(Shape { page: 1_000, fault_every: 2, ..Shape::default() });
    let address =
        serve(Router::new().route("/api/v1/search_by_date", get(hacker_news)).with_state(network.clone())).await;
    let url = format!("http://{address}");
    network.is_read_whole(&HackerNews, address, &[("url", &url), ("history_hours", "720")]).await;
}

#[tokio::test]
async fn what_is_older_than_the_last_page_is_a_gap_and_a_cursor_of_another_forum_is_not_followed() {
    let network = Network::new(Shape { page: 20, fault_every: 1_000_000, ..Shape::default() });
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
