//! WebSocket over a guarded connection: bounded messages, silence noticed, refusals told with their status.
//!
//! A connection that broke is not opened again here: the run of the source ends and the supervisor decides when the next
//! begins.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use http::header::{AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL, USER_AGENT};
use http::{HeaderMap, HeaderValue, StatusCode};
use molva_domain::Secret;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message as Frame};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use url::Url;

use crate::error::ConnectorError;
use crate::http::{Connection, HttpClient, shown};

/// Largest message taken; Mastodon's are a few KiB.
pub(crate) const MAX_MESSAGE_BYTES: usize = 1 << 20;
/// After so long a silence the server is asked for a sign of life; after twice that it counts as gone.
const SILENCE: Duration = Duration::from_secs(30);

/// What came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    Text(String),
    Binary(Vec<u8>),
    /// A ping or pong: nothing to read, but the connection lives.
    Beat,
}

/// Why no connection came about.
#[derive(Debug)]
pub(crate) enum OpenError {
    /// The server answered HTTP and stayed with it. The body may be cut.
    Refused {
        status: StatusCode,
        headers: HeaderMap,
        body: String,
    },
    Failed(ConnectorError),
}

/// What to say in the handshake, and how much to take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handshake<'a> {
    pub token: Option<&'a Secret>,
    /// Subprotocol to insist on.
    pub protocol: Option<&'static str>,
    pub max_message_bytes: usize,
}

impl Default for Handshake<'_> {
    fn default() -> Self {
        Self { token: None, protocol: None, max_message_bytes: MAX_MESSAGE_BYTES }
    }
}

/// An open connection.
#[derive(Debug)]
pub(crate) struct WebSocket {
    stream: WebSocketStream<Connection>,
    /// Address without what may be secret.
    name: String,
    silence: Duration,
    asked: bool,
}

impl WebSocket {
    /// Connects to a `ws` or `wss` address.
    pub(crate) async fn open(http: &HttpClient, url: &Url, handshake: Handshake<'_>) -> Result<Self, OpenError> {
        let name = shown(url);
        let request = request(http, url, handshake).map_err(|error| {
            OpenError::Failed(ConnectorError::Protocol(format!("{name} cannot be asked for: {error}")))
        })?;
        let connection = http.connect(url).await.map_err(OpenError::Failed)?;
        let config = WebSocketConfig::default()
            .read_buffer_size(32 << 10)
            .max_message_size(Some(handshake.max_message_bytes))
            .max_frame_size(Some(handshake.max_message_bytes));
        let limit = http.limits().connect_timeout;
        match timeout(limit, client_async_with_config(request, connection, Some(config))).await {
            Ok(Ok((stream, _))) => Ok(Self { stream, name, silence: SILENCE, asked: false }),
            Ok(Err(Error::Http(answer))) => {
                let (parts, body) = answer.into_parts();
                let body = String::from_utf8_lossy(&body.unwrap_or_default()).into_owned();
                Err(OpenError::Refused { status: parts.status, headers: parts.headers, body })
            }
            Ok(Err(error)) => Err(OpenError::Failed(explain(&error, &name))),
            Err(_) => Err(OpenError::Failed(transient(format!("{name} did not finish its greeting in time")))),
        }
    }

    /// The next message.
    ///
    /// # Errors
    /// `Transient` when the connection ended or fell silent, `Protocol` for what no WebSocket may say and for messages over
    /// the limit.
    pub(crate) async fn next(&mut self) -> Result<Message, ConnectorError> {
        loop {
            let Ok(frame) = timeout(self.silence, self.stream.next()).await else {
                if self.asked {
                    let seconds = 2 * self.silence.as_secs();
                    return Err(transient(format!("{} has been silent for {seconds} s", self.name)));
                }
                self.asked = true;
                self.stream.send(Frame::Ping(Vec::new().into())).await.map_err(|error| explain(&error, &self.name))?;
                continue;
            };
            self.asked = false;
            return match frame {
                Some(Ok(Frame::Text(text))) => Ok(Message::Text(text.to_string())),
                Some(Ok(Frame::Binary(bytes))) => Ok(Message::Binary(bytes.to_vec())),
                // The library answers pings itself while it reads.
                Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => Ok(Message::Beat),
                Some(Ok(Frame::Frame(_))) => continue,
                Some(Ok(Frame::Close(frame))) => {
                    let why =
                        frame.map(|frame| format!(" ({} {})", u16::from(frame.code), frame.reason)).unwrap_or_default();
                    Err(transient(format!("{} closed the connection{why}", self.name)))
                }
                Some(Err(error)) => Err(explain(&error, &self.name)),
                None => Err(transient(format!("{} closed the connection", self.name))),
            };
        }
    }
}

