//! One run: connect where the cursor points, say so when the server cannot go back that far, follow.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use molva_domain::{GapCause, Rejection, RejectionReason, Timestamp, Urn};
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::cursor::Cursor;
use super::event::{Action, Change, Event, Told};
use super::memory::Memory;
use super::post;
use super::wire::{POSTS, Target, Wire};
use super::{firehose, jetstream};
use crate::error::ConnectorError;
use crate::http::headers;
use crate::session::{Batch, Item, Report, Session};
use crate::websocket::{Message, OpenError, WebSocket};

/// A batch is closed by count or by time.
const BATCH_ITEMS: usize = 200;
const BATCH_TIME: Duration = Duration::from_millis(250);
/// Events read ahead while a batch is stored; then the server waits.
const QUEUE: usize = 1_024;
/// A stream of things that are not ours moves the cursor so often.
const CURSOR_EVERY: Duration = Duration::from_secs(5);
const LAG_EVERY: Duration = Duration::from_secs(10);
/// The first Jetstream starts later than asked without a word when the cursor is too old.
const SILENT_CLAMP: (Duration, Duration) = (Duration::from_secs(3_600), Duration::from_secs(60));

/// The state of a run.
pub(super) struct Listener<'a> {
    session: &'a Session,
    target: Target,
    /// Where the stream stands; everything up to it is delivered.
    cursor: Option<Cursor>,
    memory: Memory,
    /// From when on something may be missing, until the first event tells to when.
    gap_from: Option<Timestamp>,
    lag_due: Instant,
}

impl<'a> Listener<'a> {
    pub(super) fn new(session: &'a Session, target: Target) -> Self {
        let cursor = Cursor::read(session.cursor.as_deref());
        let memory = Memory::new(target.reposts);
        Self { session, target, cursor, memory, gap_from: None, lag_due: Instant::now() }
    }

    /// Listens until cancelled or broken.
    pub(super) async fn run(mut self) -> Result<(), ConnectorError> {
        let foreign = |cursor: &Cursor| !cursor.is_of(Wire::Firehose, &self.target.host);
        if self.target.wire == Wire::Firehose && self.cursor.as_ref().is_some_and(foreign) {
            self.step_back();
        }
        loop {
            let asked_at = self.cursor.as_ref().map(|cursor| cursor.at);
            let socket = match self.connect().await {
                Ok(socket) => socket,
                Err(ConnectorError::CursorLost(_)) if self.cursor.is_some() => {
                    self.step_back();
                    continue;
                }
                Err(error) => return Err(error),
            };
            self.session.report(Report::Alive).await;
            match self.follow(socket, asked_at).await {
                Err(ConnectorError::CursorLost(_)) if self.cursor.is_some() => self.step_back(),
                end => return end,
            }
        }
    }

    async fn connect(&self) -> Result<WebSocket, ConnectorError> {
        let url = self.target.url(self.cursor.as_ref());
        open(self.session, &self.target, &url).await.map_err(|error| match error {
            OpenError::Failed(error) => error,
            OpenError::Refused { status, headers, body } => {
                refused(&self.target, status, &headers, &body, self.cursor.is_some(), self.session.now())
            }
        })
    }

