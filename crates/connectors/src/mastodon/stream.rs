//! What a server streams: a WebSocket for each channel, or server-sent events where that is refused, into one queue.

use std::borrow::Cow;
use std::time::Duration;

use http::StatusCode;
use serde::Deserialize;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinSet;

use super::channel::Channel;
use super::server::Server;
use crate::error::ConnectorError;
use crate::http::OpenResponse;
use crate::http::sse::SseParser;
use crate::session::Session;
use crate::websocket::{Handshake, MAX_MESSAGE_BYTES, Message, OpenError, WebSocket};

/// Events that wait while pages are read; then the server waits.
const QUEUE: usize = 128;
/// Servers send a comment every 15 s.
const EVENT_STREAM_SILENCE: Duration = Duration::from_secs(60);

/// One event of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A new status, as JSON.
    Update(String),
    /// A status was edited, as JSON.
    Edited(String),
    /// A status was deleted: its local id.
    Deleted(String),
}

/// An event and the number of its channel.
#[derive(Debug)]
pub(super) struct Arrival {
    pub channel: usize,
    pub event: Event,
}

/// Open streams. Dropping it closes them.
#[derive(Debug)]
pub(super) struct Live {
    arrivals: Receiver<Result<Arrival, ConnectorError>>,
    _readers: JoinSet<()>,
}

impl Live {
    /// Opens a stream for every channel that has one; `None` when the server does not stream, or not to us.
    pub(super) async fn open(
        session: &Session,
        server: &Server,
        channels: &[Channel],
    ) -> Result<Option<Self>, ConnectorError> {
        let (sender, arrivals) = channel(QUEUE);
        let mut readers = JoinSet::new();
        for (number, channel) in channels.iter().enumerate().filter(|(_, channel)| channel.stream().is_some()) {
            let source = tokio::select! {
                () = session.cancel.cancelled() => return Err(ConnectorError::Cancelled),
                source = open(session, server, channel) => source?,
            };
            match source {
                Some(source) => readers.spawn(source.read(number, sender.clone())),
                None => return Ok(None),
            };
        }
        Ok((!readers.is_empty()).then_some(Self { arrivals, _readers: readers }))
    }

    /// The next event; an error ends it all.
    pub(super) async fn next(&mut self) -> Result<Arrival, ConnectorError> {
        self.arrivals.recv().await.unwrap_or_else(|| {
            Err(ConnectorError::Transient { message: "all streams have ended".to_owned(), retry_after: None })
        })
    }
}

enum Source {
    Socket(WebSocket),
    Events(OpenResponse),
}

async fn open(session: &Session, server: &Server, channel: &Channel) -> Result<Option<Source>, ConnectorError> {
    let Some(url) = server.stream(channel) else { return Ok(None) };
    let handshake = Handshake { token: server.token.as_ref(), ..Handshake::default() };
    let status = match WebSocket::open(&session.http, &url, handshake).await {
        Ok(socket) => return Ok(Some(Source::Socket(socket))),
        Err(OpenError::Failed(error)) => return Err(error),
        Err(OpenError::Refused { status, headers, .. }) => {
            if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
                return Err(crate::http::headers::status_error(status, &headers, "the stream", session.now()));
            }
            status
        }
    };
    // Strangers may be shown pages but no streams.
    if server.token.is_none() && matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        return Ok(None);
    }
    let Some(request) = server.event_stream(channel) else { return Ok(None) };
    let answer = session.http.open(request.read_timeout(EVENT_STREAM_SILENCE)).await?;
    let streams = answer.status.is_success()
        && crate::http::headers::text(&answer.headers, "content-type")
            .is_some_and(|kind| kind.starts_with("text/event-stream"));
    Ok(streams.then_some(Source::Events(answer)))
}

impl Source {
    /// Reads to the end and says why it came.
    async fn read(self, number: usize, sender: Sender<Result<Arrival, ConnectorError>>) {
        let end = match self {
            Self::Socket(socket) => read_socket(socket, number, &sender).await,
            Self::Events(answer) => read_events(answer, number, &sender).await,
        };
        // Nobody listens any more when the queue is closed.
        if let Err(error) = end {
            drop(sender.send(Err(error)).await);
        }
    }
}

/// Ends with `Ok` when nobody wants more.
async fn read_socket(
    mut socket: WebSocket,
    channel: usize,
    sender: &Sender<Result<Arrival, ConnectorError>>,
) -> Result<(), ConnectorError> {
    loop {
        let Message::Text(text) = socket.next().await? else { continue };
        let Some(event) = read_frame(&text)? else { continue };
        if sender.send(Ok(Arrival { channel, event })).await.is_err() {
            return Ok(());
        }
    }
}

async fn read_events(
    mut answer: OpenResponse,
    channel: usize,
    sender: &Sender<Result<Arrival, ConnectorError>>,
) -> Result<(), ConnectorError> {
    let mut parser = SseParser::new(MAX_MESSAGE_BYTES);
    while let Some(chunk) = answer.chunk().await? {
        for event in parser.push(&chunk)? {
            let Some(event) = event_of(&event.event, event.data) else { continue };
            if sender.send(Ok(Arrival { channel, event })).await.is_err() {
                return Ok(());
            }
        }
    }
    Err(ConnectorError::Transient { message: "the server ended its stream".to_owned(), retry_after: None })
}

/// A frame is `{"stream":[…],"event":"update","payload":"…"}`, the payload being JSON inside of a string.
fn read_frame(text: &str) -> Result<Option<Event>, ConnectorError> {
    #[derive(Deserialize)]
    struct Frame<'a> {
        #[serde(borrow, default)]
        event: Cow<'a, str>,
        #[serde(default)]
        payload: Option<String>,
        #[serde(default)]
        error: Option<String>,
    }
    // Servers keep adding events; one that cannot be read is none of ours.
    let Ok(frame) = serde_json::from_str::<Frame<'_>>(text) else { return Ok(None) };
    if let Some(error) = frame.error {
        return Err(ConnectorError::Protocol(format!("the stream was refused: {error}")));
    }
    Ok(frame.payload.and_then(|payload| event_of(&frame.event, payload)))
}

fn event_of(name: &str, payload: String) -> Option<Event> {
    match name {
        "update" => Some(Event::Update(payload)),
        "status.update" => Some(Event::Edited(payload)),
        "delete" => Some(Event::Deleted(payload.trim().trim_matches('"').to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_become_events_and_the_rest_is_passed_over() {
        let check = |text: &str| read_frame(text).expect("no refusal");
        assert_eq!(
            check(r#"{"stream":["hashtag","x"],"event":"update","payload":"{\"id\":\"1\"}"}"#),
            Some(Event::Update("{\"id\":\"1\"}".to_owned()))
        );
        assert_eq!(check(r#"{"event":"delete","payload":"103"}"#), Some(Event::Deleted("103".to_owned())));
        assert_eq!(check(r#"{"event":"filters_changed"}"#), None);
        assert_eq!(check("nonsense"), None);
        assert!(read_frame(r#"{"error":"Unknown stream type","status":400}"#).is_err());
    }
}
