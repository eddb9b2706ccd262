//! What was said before: read backwards, page by page, and handed over as it comes.

use std::time::Duration;

use molva_domain::Timestamp;
use serde_json::Value;
use serde_json::value::RawValue;

use super::call::Call;
use super::client::Client;
use super::event::{Reader, Reading};
use super::raw;
use super::sync::{self, Page};
use crate::error::ConnectorError;
use crate::session::{Batch, Item, Session};

/// Pages of a hundred events of one room; what lies further back becomes a gap that people see.
const PAGES: usize = 300;
const BETWEEN_PAGES: Duration = Duration::from_millis(200);

/// Which part of a room's past.
pub(super) struct Stretch<'a> {
    pub room: &'a str,
    /// Where it ends; absent: the present.
    pub from: Option<String>,
    /// Where it begins, as the server once named it.
    pub to: Option<String>,
    /// Nothing older is wanted, whatever the server makes of `to`.
    pub until: Timestamp,
}

/// Reads a stretch. Gives the oldest moment reached when it was given up there.
pub(super) async fn walk(
    session: &Session,
    client: &Client,
    reader: &mut Reader,
    mut stretch: Stretch<'_>,
    reading: &mut Reading,
) -> Result<Option<Timestamp>, ConnectorError> {
    reading.backwards = true;
    let room = stretch.room;
    let mut oldest = session.now();
    for _ in 0..PAGES {
        let call = sync::page(room, stretch.from.as_deref(), stretch.to.as_deref());
        let page: Page = match client.insist(session, &call).await {
            Ok(page) => page,
            // It takes no place that was named for something else, or has forgotten it: the times say where to stop.
            Err(ConnectorError::CursorLost(_)) if stretch.to.is_some() || stretch.from.is_some() => {
                if stretch.to.take().is_none() {
                    stretch.from = None;
                }
                continue;
            }
            // The account is no longer there, or is not shown what was before it came.
            Err(ConnectorError::Forbidden(_) | ConnectorError::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        reader.met(room, &page.state);
        let told = page.chunk.len();
        let mut events: Vec<Value> =
            page.chunk.into_iter().filter(|raw| sent(raw).is_none_or(|at| at >= stretch.until)).collect();
        let over = (told > 0 && events.is_empty()) || reader.knows_all(&events);
        oldest = events.iter().filter_map(sent).min().unwrap_or(oldest);
        events.reverse();
        let mut items = reader.read(room, &events, reading, session.now());
        if reading.is_full() {
            items.extend(settle(session, client, reader, room, reading).await?);
        }
        if !items.is_empty() {
            session.deliver(Batch { items, cursor: None }).await?;
        }
        if over || page.end.is_none() || page.end == stretch.from {
            return Ok(None);
        }
        stretch.from = page.end;
        session.pause(BETWEEN_PAGES).await?;
    }
    Ok(Some(oldest))
}

/// Looks up the messages that were changed and not told.
pub(super) async fn settle(
    session: &Session,
    client: &Client,
    reader: &mut Reader,
    room: &str,
    reading: &mut Reading,
) -> Result<Vec<Item>, ConnectorError> {
    let mut items = Vec::new();
    for open in reading.take() {
        let asked = client.insist::<Box<RawValue>>(session, &Call::get(&["rooms", room, "event", &open.message])).await;
        let raw = match asked {
            Ok(raw) => Some(raw::event(&raw)),
            Err(ConnectorError::NotFound(_) | ConnectorError::Forbidden(_) | ConnectorError::CursorLost(_)) => None,
            Err(error) => return Err(error),
        };
        items.extend(reader.looked_up(room, open, raw.as_ref(), session.now()));
    }
    Ok(items)
}

fn sent(raw: &Value) -> Option<Timestamp> {
    raw.get("origin_server_ts").and_then(Value::as_i64).map(Timestamp::from_millis)
}
