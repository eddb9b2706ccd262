//! Clients that open connections and keep us waiting, over real sockets.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use futures_util::{StreamExt as _, stream};
use molva_http_api::ConnectionLimits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio_util::sync::CancellationToken;

const ASK: &[u8] = b"GET / HTTP/1.1\r\nhost: molva\r\nconnection: close\r\n\r\n";
/// No machine is so slow that a whole head takes longer to come.
const PATIENT: ConnectionLimits = ConnectionLimits {
    most: 64,
    head: Duration::from_secs(600),
    idle: Duration::from_secs(600),
    stalled: Duration::from_secs(600),
};

struct Server {
    address: SocketAddr,
    stop: CancellationToken,
}

impl Server {
    async fn start(app: Router, limits: ConnectionLimits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let (address, stop) = (listener.local_addr().expect("an address"), CancellationToken::new());
        tokio::spawn(molva_http_api::serve(listener, app, limits, stop.clone()));
        Self { address, stop }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("a connection")
    }

    /// What a newcomer is told.
    async fn ask(&self) -> String {
        let mut client = self.connect().await;
        client.write_all(ASK).await.expect("taken");
        everything(&mut client).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// All that comes until the connection ends, however it does.
async fn everything(client: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    let _ = client.read_to_end(&mut heard).await;
    String::from_utf8_lossy(&heard).into_owned()
}

fn simple() -> Router {
    Router::new().route("/", get(|| async { "здесь" }))
}

#[tokio::test]
async fn a_client_that_sends_its_head_a_byte_at_a_time_is_cut_off() {
    let server = Server::start(simple(), ConnectionLimits { head: Duration::from_millis(300), ..PATIENT }).await;
    let (mut heard, mut sent) = server.connect().await.into_split();
    let sending = tokio::spawn(async move {
        let _ = sent.write_all(b"GET / HTTP/1.1\r\nx-slow: ").await;
        while sent.write_all(b"a").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    let mut answer = Vec::new();
    let _ = heard.read_to_end(&mut answer).await;
    assert_eq!(String::from_utf8_lossy(&answer), "");
    sending.await.expect("no panic");
}

#[tokio::test]
async fn a_client_that_says_nothing_is_cut_off_before_and_after_a_request() {
    let server = Server::start(simple(), ConnectionLimits { idle: Duration::from_millis(300), ..PATIENT }).await;
    let mut silent = server.connect().await;
    assert_eq!(everything(&mut silent).await, "");
    // On a slow machine a newcomer may be late with its request, too: it tries again.
    let mut answer = String::new();
    while answer.is_empty() {
        let mut once = server.connect().await;
        let _ = once.write_all(b"GET / HTTP/1.1\r\nhost: molva\r\n\r\n").await;
        answer = everything(&mut once).await;
    }
    assert!(answer.ends_with("здесь"), "{answer}");
}

#[tokio::test]
async fn a_client_that_begins_to_speak_http_2_and_stops_is_cut_off() {
    let server = Server::start(simple(), ConnectionLimits { head: Duration::from_millis(300), ..PATIENT }).await;
    let mut half = server.connect().await;
    half.write_all(b"PRI * HTTP/2.0").await.expect("taken");
    assert_eq!(everything(&mut half).await, "");
}

#[tokio::test]
async fn a_thousand_connections_that_say_nothing_keep_no_newcomer_out() {
    let server = Server::start(simple(), PATIENT).await;
    let mut crowd = Vec::new();
    for _ in 0..1_000 {
        crowd.push(server.connect().await);
    }
    let answer = server.ask().await;
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("здесь"), "{answer}");
    // All but those that have a place now were cut.
    for client in &mut crowd[..1_000 - PATIENT.most] {
        assert_eq!(everything(client).await, "");
    }
}

#[tokio::test]
async fn a_newcomer_is_told_to_come_again_while_every_place_has_a_request() {
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let app = Router::new().route("/", {
        let (begun, go_on) = (Arc::clone(&begun), Arc::clone(&go_on));
        get(async move || {
            begun.notify_one();
            go_on.notified().await;
            "done"
        })
    });
    let server = Arc::new(Server::start(app, ConnectionLimits { most: 1, ..PATIENT }).await);
    let first = tokio::spawn({
        let server = Arc::clone(&server);
        async move { server.ask().await }
    });
    begun.notified().await;
    let mut newcomer = server.connect().await;
    let refusal = everything(&mut newcomer).await;
    assert!(refusal.starts_with("HTTP/1.1 503 ") && refusal.contains("retry-after: 5"), "{refusal}");
    let (head, body) = refusal.split_once("\r\n\r\n").expect("a body");
    assert!(head.contains(&format!("content-length: {}", body.len())), "{refusal}");
    go_on.notify_one();
    assert!(first.await.expect("no panic").ends_with("done"));
}

#[tokio::test]
async fn an_answer_may_take_longer_than_every_limit() {
    let limit = Duration::from_millis(300);
    let app = Router::new().route(
        "/",
        get(async || {
            let pieces = stream::unfold(0, |number| async move {
                tokio::time::sleep(Duration::from_millis(100)).await;
                (number < 10).then(|| (Ok::<_, Infallible>(format!("<{number}>")), number + 1))
            });
            Body::from_stream(pieces)
        }),
    );
    let server =
        Server::start(app, ConnectionLimits { most: 64, head: limit * 600, idle: limit, stalled: limit }).await;
    let mut answer = String::new();
    while answer.is_empty() {
        answer = server.ask().await;
    }
    let pieces: Vec<String> = (0..10).map(|number| format!("<{number}>")).collect();
    assert!(pieces.iter().all(|piece| answer.contains(piece)), "{answer}");
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_answer_is_cut_off() {
    let (left, gone) = oneshot::channel::<()>();
    let held = Arc::new(std::sync::Mutex::new(Some(left)));
    let app = Router::new().route(
        "/",
        get(async move || {
            let held = held.lock().expect("not poisoned").take();
            let endless = stream::repeat_with(|| Ok::<_, Infallible>(vec![b'.'; 64 << 10]));
            Body::from_stream(endless.map(move |piece| {
                let _until_the_body_goes = &held;
                piece
            }))
        }),
    );
    let server = Server::start(app, ConnectionLimits { stalled: Duration::from_millis(300), ..PATIENT }).await;
    let mut client = server.connect().await;
    client.write_all(ASK).await.expect("taken");
    assert!(gone.await.is_err(), "the body is dropped");
    drop(client);
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused() {
    let server = Server::start(simple(), PATIENT).await;
    let mut client = server.connect().await;
    let _ = client.write_all(b"GET / HTTP/1.1\r\nx-long: ").await;
    let _ = client.write_all(&vec![b'a'; 256 << 10]).await;
    let answer = everything(&mut client).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
}
