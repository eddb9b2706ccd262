//! NodeBB and Flarum, as stand-ins tell them.

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use molva_connectors::flarum::Flarum;
use molva_connectors::http::HttpClient;
use molva_connectors::nodebb::NodeBb;
use molva_connectors::{Connector, ConnectorError};
use serde_json::{Value, json};

use crate::newest_first::{Network, Shape};
use crate::world::{Collector, limits, serve, session};

type Parameters = HashMap<String, String>;

/// Refuses whoever has another key.
fn refused(network: &Network, headers: &HeaderMap) -> Option<Response> {
    let key = network.inside().key?;
    let known = headers.get(header::AUTHORIZATION).is_some_and(|value| value == key);
    (!known).then(|| (StatusCode::FORBIDDEN, Json(json!({"status": {"code": "forbidden"}}))).into_response())
}

async fn nodebb(State(network): State<Network>, Query(parameters): Query<Parameters>, headers: HeaderMap) -> Response {
    if let Some(refusal) = refused(&network, &headers) {
        return refusal;
    }
    let page: usize = parameters["page"].parse().expect("a number");
    let tell = |id: u64| {
        json!({"pid": id, "tid": id / 9 + 1, "content": format!("<p>post {id}</p>"), "timestamp": network.written_at(id).as_millis(), "deleted": 0,
            "isMainPost": id.is_multiple_of(9), "user": {"uid": 4, "username": "ann"}, "topic": {"title": "A topic", "mainPid": id / 9 * 9}})
    };
    network.answer((page - 1) * 20, |_| true, tell, |posts, _| Value::Array(posts))
}

async fn flarum(State(network): State<Network>, Query(parameters): Query<Parameters>, headers: HeaderMap) -> Response {
    if let Some(refusal) = refused(&network, &headers) {
        return refusal;
    }
    assert_eq!((parameters["filter[type]"].as_str(), parameters["sort"].as_str()), ("comment", "-createdAt"));
    let passed: usize = parameters["page[offset]"].parse().expect("a number");
    let tell = |id: u64| {
        json!({"type": "posts", "id": id.to_string(), "attributes": {"number": id % 9 + 1, "createdAt": network.written_at(id).to_rfc3339(),
            "contentType": "comment", "contentHtml": format!("<p>post {id}</p>")},
            "relationships": {"user": {"data": {"type": "users", "id": "4"}}, "discussion": {"data": {"type": "discussions", "id": "1"}}}})
    };
    let dress = |posts: Vec<Value>, _| {
        let included = json!([{"type": "users", "id": "4", "attributes": {"username": "ann", "displayName": "Ann"}},
            {"type": "discussions", "id": "1", "attributes": {"title": "A topic"}}]);
        json!({"data": posts, "included": included, "links": {}})
    };
    network.answer(passed, |_| true, tell, dress)
}

/// A closed forum is read whole with its key, and without it says what is wrong.
async fn check(connector: &dyn Connector, network: &Network, router: Router, secret: &str, probed: &str) {
    let address = serve(router).await;
    let url = format!("http://{address}/talk");
    let settings = [("url", url.as_str()), ("history_days", "30"), (secret, "k-1")];
    let collector = network.is_read_whole(connector, address, &settings).await;
    let post = &collector.posts()[17];
    assert_eq!((post.title.as_deref(), post.author.handle.as_deref()), (Some("A topic"), Some("ann")));

    let http = HttpClient::new(limits(&[address]));
    let collector = Collector::default();
    let found = connector.probe(&session(http.clone(), 1e6, &settings, &collector)).await.expect("an answer");
    assert!(found.starts_with(probed), "{found}");
    let closed = session(http, 1e6, &[("url", url.as_str()), (secret, "secret-7")], &collector);
    let refusal = connector.listen(&closed).await.expect_err("a wrong key");
    assert!(matches!(refusal, ConnectorError::Forbidden(_)), "{refusal:?}");
    assert!(!format!("{refusal:?} {refusal}").contains("secret-7"));
}

#[tokio::test]
async fn a_nodebb_forum_is_read_whole_through_refusals_broken_answers_and_disorder() {
    let network = Network::new(Shape { page: 20, ..Shape::default() });
    network.inside().key = Some("Bearer k-1");
    let router = Router::new().route("/talk/api/recent/posts/month", get(nodebb)).with_state(network.clone());
    check(&NodeBb, &network, router, "*token", "20 posts on the first page of").await;
}

#[tokio::test]
async fn a_flarum_forum_is_read_whole_through_refusals_broken_answers_and_disorder() {
    let network = Network::new(Shape::default());
    network.inside().key = Some("Token k-1");
    let router = Router::new().route("/talk/api/posts", get(flarum)).with_state(network.clone());
    check(&Flarum, &network, router, "*api_key", "50 posts on the first page of").await;
}
