//! Hacker News, as a stand-in tells it.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use molva_connectors::hacker_news::HackerNews;
use serde_json::json;

use crate::newest_first::Network;
use crate::world::serve;

async fn search(State(network): State<Network>, Query(parameters): Query<HashMap<String, String>>) -> Response {
    assert_eq!(parameters["hitsPerPage"], "1000");
    let until = parameters.get("numericFilters").map_or(i64::MAX, |filter| {
        filter.strip_prefix("created_at_i<=").and_then(|second| second.parse().ok()).expect("a bound")
    });
    let second = |id: usize| network.written_at(id / 3 * 3).as_secs();
    let tell = |id: usize| {
        json!({"objectID": id.to_string(), "created_at_i": second(id), "author": "ann",
            "comment_text": format!("comment {id}"), "parent_id": 1, "story_title": "A story"})
    };
    network.answer(0, |id| second(id) <= until, tell, |hits| json!({ "hits": hits }))
}

#[tokio::test]
async fn hacker_news_is_read_whole_by_its_search_though_a_page_ends_within_a_second() {
    let network = Network::new(1_000, 2, usize::MAX, 2_400.0);
    let address = serve(Router::new().route("/api/v1/search_by_date", get(search)).with_state(network.clone())).await;
    let url = format!("http://{address}");
    let settings = [("url", url.as_str()), ("history_hours", "720")];
    network.is_read_whole(&HackerNews, "search", address, &settings).await;
}
