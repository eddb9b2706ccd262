//! One's own community, told of everything by Bots Long Poll: <https://dev.vk.com/ru/api/bots-long-poll/getting-started>.
//!
//! The cursor is the number of the last event that is stored. VK keeps events for some time only: when it says that they are gone, the
//! stretch becomes a gap, and where there is a token that may read walls, it is read from there.

use std::time::Duration;

use molva_domain::{GapCause, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::client::Client;
use super::event::{self, Told};
use super::look;
use super::people::People;
use super::read::OVERLAP;
use super::target::Channel;
use crate::error::ConnectorError;
use crate::http::{Request, parse_url};
use crate::patience::Patience;
use crate::seen::Seen;
use crate::session::{Batch, Item, Report, Session};

/// How long a request waits for news, in seconds of the network's time.
const WAIT_S: u64 = 25;
const MAX_BODY_BYTES: u64 = 16 << 20;
const SHORTEST_PAUSE: Duration = Duration::from_secs(2);

/// Where news are told, as long as the key is good.
#[derive(Deserialize)]
pub(super) struct Server {
    server: String,
    key: String,
    #[serde(deserialize_with = "number")]
    ts: u64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct News {
    #[serde(deserialize_with = "number")]
    ts: u64,
    updates: Vec<Value>,
    failed: u8,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    group: u64,
    ts: u64,
    /// Unix seconds when it was good.
    at: i64,
}

impl Server {
    /// Asks where; nobody is told the key but the server.
    pub(super) async fn ask(session: &Session, client: &Client, group: u64) -> Result<Self, ConnectorError> {
        client.call(session, "groups.getLongPollServer", &[("group_id", &group.to_string())]).await
    }

    async fn news(&self, session: &Session, ts: u64) -> Result<News, ConnectorError> {
        let mut url = parse_url("api_url", &self.server)?;
        // The key goes in the query, as VK wants it: messages show addresses without theirs.
        url.query_pairs_mut()
            .append_pair("act", "a_check")
            .append_pair("key", &self.key)
            .append_pair("ts", &ts.to_string())
            .append_pair("wait", &WAIT_S.to_string());
        let patience = Duration::from_secs(WAIT_S + 20);
        let request = Request::get(url).max_body_bytes(MAX_BODY_BYTES).timeout(patience).read_timeout(patience);
        let answer = session.send(request).await?;
        answer.error_for_status("VK's long poll server", session.now())?.json()
    }
}

/// Listens until cancelled.
pub(super) async fn listen(
    session: &Session,
    client: &Client,
    group: u64,
    messages: bool,
) -> Result<(), ConnectorError> {
    let mut own = Own {
        session,
        client,
        group,
        messages,
        people: People::default(),
        seen: Seen::default(),
        cursor: Cursor { group, ..Cursor::default() },
    };
    let kept: Option<Cursor> = session.cursor.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let mut server = Server::ask(session, client, group).await?;
    own.cursor.ts = server.ts;
    match kept.filter(|kept| kept.group == group) {
        Some(kept) => own.cursor = kept,
        None => own.deliver(Vec::new()).await?,
    }
    let mut patience = Patience::new(SHORTEST_PAUSE);
    loop {
        let news = match server.news(session, own.cursor.ts).await {
            Ok(news) => news,
            Err(error) if patience.is_over(&error) => return Err(error),
            Err(error) => {
                let pause = patience.after(session, error).await;
                session.rest(pause).await?;
                continue;
            }
        };
        patience.restore();
        match news.failed {
            0 => {
                own.take(news).await?;
                session.report(Report::Alive).await;
            }
            1 => own.lost(news.ts).await?,
            // The key is old, or VK has lost it: the place in the row of events stays good.
            2 => server = Server::ask(session, client, group).await?,
            _ => {
                server = Server::ask(session, client, group).await?;
                if server.ts < own.cursor.ts {
                    own.lost(server.ts).await?;
                }
            }
        }
    }
}

struct Own<'a> {
    session: &'a Session,
    client: &'a Client,
    group: u64,
    messages: bool,
    people: People,
    seen: Seen,
    cursor: Cursor,
}

impl Own<'_> {
    async fn take(&mut self, news: News) -> Result<(), ConnectorError> {
        let before = self.cursor.ts;
        self.cursor.ts = news.ts;
        let event_id = |event: &Value| event.get("event_id").and_then(Value::as_str).map(str::to_owned);
        let mut events: Vec<(Option<String>, Value)> =
            news.updates.into_iter().map(|event| (event_id(&event), event)).collect();
        events.retain(|(id, _)| id.as_deref().is_none_or(|id| self.seen.first(id)));
        if events.is_empty() && news.ts == before {
            return Ok(());
        }
        let authors = events.iter().filter_map(|(_, event)| event::author(event));
        // Comments come without the names of their authors. Without names they are still comments.
        match self.people.ask(self.session, self.client, authors.collect::<Vec<_>>()).await {
            Ok(()) => {}
            Err(error @ (ConnectorError::Cancelled | ConnectorError::AuthRevoked(_))) => return Err(error),
            Err(error) => self.session.report(Report::Problem(error)).await,
        }
        let mut items = Vec::new();
        for (index, (_, event)) in events.iter().enumerate() {
            let told =
                Told { group: self.group, messages: self.messages, people: &self.people, now: self.session.now() };
            items.extend(told.read(event, &format!("event {}", index + 1)).map(|found| found.item));
        }
        self.deliver(items).await
    }

    async fn deliver(&mut self, items: Vec<Item>) -> Result<(), ConnectorError> {
        self.cursor.at = self.session.now().as_secs();
        let cursor = serde_json::to_string(&self.cursor).unwrap_or_default();
        self.session.deliver(Batch { items, cursor: Some(cursor) }).await.map(drop)
    }

    /// VK no longer has what came after the cursor.
    async fn lost(&mut self, ts: u64) -> Result<(), ConnectorError> {
        let from = Timestamp::from_secs(self.cursor.at);
        let session = self.session;
        session.report(Report::GapOpened { from, cause: GapCause::CursorLost }).await;
        self.cursor.ts = ts;
        let to = session.now();
        let mut items = Vec::new();
        if session.settings.secret("reader_token").is_some() {
            let reader = Client::of(session, "reader_token")?;
            let owner = -i64::try_from(self.group).unwrap_or(0);
            let channels = [Channel::Wall(owner), Channel::Discussions(owner)];
            let found = look::since(session, &reader, &channels, from.minus(OVERLAP)).await?;
            items.extend(found.into_iter().map(|found| found.item));
        }
        self.deliver(items).await?;
        session.report(Report::GapClosed { to }).await;
        Ok(())
    }
}

/// A number, also where VK writes it as a text.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let read = value.as_u64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
    read.ok_or_else(|| serde::de::Error::custom("`ts` is no number"))
}