    /// Follows a stream to its end. `CursorLost` means: once more, without a cursor.
    async fn follow(&mut self, socket: WebSocket, asked_at: Option<Timestamp>) -> Result<(), ConnectorError> {
        let mut stream = Stream::start(socket, self.target.wire);
        let mut first = true;
        let mut cursor_due = Instant::now() + CURSOR_EVERY;
        loop {
            let mut items = Vec::new();
            let mut end = Ok(());
            let mut moved = false;
            let deadline = Instant::now() + BATCH_TIME;
            while items.len() < BATCH_ITEMS {
                let told = tokio::select! {
                    () = self.session.cancel.cancelled() => return Err(ConnectorError::Cancelled),
                    told = timeout_at(deadline, stream.next()) => told,
                };
                match told {
                    Err(_) => break,
                    Ok(Ok(told)) => {
                        if let (true, Some((_, at))) = (first, told.place) {
                            first = false;
                            self.see_first(asked_at, at).await;
                        }
                        moved |= told.place.is_some();
                        if let Err(error) = self.take(told, &mut items) {
                            end = Err(error);
                            break;
                        }
                    }
                    Ok(Err(error)) => {
                        end = Err(error);
                        break;
                    }
                }
            }
            if !items.is_empty() || moved && (end.is_err() || Instant::now() >= cursor_due) {
                let cursor = self.cursor.as_ref().and_then(Cursor::write);
                self.session.deliver(Batch { items, cursor }).await?;
                cursor_due = Instant::now() + CURSOR_EVERY;
            }
            self.report_lag().await;
            end?;
        }
    }

    fn take(&mut self, told: Told, items: &mut Vec<Item>) -> Result<(), ConnectorError> {
        if let Some((seq, at)) = told.place {
            // Cursors of the second Jetstream include the event they point to.
            let again = |cursor: &Cursor| cursor.is_of(self.target.wire, &self.target.host) && seq <= cursor.seq;
            if self.target.wire != Wire::Jetstream1 && self.cursor.as_ref().is_some_and(again) {
                return Ok(());
            }
            self.cursor = Some(Cursor::new(self.target.wire, &self.target.host, seq, at));
        }
        match told.event {
            Event::Changes(changes) => {
                for change in &changes {
                    if self.target.accounts.is_empty() || self.target.accounts.contains(&change.did) {
                        items.extend(self.item(change));
                    }
                }
            }
            // The name of an account stands for all that it said.
            Event::AccountGone { did } => items.push(Item::Deleted(post::author_urn(&did))),
            Event::Renamed { did, handle } => self.memory.rename(did, handle),
            Event::CursorOutdated => self.gap_from = self.gap_from.or(self.cursor.as_ref().map(|cursor| cursor.at)),
            Event::CursorInFuture => {
                return Err(ConnectorError::CursorLost(format!(
                    "{} was never where the cursor points",
                    self.target.host
                )));
            }
            Event::Unreadable { place, message, sample } => {
                items.push(Item::Rejected(Rejection::new(RejectionReason::Malformed, place, message, &sample)));
            }
            Event::Nothing => {}
        }
        Ok(())
    }

    fn item(&mut self, change: &Change) -> Option<Item> {
        let now = self.session.now();
        let urn: Urn = post::urn(&change.did, &change.collection, &change.record_key);
        let (record, rewritten) = match &change.action {
            Action::Delete => return Some(Item::Deleted(urn)),
            Action::Create(record) => (record, false),
            Action::Update(record) => (record, true),
        };
        if change.collection != POSTS {
            let (subject, made) = post::repost(record, change.at).filter(|_| self.target.reposts)?;
            return self.memory.repost(urn, &change.did, subject, made, now).map(|post| Item::Post(Box::new(post)));
        }
        let author = self.memory.author(&change.did);
        Some(match post::read(change, record, rewritten, author, now) {
            Ok(post) => {
                self.memory.keep_text(&post);
                Item::Post(post)
            }
            Err(rejection) => Item::Rejected(rejection),
        })
    }

    /// The server does not know the cursor: it is asked by the time of it, and after that for the present only. What it does
    /// not have is a gap, told with the first event.
    fn step_back(&mut self) {
        let Some(cursor) = self.cursor.take() else { return };
        self.gap_from = self.gap_from.or(Some(cursor.at));
        if self.target.wire != Wire::Firehose && cursor.is_of(self.target.wire, &self.target.host) {
            self.cursor = Some(Cursor::new(self.target.wire, "", cursor.seq, cursor.at));
        }
    }

