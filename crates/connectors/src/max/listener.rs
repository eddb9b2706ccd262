//! Asking for updates, a long while each time. The next request commits what the one before brought, so it is made when that is stored.

use std::collections::VecDeque;
use std::time::Duration;

use molva_domain::{GapCause, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::chats::Chats;
use super::client::Client;
use super::refusal::Failure;
use super::{KINDS, chats, history, update};
use crate::error::ConnectorError;
use crate::patience::Patience;
use crate::seen::Seen;
use crate::session::{Batch, Item, Report, Session};

/// How long a request waits, in seconds of the network's time: MAX takes no more.
const WAIT_S: u64 = 30;
pub(super) const SHORTEST_PAUSE: Duration = Duration::from_secs(2);
/// MAX keeps what is not committed for so long.
const KEPT: Duration = Duration::from_secs(86_400);
/// Chats remembered; a cursor has 4 KiB.
const CHATS: usize = 150;
/// Looked at again before what was missed.
const OVERLAP: Duration = Duration::from_secs(600);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Cursor {
    /// What MAX calls the next update; 0 before the first.
    marker: u64,
    /// Unix seconds when we last asked.
    pub at: i64,
    /// Where something was said lately; MAX lists no chats.
    chats: VecDeque<i64>,
}

impl Cursor {
    pub(super) fn read(session: &Session) -> Self {
        session.cursor.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    pub(super) fn write(&mut self, now: Timestamp) -> String {
        self.at = now.as_secs();
        serde_json::to_string(self).unwrap_or_default()
    }

    fn met(&mut self, chat: i64) {
        if !self.chats.contains(&chat) {
            self.chats.push_front(chat);
            self.chats.truncate(CHATS);
        }
    }

    /// The chats of the settings, and those that were met.
    pub(super) fn chats(&self, session: &Session) -> Result<Vec<i64>, ConnectorError> {
        let mut all = chats::named(&session.settings)?;
        all.extend(&self.chats);
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }
}

/// Listens until cancelled.
pub(super) async fn listen(session: &Session, client: &Client) -> Result<(), ConnectorError> {
    let mut cursor = Cursor::read(session);
    let private_too = session.settings.text("messages") == Some("true");
    let mut known = Chats::default();
    let mut seen = Seen::default();
    let away = session.now().since(Timestamp::from_secs(cursor.at));
    if cursor.at > 0 && away >= KEPT {
        let from = session.now().minus(away);
        missed(session, client, &mut cursor, &mut seen, from).await?;
    }
    let mut patience = Patience::new(SHORTEST_PAUSE);
    loop {
        let told = ask(session, client, cursor.marker).await;
        let taken = match told {
            Ok((updates, marker)) => {
                let ids = updates.iter().filter_map(update::chat).inspect(|id| cursor.met(*id));
                known.meet(session, client, ids).await.map(|()| (updates, marker))
            }
            Err(failure) => Err(failure.explain(session.now())),
        };
        let (updates, marker) = match taken {
            Ok(taken) => taken,
            Err(error) => {
                patience.bear(session, error).await?;
                continue;
            }
        };
        patience.restore();
        session.report(Report::Alive).await;
        let fresh = marker.is_some_and(|marker| marker > cursor.marker);
        if updates.is_empty() && !fresh {
            continue;
        }
        let items = read(session, updates, private_too, &known, &mut seen);
        cursor.marker = cursor.marker.max(marker.unwrap_or_default());
        let text = cursor.write(session.now());
        session.deliver(Batch { items, cursor: Some(text) }).await?;
    }
}

/// A stretch that nobody tells us of: what MAX still shows of it is read from the chats.
pub(super) async fn missed(
    session: &Session,
    client: &Client,
    cursor: &mut Cursor,
    seen: &mut Seen,
    from: Timestamp,
) -> Result<(), ConnectorError> {
    session.report(Report::GapOpened { from, cause: GapCause::Stopped }).await;
    let to = session.now();
    let mut items = history::since(session, client, &cursor.chats(session)?, from.minus(OVERLAP)).await?;
    items.retain(|item| is_first(item, seen));
    session.deliver(Batch { items, cursor: Some(cursor.write(to)) }).await?;
    session.report(Report::GapClosed { to }).await;
    Ok(())
}

/// What is new, and what to ask with next.
async fn ask(session: &Session, client: &Client, marker: u64) -> Result<(Vec<Value>, Option<u64>), Failure> {
    let (wait, types, at) = (WAIT_S.to_string(), KINDS.join(","), marker.to_string());
    let mut query = vec![("limit", "100"), ("timeout", &*wait), ("types", &*types)];
    if marker > 0 {
        query.push(("marker", &at));
    }
    let answer = client.updates(session, &query, Duration::from_secs(WAIT_S + 20)).await?;
    let Some(Value::Array(updates)) = answer.get("updates") else {
        let message = "MAX answered a request for updates without any list of them".to_owned();
        return Err(Failure::Broken(ConnectorError::Protocol(message)));
    };
    Ok((updates.clone(), answer.get("marker").and_then(Value::as_u64)))
}

/// Whether a post is met for the first time in this run. The last day of what stands in the chats is told by updates, too.
fn is_first(item: &Item, seen: &mut Seen) -> bool {
    match item {
        Item::Post(post) => seen.first(&format!("{} {:?}", post.urn, post.edited_at)),
        Item::Rejected(_) | Item::Deleted(_) => true,
    }
}

/// What was not met in this run, in the order it happened.
fn read(session: &Session, mut updates: Vec<Value>, private_too: bool, chats: &Chats, seen: &mut Seen) -> Vec<Item> {
    updates.sort_by_key(update::at);
    let now = session.now();
    updates.retain(|update| seen.first(&update::name(update)));
    let items = updates
        .iter()
        .enumerate()
        .filter_map(|(index, one)| update::read(one, private_too, chats, now, &format!("update {}", index + 1)));
    items.filter(|item| is_first(item, seen)).collect()
}
