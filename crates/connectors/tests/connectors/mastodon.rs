use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use molva_connectors::http::{Method, Request};
use molva_connectors::mastodon::Mastodon;
use molva_connectors::{Connector as _, ConnectorError, Item};
use molva_domain::{PostKind, Secret};
use serde_json::{Value, json};
use url::Url;

use crate::support::{Recorder, Run, http, server, session};

/// A server's API as its users call it.
pub(crate) struct Api(pub(crate) String);

impl Api {
    async fn call(&self, method: Method, path: &str, token: &str, body: &Value) -> Value {
        let url = Url::parse(&format!("{}{path}", self.0)).expect("an address");
        let request = Request::new(method, url).bearer(&Secret::new(token)).json(body);
        let answer = http().send(request).await.expect("the server answers");
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, String::from_utf8_lossy(&answer.body));
        answer.json().unwrap_or(Value::Null)
    }

    pub(crate) async fn publish(&self, token: &str, text: &str) -> Value {
        self.call(Method::POST, "/api/v1/statuses", token, &json!({ "status": text })).await
    }

    /// Writes a status; its id.
    async fn write(&self, token: &str, text: &str) -> String {
        let status = self.publish(token, text).await;
        status["id"].as_str().expect("an id").to_owned()
    }
}

/// A word nobody used before.
pub(crate) fn fresh_tag() -> String {
    format!("molva{}", std::time::UNIX_EPOCH.elapsed().expect("after 1970").as_nanos())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_server_is_followed_live_and_caught_up_with_after_an_interruption() {
    let Some(address) = server("MOLVA_TEST_MASTODON") else { return };
    let api = Api(address.clone());
    let tag = fresh_tag();
    let settings = [("instance", address.as_str()), ("hashtags", tag.as_str())];
    api.write("ada_token", &format!("раньше всех #{tag}")).await;

    let first = Recorder::default();
    let run = Run::start(&Mastodon, session(&settings, Some("grace_token"), None, &first));
    first.until("the page before the stream", |seen| seen.items.len() == 1).await;
    let edited = api.write("ada_token", &format!("связь пропала #{tag}")).await;
    let deleted = api.write("grace_token", &format!("у меня тоже #{tag}")).await;
    first.until("both statuses", |seen| seen.items.len() == 3).await;
    let path = format!("/api/v1/statuses/{edited}");
    api.call(Method::PUT, &path, "ada_token", &json!({ "status": format!("связь вернулась #{tag}") })).await;
    first.until("the edit", |seen| seen.items.len() == 4).await;
    api.call(Method::DELETE, &format!("/api/v1/statuses/{deleted}"), "grace_token", &Value::Null).await;
    first.until("the deletion", |seen| matches!(seen.items.last(), Some(Item::Deleted(_)))).await;
    run.stop().await;

    let posts = first.posts();
    let texts: Vec<&str> = posts.iter().map(|post| post.text.split(" #").next().unwrap_or_default()).collect();
    assert_eq!(texts, ["раньше всех", "связь пропала", "у меня тоже", "связь вернулась"]);
    assert_eq!(posts[1].urn, posts[3].urn, "an edit is the same post");
    assert!(posts[3].edited_at.is_some());
    assert!(first.read(|seen| matches!(seen.items.last(), Some(Item::Deleted(urn)) if *urn == posts[2].urn)));
    assert!(posts[0].author.handle.as_deref().is_some_and(|handle| handle.starts_with("ada@")));

    // Nobody listens; more than one page is written.
    for number in 0..45 {
        api.write("alan_token", &format!("пока никто не слушал {number} #{tag}")).await;
    }
    let second = Recorder::default();
    let cursor = first.read(|seen| seen.cursor.clone());
    let run = Run::start(&Mastodon, session(&settings, Some("grace_token"), cursor, &second));
    second.until("all that was missed", |seen| seen.items.len() >= 45).await;
    api.write("alan_token", &format!("снова вживую #{tag}")).await;
    second
        .until(
            "the stream",
            |seen| matches!(seen.items.last(), Some(Item::Post(post)) if post.text.starts_with("снова")),
        )
        .await;
    run.stop().await;
    let missed: Vec<String> = second.texts().into_iter().filter(|text| text.starts_with("пока")).collect();
    let expected: Vec<String> = (0..45).map(|number| format!("пока никто не слушал {number} #{tag}")).collect();
    assert_eq!(missed, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_server_tells_in_a_sentence_what_there_is() {
    let Some(address) = server("MOLVA_TEST_MASTODON") else { return };
    let settings = [("instance", address.as_str()), ("timeline", "federated")];
    let found = Mastodon.probe(&session(&settings, Some("ada_token"), None, &Recorder::default())).await;
    assert!(found.as_ref().is_ok_and(|found| found.contains("streaming")), "{found:?}");
}

/// A server of the Fediverse that is not Mastodon: no second version of the instance, opaque ids, no WebSocket.
#[derive(Clone, Default)]
struct Other {
    base: String,
    /// Ids in order of time.
    statuses: Arc<Mutex<Vec<String>>>,
    events: Option<Arc<Mutex<String>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

fn status(id: &str) -> Value {
    json!({
        "id": id, "uri": format!("https://m.example/objects/{id}"), "created_at": "2026-03-01T09:30:00.000Z",
        "content": format!("<p>запись {id}</p>"), "visibility": if id == "Zb" { "private" } else { "public" },
        "account": { "acct": "anna@other.example", "url": "https://other.example/@anna" },
    })
}

impl Other {
    async fn start(mut self) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        self.base = format!("http://{}", listener.local_addr().expect("an address"));
        let routes = Router::new()
            .route("/api/v1/instance", get(instance))
            .route("/api/v1/timelines/tag/x", get(timeline))
            .route("/api/v1/streaming/hashtag", get(events))
            .with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        self
    }
}

async fn instance(State(other): State<Other>) -> impl IntoResponse {
    axum::Json(
        json!({ "title": "Other", "version": "1.0", "urls": { "streaming_api": other.base.replace("http", "ws") } }),
    )
}

/// Pages of two, so that there are several.
async fn timeline(State(other): State<Other>, Query(query): Query<Vec<(String, String)>>) -> Response {
    let statuses = other.statuses.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let min_id = query.iter().find(|(key, _)| key == "min_id").map(|(_, id)| id.clone());
    other.asked.lock().unwrap_or_else(PoisonError::into_inner).push(min_id.clone().unwrap_or_default());
    let page: Vec<String> = match min_id {
        Some(id) => statuses.iter().skip_while(|known| **known != id).skip(1).take(2).cloned().collect(),
        None => statuses.iter().rev().take(2).rev().cloned().collect(),
    };
    let mut headers = HeaderMap::new();
    if let Some(newest) = page.last() {
        let link = format!("<{}/api/v1/timelines/tag/x?min_id={newest}>; rel=\"prev\"", other.base);
        headers.insert("link", link.parse().expect("a header"));
    }
    let body: Vec<Value> = page.iter().rev().map(|id| status(id)).collect();
    (headers, axum::Json(body)).into_response()
}

async fn events(State(other): State<Other>) -> Response {
    let Some(events) = other.events else { return StatusCode::NOT_FOUND.into_response() };
    // What is to be said is said in one go; then the connection ends, as connections do.
    for _ in 0..100 {
        let said = std::mem::take(&mut *events.lock().unwrap_or_else(PoisonError::into_inner));
        if !said.is_empty() {
            return ([("content-type", "text/event-stream")], said).into_response();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_streams_is_asked_page_by_page_by_ids_nobody_compares() {
    let statuses: Vec<String> = ["Zz", "Ab", "Zb", "Aa", "0c"].map(str::to_owned).to_vec();
    let other = Other { statuses: Arc::new(Mutex::new(statuses)), ..Other::default() }.start().await;
    let recorder = Recorder::default();
    let settings = [("instance", other.base.as_str()), ("hashtags", "x")];
    let cursor = Some(r#"{"v":1,"after":{"hashtag:x":"Zz"}}"#.to_owned());
    let run = Run::start(&Mastodon, session(&settings, None, cursor, &recorder));
    recorder.until("all pages", |seen| seen.items.len() == 4).await;
    other.statuses.lock().unwrap_or_else(PoisonError::into_inner).push("zA".to_owned());
    recorder.until("the next look", |seen| seen.items.len() == 5).await;
    run.stop().await;
    assert_eq!(recorder.texts(), ["запись Ab", "запись Aa", "запись 0c", "запись zA"]);
    // What its author did not mean for the public is counted and leaves nothing behind.
    let rejected = recorder.read(|seen| {
        let rejection = |item: &Item| if let Item::Rejected(rejection) = item { Some(rejection.clone()) } else { None };
        seen.items.iter().find_map(rejection)
    });
    assert!(rejected.is_some_and(|rejection| rejection.reason.as_str() == "not_public" && rejection.sample.is_empty()));
    let asked = other.asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert_eq!(asked[..3], ["Zz", "Zb", "0c"].map(str::to_owned));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_websocket_is_replaced_by_server_sent_events() {
    let events = Arc::new(Mutex::new(format!(
        ":thump\n\nevent: update\ndata: {}\n\nevent: delete\ndata: s1\n\n",
        serde_json::to_string(&status("s1")).expect("JSON")
    )));
    let other = Other { events: Some(events), ..Other::default() }.start().await;
    let recorder = Recorder::default();
    let settings = [("instance", other.base.as_str()), ("hashtags", "x")];
    let end = Run::start(&Mastodon, session(&settings, Some("token"), None, &recorder)).end().await;
    assert_eq!(end.code(), "transient", "{end}");
    assert_eq!(recorder.texts(), ["запись s1"]);
    assert_eq!(recorder.posts()[0].kind, PostKind::Post);
    assert!(recorder.read(|seen| matches!(seen.items[1], Item::Deleted(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_and_refusals_of_a_server_are_told() {
    let routes = Router::new()
        .route("/api/v2/instance", get(|| async { axum::Json(json!({ "title": "M", "version": "4.6.0" })) }))
        .route(
            "/api/v1/timelines/tag/busy",
            get(|| async {
                let limits = [
                    ("x-ratelimit-limit", "300"),
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", "2099-01-01T00:00:00.000Z"),
                ];
                (StatusCode::TOO_MANY_REQUESTS, limits, "{}")
            }),
        )
        .route("/api/v1/timelines/public", get(|| async { (StatusCode::UNPROCESSABLE_ENTITY, "{}") }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let end = |settings: [(&'static str, &'static str); 1], token| {
        let all = [("instance", base.as_str()), settings[0]];
        Run::start(&Mastodon, session(&all, token, None, &Recorder::default())).end()
    };
    let until = molva_domain::Timestamp::parse("2099-01-01T00:00:00Z");
    assert_eq!(end([("hashtags", "busy")], None).await, ConnectorError::RateLimited { until });
    assert!(matches!(
        end([("timeline", "local")], None).await,
        ConnectorError::Invalid { setting: "access_token", .. }
    ));
    assert_eq!(end([("hashtags", "none")], None).await.code(), "not_found");
}