fn request(
    http: &HttpClient,
    url: &Url,
    handshake: Handshake<'_>,
) -> Result<tokio_tungstenite::tungstenite::handshake::client::Request, Error> {
    let mut request = url.as_str().into_client_request()?;
    let headers = request.headers_mut();
    if let Ok(agent) = HeaderValue::from_str(&http.limits().user_agent) {
        headers.insert(USER_AGENT, agent);
    }
    if let Some(token) = handshake.token
        && let Ok(mut value) = HeaderValue::from_str(&format!("Bearer {}", token.expose()))
    {
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    if let Some(protocol) = handshake.protocol {
        headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol));
    }
    Ok(request)
}

fn explain(error: &Error, name: &str) -> ConnectorError {
    match error {
        Error::Capacity(_) => ConnectorError::Protocol(format!("{name} sent a message larger than allowed")),
        Error::Protocol(error) => match error {
            tokio_tungstenite::tungstenite::error::ProtocolError::ResetWithoutClosingHandshake => {
                transient(format!("the connection to {name} broke"))
            }
            error => ConnectorError::Protocol(format!("{name} does not speak WebSocket: {error}")),
        },
        Error::Utf8(_) => ConnectorError::Protocol(format!("{name} sent text that is not UTF-8")),
        error => transient(format!("the connection to {name} broke: {error}")),
    }
}

const fn transient(message: String) -> ConnectorError {
    ConnectorError::Transient { message, retry_after: None }
}

#[cfg(test)]
mod tests {
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::http::HttpLimits;

    /// Opens a socket to a server that does `what` with its end.
    async fn open<F, Done>(what: F) -> WebSocket
    where
        F: FnOnce(WebSocketStream<TcpStream>) -> Done + Send + 'static,
        Done: Future<Output = ()> + Send,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = Url::parse(&format!("ws://{}/", listener.local_addr().expect("an address"))).expect("an address");
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("a connection");
            what(tokio_tungstenite::accept_async(stream).await.expect("a greeting")).await;
        });
        let limits = HttpLimits { allowed_private_hosts: vec!["127.0.0.1".to_owned()], ..HttpLimits::default() };
        let handshake = Handshake { max_message_bytes: 1_000, ..Handshake::default() };
        let mut socket = WebSocket::open(&HttpClient::new(limits), &url, handshake).await.expect("a connection");
        socket.silence = Duration::from_millis(50);
        socket
    }

    #[tokio::test]
    async fn a_silent_server_is_asked_for_a_sign_of_life() {
        let mut socket = open(async |mut server| while server.next().await.is_some_and(|frame| frame.is_ok()) {}).await;
        assert_eq!(socket.next().await, Ok(Message::Beat));
        assert_eq!(socket.next().await, Ok(Message::Beat));
    }

    #[tokio::test]
    async fn a_server_that_gives_none_is_gone() {
        let mut socket = open(async |server| {
            tokio::time::sleep(Duration::from_secs(5)).await;
            drop(server);
        })
        .await;
        let end = socket.next().await;
        assert!(
            matches!(&end, Err(ConnectorError::Transient { message, .. }) if message.contains("silent")),
            "{end:?}"
        );
    }

    #[tokio::test]
    async fn a_message_larger_than_allowed_ends_it() {
        let mut socket = open(async |mut server| {
            let _ = server.send(Frame::text("a".repeat(900))).await;
            let _ = server.send(Frame::text("a".repeat(1_001))).await;
        })
        .await;
        assert_eq!(socket.next().await, Ok(Message::Text("a".repeat(900))));
        assert!(matches!(socket.next().await, Err(ConnectorError::Protocol(_))));
    }

    #[tokio::test]
    async fn an_address_inside_is_not_reached() {
        let url = Url::parse("ws://127.0.0.1:9/").expect("an address");
        let refused = WebSocket::open(&HttpClient::new(HttpLimits::default()), &url, Handshake::default()).await;
        assert!(matches!(refused, Err(OpenError::Failed(ConnectorError::Blocked(_)))));
    }
}
