//! A server of the Fediverse that streams by server-sent events.

use std::collections::HashMap;
use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use futures_util::stream;
use serde_json::{Value, json};

use super::Start;
use super::board::{Board, Posted, Said};

async fn instance(headers: HeaderMap) -> Json<Value> {
    let host = headers[header::HOST].to_str().expect("a host");
    Json(json!({"title": "Other", "version": "1.0", "urls": {"streaming_api": format!("ws://{host}")}}))
}

fn status(said: &Said) -> Value {
    if said.broken {
        return json!({"id": said.id.to_string(), "created_at": "soon", "content": "<p>a</p>", "visibility": "public"});
    }
    json!({"id": said.id.to_string(), "uri": format!("https://m.example/objects/{}", said.key), "created_at": said.at.to_rfc3339(),
        "edited_at": said.edited_at.map(|at| at.to_rfc3339()), "content": format!("<p>{}</p>", said.text), "visibility": "public",
        "account": {"acct": "anna@other.example", "url": "https://other.example/@anna"}})
}

/// The newest, those nearest after a status, or those before one.
async fn timeline(State(board): State<Board>, Query(query): Query<HashMap<String, String>>) -> Json<Value> {
    let bound = |name: &str| query.get(name).and_then(|id| id.parse::<u64>().ok());
    let (after, before) = (bound("min_id").unwrap_or(0), bound("max_id").unwrap_or(u64::MAX));
    let limit = query["limit"].parse::<usize>().expect("a number");
    let mut shown = board.newest();
    shown.retain(|said| said.id > after && said.id < before);
    let passed = if after > 0 { shown.len().saturating_sub(limit) } else { 0 };
    Json(shown.iter().skip(passed).take(limit).map(status).collect())
}

/// An event as the stream writes it.
fn event(said: &Said) -> String {
    let (name, data) = match said {
        Said { gone: true, id, .. } => ("delete", id.to_string()),
        Said { edited_at: Some(_), .. } => ("status.update", status(said).to_string()),
        _ => ("update", status(said).to_string()),
    };
    format!("event: {name}\ndata: {data}\n\n")
}

async fn events(State(board): State<Board>) -> Response {
    let from = board.after(0).len();
    let told = stream::unfold((board, from), |(board, told)| async move {
        loop {
            let new = board.after(told);
            if !new.is_empty() {
                let text: String = new.iter().map(event).collect();
                let told = told + new.len();
                return Some((Ok::<_, Infallible>(text), (board, told)));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(told)).into_response()
}

/// The server was made anew, so that the place is none of its.
fn made_anew(board: &Board, cursor: &str) -> String {
    board.renumber();
    cursor.to_owned()
}

pub(crate) fn mastodon() -> Start {
    let router = |board: Board| {
        Router::new()
            .route("/api/v1/instance", get(instance))
            .route("/api/v1/timelines/tag/x", get(timeline))
            .route("/api/v1/streaming/hashtag", get(events))
            .with_state(board)
    };
    Box::pin(Posted::start(router, &[("instance", "http://HOST"), ("hashtags", "x")], 20.0, made_anew))
}
