//! The comments of a site, over its REST API.

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::board::{Board, Posted, Said};
use super::{Start, of_long_ago};

fn comment(said: &Said) -> Value {
    if said.broken {
        return json!({"id": said.key, "date_gmt": "soon", "content": {}});
    }
    let at = said.at.to_rfc3339();
    json!({"id": said.key, "post": 1, "parent": 0, "author": 0, "author_name": "Anna", "author_url": "",
        "date_gmt": at.trim_end_matches('Z'), "content": {"rendered": format!("<p>{}</p>", said.text)},
        "link": format!("http://blog.example/hello/#comment-{}", said.key)})
}

async fn front(State(board): State<Board>, Query(query): Query<HashMap<String, String>>) -> Response {
    let route = query.get("rest_route").map(String::as_str).unwrap_or_default();
    let Some(rest) = route.strip_prefix("/wp/v2/comments") else { return "a page".into_response() };
    let said = board.newest();
    if let Some(id) = rest.strip_prefix('/') {
        let one = said.iter().find(|said| said.key.to_string() == id);
        let missing = || (StatusCode::NOT_FOUND, Json(json!({"code": "rest_comment_invalid_id"}))).into_response();
        return one.map_or_else(missing, |one| Json(comment(one)).into_response());
    }
    let wanted = query.get("include").map(|ids| ids.split(',').collect::<Vec<_>>());
    let shown = said.iter().filter(|said| wanted.as_ref().is_none_or(|ids| ids.contains(&&*said.key.to_string())));
    Json(shown.map(comment).collect::<Vec<_>>()).into_response()
}

pub(crate) fn wordpress() -> Start {
    let router = |board: Board| Router::new().route("/", get(front)).with_state(board);
    let lose = |board: &Board, cursor: &str| of_long_ago(cursor, board.now().as_secs());
    Box::pin(Posted::start(router, &[("url", "http://HOST/")], 2_400.0, lose))
}
