//! A Jetstream of the second kind that goes on from any place it still knows.

use std::time::Duration;

use axum::http::Response;
use futures_util::SinkExt as _;
use molva_domain::Timestamp;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server as handshake;

use super::Start;
use super::board::{Board, Posted, Said};

/// Places are numbers below this, moments in microseconds above it.
const MOMENTS: u64 = 1_000_000_000_000;

fn message(seq: usize, said: &Said) -> String {
    if said.broken {
        return "{cut".to_owned();
    }
    let at = said.edited_at.unwrap_or(said.at).to_rfc3339();
    let operation = match said {
        Said { gone: true, .. } => "delete",
        Said { edited_at: Some(_), .. } => "update",
        _ => "create",
    };
    let mut payload = json!({
        "$type": "network.bsky.jetstream.subscribeEvents#commit", "seq": seq, "did": "did:plc:anna", "time": at, "rev": "r",
        "operation": operation, "collection": "app.bsky.feed.post", "rkey": format!("k{}", said.key), "cid": "c"});
    if !said.gone {
        let record = json!({"$type": "app.bsky.feed.post", "text": said.text, "createdAt": said.at.to_rfc3339()});
        payload["record"] = record;
    }
    json!({"$type": "message", "payload": payload}).to_string()
}

#[expect(clippy::result_large_err, reason = "the library decides what a refusal is")]
async fn follow(stream: TcpStream, board: Board) {
    let mut from = board.after(0).len();
    let greet = |request: &handshake::Request, mut response: handshake::Response| {
        let query = request.uri().query().unwrap_or_default();
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        let cursor = pairs.find(|(key, _)| key == "cursor").and_then(|(_, cursor)| cursor.parse::<u64>().ok());
        match cursor {
            Some(place) if place < MOMENTS && board.is_forgotten() => {
                let body = r#"{"error":"CursorTooOld"}"#;
                let refusal = Response::builder().status(400).header("content-length", body.len());
                return Err(refusal.body(Some(body.to_owned())).expect("an answer"));
            }
            Some(place) if place < MOMENTS => from = usize::try_from(place).expect("a small number").saturating_sub(1),
            Some(moment) => {
                let moment = Timestamp::from_micros(i64::try_from(moment).expect("a moment"));
                from = board.after(0).iter().take_while(|said| said.at < moment).count();
            }
            None => {}
        }
        if let Some(protocol) = request.headers().get("sec-websocket-protocol") {
            response.headers_mut().insert("sec-websocket-protocol", protocol.clone());
        }
        Ok(response)
    };
    let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(stream, greet).await else { return };
    loop {
        for said in board.after(from) {
            from += 1;
            if socket.send(Message::text(message(from, &said))).await.is_err() {
                return;
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn forgotten(board: &Board, cursor: &str) -> String {
    board.forget();
    cursor.to_owned()
}

pub(crate) fn bluesky() -> Start {
    Box::pin(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let board = Posted::board();
        let told = board.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(follow(stream, told.clone()));
            }
        });
        let settings = [("mode", "jetstream2"), ("host", "ws://HOST")];
        Some(Posted::at(board, address, &settings, 1.0, forgotten))
    })
}