    /// The first event tells where the server could start.
    async fn see_first(&mut self, asked_at: Option<Timestamp>, at: Timestamp) {
        if let Some(asked_at) = asked_at
            && self.target.wire == Wire::Jetstream1
            && self.target.accounts.is_empty()
            && self.session.now().since(asked_at) > SILENT_CLAMP.0
            && at.since(asked_at) > SILENT_CLAMP.1
        {
            self.gap_from = Some(asked_at);
        }
        if let Some(from) = self.gap_from.take() {
            self.session.report(Report::GapOpened { from, cause: GapCause::CursorLost }).await;
            self.session.report(Report::GapClosed { to: at.max(from) }).await;
        }
    }

    async fn report_lag(&mut self) {
        if Instant::now() < self.lag_due {
            return;
        }
        self.lag_due = Instant::now() + LAG_EVERY;
        self.session.report(Report::Alive).await;
        if let Some(cursor) = &self.cursor {
            self.session.report(Report::Lag(self.session.now().since(cursor.at))).await;
        }
    }
}

/// Opens a stream, or until cancelled.
pub(super) async fn open(session: &Session, target: &Target, url: &Url) -> Result<WebSocket, OpenError> {
    tokio::select! {
        () = session.cancel.cancelled() => Err(OpenError::Failed(ConnectorError::Cancelled)),
        opened = WebSocket::open(&session.http, url, target.handshake()) => opened,
    }
}

/// What a refusal means; `asked` tells whether a cursor was named.
pub(super) fn refused(
    target: &Target,
    status: StatusCode,
    answer: &HeaderMap,
    body: &str,
    asked: bool,
    now: Timestamp,
) -> ConnectorError {
    let host = &target.host;
    match status {
        // The body may not have come with the head.
        StatusCode::BAD_REQUEST if asked && (body.contains("CursorTooOld") || body.is_empty()) => {
            ConnectorError::CursorLost(format!("{host} has forgotten what the cursor points to"))
        }
        StatusCode::BAD_REQUEST => ConnectorError::Protocol(format!("{host} refused the request")),
        StatusCode::NOT_FOUND => ConnectorError::invalid(
            "mode",
            format!("{host} does not speak this protocol; choose another way to listen"),
        ),
        status => headers::status_error(status, answer, host, now),
    }
}

/// A connection read by a task of its own, so that the server does not wait while a batch is stored.
struct Stream {
    told: Receiver<Result<Told, ConnectorError>>,
    _reader: JoinSet<()>,
}

impl Stream {
    fn start(mut socket: WebSocket, wire: Wire) -> Self {
        let (sender, told) = channel(QUEUE);
        let mut reader = JoinSet::new();
        reader.spawn(async move {
            loop {
                let told = match socket.next().await {
                    Ok(message) => read(wire, &message).transpose(),
                    Err(error) => Some(Err(error)),
                };
                let Some(told) = told else { continue };
                let ends = told.is_err();
                if sender.send(told).await.is_err() || ends {
                    return;
                }
            }
        });
        Self { told, _reader: reader }
    }

    async fn next(&mut self) -> Result<Told, ConnectorError> {
        self.told.recv().await.unwrap_or_else(|| {
            Err(ConnectorError::Transient { message: "the stream has ended".to_owned(), retry_after: None })
        })
    }
}

pub(super) fn read(wire: Wire, message: &Message) -> Result<Option<Told>, ConnectorError> {
    match (wire, message) {
        (Wire::Jetstream1, Message::Text(text)) => jetstream::read_first(text).map(Some),
        (Wire::Jetstream2, Message::Text(text)) => jetstream::read_second(text).map(Some),
        (Wire::Firehose, Message::Binary(bytes)) => firehose::read(bytes).map(Some),
        (_, Message::Beat) => Ok(None),
        _ => {
            Err(ConnectorError::Protocol("the stream speaks another protocol; choose another way to listen".to_owned()))
        }
    }
}
