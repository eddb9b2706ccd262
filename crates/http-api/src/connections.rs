//! Connections: how many there may be, how long each may keep us waiting, and who leaves when there is no room.
//!
//! A connection costs its client nothing and us a file and some memory. So none is waited for without end: a head that does not
//! come whole, a silence between requests, an answer that nobody takes. When all places are taken the one goes that has waited
//! longest without a request under way, of the address that holds most; strangers who open thousands and say nothing push out
//! each other. Bodies of requests are bounded in time by the router, and event streams end by themselves.

mod floor;
mod pulse;
mod watched;

use std::convert::Infallible;
use std::io::{self, Write as _};
use std::net::{Shutdown, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service as _;

use self::floor::{Floor, Seat};
use self::pulse::Pulse;
use self::watched::{Answered, Watched};

/// Bytes of a request's head, and of what waits to be written.
const BUFFER_BYTES: usize = 64 << 10;
/// Requests at once on one connection of HTTP/2: a proxy may bring all of its people over one.
const STREAMS: u32 = 256;
/// Of a body that is not read yet, of one request and of all on a connection.
const STREAM_WINDOW_BYTES: u32 = 128 << 10;
const CONNECTION_WINDOW_BYTES: u32 = 512 << 10;
const HTTP2_HEAD_BYTES: u32 = 32 << 10;
/// Peers of HTTP/2 are asked whether they are still there.
const PING_EVERY: Duration = Duration::from_secs(30);
const PING_ANSWER: Duration = Duration::from_secs(20);
/// How often those who are late are looked for.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// After an accept that failed for want of files; some connections are let go meanwhile.
const NO_FILES: Duration = Duration::from_millis(500);
const LET_GO: usize = 16;
const WARN_EVERY: Duration = Duration::from_secs(60);

/// How many connections there may be and how long they may keep us waiting.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// At once. One public address has a quarter of them; addresses inside may have all, because a proxy stands there.
    pub most: usize,
    /// From the first byte of a request's head to its last.
    pub head: Duration,
    /// Without a request. Longer than proxies keep connections (nginx: 60 s), so that theirs are not cut under a request.
    pub idle: Duration,
    /// How long a client may take nothing of an answer.
    pub stalled: Duration,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            most: 2_048,
            head: Duration::from_secs(15),
            idle: Duration::from_secs(75),
            stalled: Duration::from_secs(30),
        }
    }
}

/// Answers connections until `stop`; returns when those that were open then have their answers.
pub async fn serve(listener: TcpListener, app: Router, limits: ConnectionLimits, stop: CancellationToken) {
    let (floor, builder) = (Floor::new(limits), Arc::new(builder()));
    let tasks = TaskTracker::new();
    let mut look = interval(LOOK_EVERY.min(limits.head));
    look.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut warned: Option<Instant> = None;
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            now = look.tick() => {
                floor.cut_late(now);
                continue;
            }
            accepted = listener.accept() => accepted,
        };
        let trouble = match accepted {
            Ok((stream, peer)) => match floor.enter(peer.ip(), Instant::now()) {
                Some(seat) => {
                    tasks.spawn(converse(Arc::clone(&builder), stream, peer, app.clone(), seat, stop.clone()));
                    continue;
                }
                None => {
                    refuse(stream);
                    "every connection there may be is busy; newcomers are told to come again"
                }
            },
            Err(error) if is_of_the_client(&error) => continue,
            Err(error) => {
                tracing::debug!(%error, "a connection could not be taken");
                floor.let_go(LET_GO);
                tokio::time::sleep(NO_FILES).await;
                "connections cannot be taken; the limit of open files may be too low"
            }
        };
        if warned.is_none_or(|at| at.elapsed() >= WARN_EVERY) {
            warned = Some(Instant::now());
            tracing::warn!(connections.most = limits.most, connections.open = floor.taken(), "{trouble}");
        }
    }
    drop(listener);
    tasks.close();
    let mut ended = pin!(tasks.wait());
    loop {
        tokio::select! {
            () = &mut ended => return,
            now = look.tick() => floor.cut_late(now),
        }
    }
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    // The library's own limit of a head counts from the end of the last answer and not before the first byte: `Pulse` tells
    // a head that comes slowly from a connection that is kept for later.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(BUFFER_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PING_ANSWER)
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(HTTP2_HEAD_BYTES)
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_send_buf_size(BUFFER_BYTES);
    builder
}

/// One connection, from its first byte until it ends, is cut, or was answered after a stop.
async fn converse(
    builder: Arc<Builder<TokioExecutor>>,
    stream: TcpStream,
    peer: SocketAddr,
    app: Router,
    seat: Seat,
    stop: CancellationToken,
) {
    let pulse = Arc::clone(seat.pulse());
    let io = TokioIo::new(Watched::new(stream, Arc::clone(&pulse)));
    let answering = Arc::clone(&pulse);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let under_way = Pulse::begin(&answering);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = app.clone().call(request);
        async move {
            let answer = answer.await?;
            Ok::<_, Infallible>(answer.map(|body| Body::new(Answered::new(body, under_way))))
        }
    });
    let mut talk = pin!(builder.serve_connection(io, service));
    let mut stopping = false;
    loop {
        tokio::select! {
            _ended_or_broken = talk.as_mut() => return,
            () = pulse.is_cut() => return,
            () = stop.cancelled(), if !stopping => {
                stopping = true;
                talk.as_mut().graceful_shutdown();
            }
        }
    }
}

/// Whether the other side broke it off before we took it: nothing is wrong here.
fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionRefused | ConnectionAborted | ConnectionReset)
}

/// Tells a newcomer that there is no room, if that can be told without waiting for them.
fn refuse(stream: TcpStream) {
    const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\nretry-after: 5\r\n\
        connection: close\r\ncontent-length: 126\r\n\r\n\
        {\"type\":\"urn:molva:problem:busy\",\"title\":\"Not available just now\",\"status\":503,\"code\":\"busy\",\"detail\":\"too many connections\"}\n";
    let Ok(mut stream) = stream.into_std() else { return };
    // The socket does not block; who is not told this sees the connection close.
    let _ = stream.write(FULL);
    let _ = stream.shutdown(Shutdown::Write);
}
