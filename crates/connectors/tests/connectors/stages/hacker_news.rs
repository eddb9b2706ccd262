//! The search of Hacker News, and the API of the site, where edits and removals are told.

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::board::{Board, Posted, Said};
use super::{Start, of_long_ago};

async fn search(State(board): State<Board>) -> Json<Value> {
    let hit = |said: &Said| {
        if said.broken {
            return json!({"objectID": said.key.to_string(), "created_at_i": "soon"});
        }
        json!({"objectID": said.key.to_string(), "created_at_i": said.at.as_secs(), "author": "ann",
            "comment_text": said.text, "parent_id": 1, "story_title": "A story"})
    };
    Json(json!({"hits": board.newest().iter().map(hit).collect::<Vec<_>>()}))
}

async fn item(State(board): State<Board>, Path(name): Path<String>) -> Json<Value> {
    let id = name.trim_end_matches(".json");
    let said = board.newest().into_iter().find(|said| said.key.to_string() == id);
    Json(said.map_or(
        json!({"id": id, "deleted": true, "type": "comment"}),
        |said| json!({"id": said.key, "type": "comment", "text": said.text, "parent": 1}),
    ))
}

pub(crate) fn hacker_news() -> Start {
    let router = |board: Board| {
        let routes = Router::new().route("/api/v1/search_by_date", get(search));
        routes.route("/v0/item/{name}", get(item)).with_state(board)
    };
    let lose = |board: &Board, cursor: &str| of_long_ago(cursor, board.now().as_secs());
    let settings = [("url", "http://HOST"), ("items_url", "http://HOST"), ("history_hours", "720")];
    Box::pin(async move { Posted::start(router, &settings, 2_400.0, lose).await })
}
