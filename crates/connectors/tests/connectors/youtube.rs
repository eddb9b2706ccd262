//! YouTube, as a stand-in tells it: threads with some of their replies, the rest for the asking, and units that end.

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use molva_connectors::http::HttpClient;
use molva_connectors::youtube::YouTube;
use molva_connectors::{Connector as _, ConnectorError, Report};
use molva_domain::{PostKind, Timestamp};
use serde_json::{Value, json};

use crate::newest_first::{Network, Shape};
use crate::world::{Collector, limits, listen_until, serve, session};

type Parameters = HashMap<String, String>;

const CHANNEL: &str = "UC_x5XG1OV2P6uZZ5FSM9Ttw";
const VIDEO: &str = "dQw4w9WgXcQ";

fn error(status: StatusCode, reason: &str) -> Response {
    let body = json!({"error": {"code": status.as_u16(), "message": reason, "errors": [{"domain": "youtube", "reason": reason}]}});
    (status, Json(body)).into_response()
}

/// YouTube does not say when to come again.
fn refuse() -> Response {
    error(StatusCode::FORBIDDEN, "rateLimitExceeded")
}

fn comment(network: &Network, id: u64, parent: Option<u64>) -> Value {
    let mut snippet = json!({"publishedAt": network.written_at(id).to_rfc3339(), "textDisplay": format!("comment {id}"), "videoId": VIDEO,
        "authorDisplayName": "@ann", "channelId": CHANNEL, "likeCount": 0});
    if let Some(parent) = parent {
        snippet["parentId"] = json!(format!("c{parent}"));
    }
    json!({"id": parent.map_or(format!("c{id}"), |parent| format!("c{parent}.{id}")), "snippet": snippet})
}

/// Numbers that end in 3 answer what was said seven before, each second of them not in the thread itself.
fn is_reply(id: u64) -> bool {
    id % 10 == 3 && id > 7
}

async fn threads(State(network): State<Network>, Query(parameters): Query<Parameters>, headers: HeaderMap) -> Response {
    if headers.get("x-goog-api-key").is_none_or(|key| key != "key-1") {
        return error(StatusCode::BAD_REQUEST, "keyInvalid");
    }
    if parameters.get("videoId").is_some_and(|id| id == "closed-clos") {
        return error(StatusCode::FORBIDDEN, "commentsDisabled");
    }
    assert_eq!((parameters["order"].as_str(), parameters["part"].as_str()), ("time", "snippet,replies"));
    assert_eq!(parameters["allThreadsRelatedToChannelId"], CHANNEL);
    let before: u64 = parameters.get("pageToken").map_or(u64::MAX, |token| token.parse().expect("a number"));
    let there = network.inside().items;
    let tell = |id: u64| {
        let reply = (id + 7 <= there && is_reply(id + 7)).then_some(id + 7);
        let mut thread = json!({"id": format!("c{id}"), "snippet": {"videoId": VIDEO, "totalReplyCount": u8::from(reply.is_some()),
            "topLevelComment": comment(&network, id, None)}});
        if let Some(reply) = reply.filter(|reply| reply % 20 == 3) {
            thread["replies"] = json!({"comments": [comment(&network, reply, Some(id))]});
        }
        thread
    };
    let dress = |items: Vec<Value>, oldest: Option<u64>| json!({"items": items, "nextPageToken": oldest.map(|id| id.to_string())});
    network.answer(0, |id| id < before && !is_reply(id), tell, dress)
}

async fn replies(State(network): State<Network>, Query(parameters): Query<Parameters>) -> Response {
    let parent: u64 = parameters["parentId"][1..].parse().expect("a number");
    let tell = |id: u64| comment(&network, id, Some(parent));
    network.answer(0, |id| id == parent + 7, tell, |items, _| json!({"items": items}))
}

#[tokio::test]
async fn a_channel_is_read_whole_with_replies_that_its_threads_do_not_show() {
    let network = Network::new(Shape { page: 100, refuse, tells_when: false, ..Shape::default() });
    let router = Router::new()
        .route("/youtube/v3/commentThreads", get(threads))
        .route("/youtube/v3/comments", get(replies))
        .with_state(network.clone());
    let address = serve(router).await;
    let url = format!("http://{address}");
    let settings = [
        ("url", url.as_str()),
        ("*api_key", "key-1"),
        ("channels", CHANNEL),
        ("videos", "closed-clos"),
        ("history_days", "30"),
    ];
    let collector = network.is_read_whole(&YouTube, address, &settings).await;
    assert!(collector.posts().iter().filter(|post| post.kind == PostKind::Reply).count() > 1_000);
    assert!(collector.problems().contains(&"not_found"), "a video without comments is told, and passed over");
    assert!(
        collector
            .reports()
            .iter()
            .any(|report| matches!(report, Report::Quota(quota) if quota.limit == 8_000 && quota.remaining < 7_600))
    );

    let http = HttpClient::new(limits(&[address]));
    let wrong = [("url", url.as_str()), ("*api_key", "key-7"), ("channels", CHANNEL)];
    let refused = YouTube.listen(&session(http, 1e6, &wrong, &collector)).await.expect_err("a wrong key");
    assert!(
        matches!(refused, ConnectorError::AuthRevoked(_)) && !format!("{refused:?} {refused}").contains("key-7"),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_used_up_day_waits_for_midnight_in_california_and_searches_are_spread_over_it() {
    async fn search(State(network): State<Network>, Query(parameters): Query<Parameters>) -> Response {
        assert_eq!((parameters["q"].as_str(), parameters["type"].as_str()), ("molva", "video"));
        let tell = |id: u64| json!({"id": {"videoId": format!("v{id}")}, "snippet": {"publishedAt": network.written_at(id).to_rfc3339(), "title": "molva"}});
        network.answer(0, |id| id > 9_960, tell, |items, _| json!({"items": items}))
    }
    let network = Network::new(Shape { fault_every: 1_000_000, ..Shape::default() });
    let router = Router::new()
        .route("/youtube/v3/search", get(search))
        .route("/youtube/v3/commentThreads", get(async || error(StatusCode::FORBIDDEN, "quotaExceeded")))
        .with_state(network.clone());
    let address = serve(router).await;
    let url = format!("http://{address}");
    let collector = Collector::default();
    let http = HttpClient::new(limits(&[address]));
    let settings = [("url", url.as_str()), ("*api_key", "key-1"), ("words", "molva")];
    // Five minutes, the pause between two looks, pass in a third of a second; between two searches there are sixteen.
    let listening = session(http.clone(), 864.0, &settings, &collector);
    let looks = || collector.reports().iter().filter(|report| matches!(report, Report::Alive)).count();
    listen_until(&YouTube, &listening, || looks() >= 8).await.expect("looks");
    let searches = network.inside().requests;
    assert!(collector.count() == 40 && (1..8).contains(&searches), "{searches} searches in {} looks", looks());

    let collector = Collector::default();
    let settings = [("url", url.as_str()), ("*api_key", "key-1"), ("channels", CHANNEL)];
    let listening = session(http, 1.0, &settings, &collector);
    listen_until(&YouTube, &listening, || collector.cursor().is_some()).await.expect("a look");
    assert_eq!(collector.problems(), ["quota_exhausted"]);
    let next = collector
        .reports()
        .into_iter()
        .rev()
        .find_map(|report| if let Report::NextAttempt(at) = report { Some(at) } else { None });
    let midnight = Timestamp::parse("2026-03-02T08:00:00Z").expect("a time");
    assert!(next.is_none_or(|next| next >= midnight), "{next:?}");
}
