//! Messages to a group: OK calls an address with each, and strikes it off after eight hours of failures, so we look after it.

use std::time::Duration;

use molva_domain::{GapCause, Rejection, RejectionReason, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::client::Graph;
use super::{NETWORK, read as posts};
use crate::error::ConnectorError;
use crate::http::Method;
use crate::line::Line;
use crate::patience::Patience;
use crate::session::{Batch, Item, Report, Session};
use crate::settings::Settings;
use crate::webhook::{Delivered, address};

/// Setting that chooses what is listened to.
pub(super) const WHAT: &str = "what";
/// How often we look whether we are still called.
const EVERY: Duration = Duration::from_secs(600);
const SHORTEST_PAUSE: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    /// Unix seconds when we last knew that we are called.
    called_at: i64,
}

#[derive(Deserialize)]
struct Subscriptions {
    subscriptions: Vec<Subscription>,
}

#[derive(Deserialize)]
struct Subscription {
    url: String,
}

pub(super) fn is_wanted(settings: &Settings) -> bool {
    settings.text(WHAT) == Some("messages")
}

/// The addresses that are called with the group's messages.
pub(super) async fn subscriptions(session: &Session, graph: &Graph) -> Result<Vec<String>, ConnectorError> {
    let line = Line::from(session);
    let found: Result<Subscriptions, _> = graph.once(line, Method::GET, "/me/subscriptions", &[], None).await;
    let found = found.map_err(|failure| failure.explain(session.now()))?;
    Ok(found.subscriptions.into_iter().map(|one| one.url).collect())
}

/// Removes the addresses of this source but the one that is kept.
pub(super) async fn take_back(session: &Session, graph: &Graph, kept: Option<&str>) -> Result<(), ConnectorError> {
    for url in subscriptions(session, graph).await? {
        if kept != Some(url.as_str()) && address::is_of(&url, NETWORK, &session.source_key) {
            post(session, graph, "/me/unsubscribe", &url).await?;
        }
    }
    Ok(())
}

async fn post(session: &Session, graph: &Graph, path: &str, url: &str) -> Result<(), ConnectorError> {
    let body = json!({"url": url});
    let done: Result<Value, _> = graph.once(Line::from(session), Method::POST, path, &[], Some(&body)).await;
    done.map(drop).map_err(|failure| failure.explain(session.now()))
}

/// Sees to it that OK calls us, until cancelled.
pub(super) async fn keep(session: &Session, graph: &Graph) -> Result<(), ConnectorError> {
    let address = session.webhook_address.as_deref().ok_or_else(|| ConnectorError::invalid(WHAT, "messages need the address at which Odnoklassniki reaches this Molva: set `public_origin` (`--public-origin \
                  https://molva.example`) and start it again"))?;
    let kept = session.cursor.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let mut cursor: Cursor = kept.unwrap_or_default();
    let mut patience = Patience::new(SHORTEST_PAUSE);
    loop {
        match look(session, graph, address).await {
            Ok(called) => {
                patience.restore();
                session.report(Report::Alive).await;
                let now = session.now();
                if !called && cursor.called_at > 0 {
                    // Nobody tells what was written meanwhile.
                    let from = Timestamp::from_secs(cursor.called_at);
                    session.report(Report::GapOpened { from, cause: GapCause::Stopped }).await;
                    session.report(Report::GapClosed { to: now }).await;
                }
                cursor.called_at = now.as_secs();
                let text = serde_json::to_string(&cursor).unwrap_or_default();
                session.deliver(Batch { items: Vec::new(), cursor: Some(text) }).await?;
                session.rest(EVERY).await?;
            }
            Err(error) if patience.is_over(&error) => return Err(error),
            Err(error) => {
                let pause = patience.after(session, error).await;
                session.rest(pause).await?;
            }
        }
    }
}

/// Whether we were called; if not, we are from now on.
async fn look(session: &Session, graph: &Graph, address: &str) -> Result<bool, ConnectorError> {
    take_back(session, graph, Some(address)).await?;
    let called = subscriptions(session, graph).await?.iter().any(|url| url == address);
    if !called {
        post(session, graph, "/me/subscribe", address).await?;
    }
    Ok(called)
}

/// Reads a call: one event of a chat.
pub(super) fn read(delivered: &Delivered<'_>) -> Vec<Item> {
    match serde_json::from_slice::<Value>(delivered.body) {
        Ok(call) => posts::message(&call, delivered.at, "webhook").into_iter().collect(),
        Err(error) => {
            let head = &delivered.body[..delivered.body.len().min(2 * Rejection::MAX_SAMPLE_BYTES)];
            let message = format!("the call is not as OK promises: {error}");
            let sample = String::from_utf8_lossy(head);
            vec![Item::Rejected(Rejection::new(RejectionReason::Malformed, "webhook", message, &sample))]
        }
    }
}
