//! Asking for updates, a long while each time. The next request confirms what the one before brought, so it is made when that is stored.

use std::time::Duration;

use molva_domain::{GapCause, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::client::{Client, Failure};
use super::{message, webhook};
use crate::error::ConnectorError;
use crate::patience::Patience;
use crate::seen::Seen;
use crate::session::{Batch, Item, Report, Session};

/// How long a request waits, in seconds of the network's time.
const WAIT_S: u64 = 30;
const SHORTEST_PAUSE: Duration = Duration::from_secs(2);
/// Telegram keeps what is not confirmed for so long.
const KEPT: Duration = Duration::from_secs(86_400);
/// What is asked for; each holds a message.
pub(super) const KINDS: [&str; 4] = ["message", "edited_message", "channel_post", "edited_channel_post"];

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    /// The update to go on with.
    next: u64,
    /// Unix seconds when we last asked.
    at: i64,
}

/// Listens until cancelled.
pub(super) async fn listen(session: &Session, client: &Client) -> Result<(), ConnectorError> {
    let kept = session.cursor.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let mut cursor: Cursor = kept.unwrap_or_default();
    let private_too = session.settings.text("messages") == Some("true");
    let mut gap = away_for_long(session, cursor).await;
    let mut seen = Seen::default();
    let mut patience = Patience::new(SHORTEST_PAUSE);
    loop {
        let updates = match ask(session, client, cursor.next).await {
            Ok(updates) => updates,
            // This source was called until it was told to ask.
            Err(failure) if failure.is_of_a_webhook() && webhook::take_back(session, client).await? => continue,
            Err(failure) => {
                patience.bear(session, failure.explain(session.now())).await?;
                continue;
            }
        };
        patience.restore();
        session.report(Report::Alive).await;
        if let Some(to) = gap.take() {
            session.report(Report::GapClosed { to }).await;
        }
        let items = read(session, updates, &mut cursor, private_too, &mut seen);
        let Some(items) = items else { continue };
        cursor.at = session.now().as_secs();
        let text = serde_json::to_string(&cursor).unwrap_or_default();
        session.deliver(Batch { items, cursor: Some(text) }).await?;
    }
}

/// The end of the stretch that nobody will tell us of, when we were away for too long.
async fn away_for_long(session: &Session, cursor: Cursor) -> Option<Timestamp> {
    let now = session.now();
    let from = Timestamp::from_secs(cursor.at);
    if cursor.at == 0 || now.since(from) < KEPT {
        return None;
    }
    session.report(Report::GapOpened { from, cause: GapCause::Stopped }).await;
    Some(now.minus(KEPT))
}

async fn ask(session: &Session, client: &Client, next: u64) -> Result<Vec<Value>, Failure> {
    let mut parameters = json!({"timeout": WAIT_S, "limit": 100, "allowed_updates": KINDS});
    if next > 0 {
        parameters["offset"] = next.into();
    }
    let patience = Duration::from_secs(WAIT_S + 20);
    let request = client.request("getUpdates", &parameters).timeout(patience).read_timeout(patience);
    client.read(session.send(request).await)
}

/// What is new, in order; `None` when there is nothing to confirm.
fn read(
    session: &Session,
    mut updates: Vec<Value>,
    cursor: &mut Cursor,
    private_too: bool,
    seen: &mut Seen,
) -> Option<Vec<Item>> {
    let number = |update: &Value| update.get("update_id").and_then(Value::as_u64);
    updates.sort_by_key(number);
    let last = updates.iter().filter_map(number).max()?;
    let now = session.now();
    let mut items = Vec::new();
    for update in &updates {
        let Some(id) = number(update).filter(|id| *id >= cursor.next) else { continue };
        if !seen.first(&id.to_string()) {
            continue;
        }
        let Some(raw) = KINDS.iter().find_map(|kind| update.get(kind)) else { continue };
        let item = message::read(raw, private_too, now, &format!("update {id}"));
        // A channel's post and its copy in the group that discusses it are the same.
        items.extend(item.filter(|item| match item {
            Item::Post(post) => seen.first(&format!("{} {:?}", post.urn, post.edited_at)),
            Item::Rejected(_) | Item::Deleted(_) => true,
        }));
    }
    cursor.next = cursor.next.max(last + 1);
    Some(items)
}
