//! A feed that shows its ten latest entries.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::Start;
use super::board::{Board, Posted, Said};

const SHOWN: usize = 10;

fn item(said: &Said) -> String {
    if said.broken {
        return format!("<item><guid>n{}</guid></item>", said.key);
    }
    let (key, text, at) = (said.key, &said.text, said.at.to_rfc3339());
    format!(
        "<item><guid>n{key}</guid><title>n{key}</title><description>{text}</description><pubDate>{at}</pubDate></item>"
    )
}

async fn entries(State(board): State<Board>) -> Response {
    let items: String = board.newest().iter().take(SHOWN).map(item).collect();
    let body = format!("<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>");
    ([(header::CONTENT_TYPE, "application/rss+xml")], body).into_response()
}

/// Nothing of what was known is shown any more, only what came last.
fn rolled_by(board: &Board, cursor: &str) -> String {
    for number in 1..SHOWN {
        board.say(&format!("пока никто не смотрел {number}"), false);
    }
    cursor.to_owned()
}

pub(crate) fn feed() -> Start {
    let router = |board: Board| Router::new().route("/feed", get(entries)).with_state(board);
    Box::pin(Posted::start(router, &[("url", "http://HOST/feed")], 24_000.0, rolled_by))
}
