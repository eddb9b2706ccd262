//! Being called. MAX calls one address for each subscription, with our secret, and gives up an address that failed for some hours: we
//! look after it, and read from the chats what was missed.

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use molva_domain::{Rejection, RejectionReason, Timestamp};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::chats::Chats;
use super::client::Client;
use super::listener::{self, Cursor, SHORTEST_PAUSE};
use super::{KINDS, NETWORK, update};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::http::Method;
use crate::line::Line;
use crate::patience::Patience;
use crate::seen::Seen;
use crate::session::{Batch, Item, Report, Session};
use crate::settings::Settings;
use crate::webhook::{Delivered, SecretHeader, Verified, WebhookError, WebhookRequest, Webhooks, address};

/// Setting that chooses who calls whom.
pub(super) const DELIVERY: &str = "delivery";
const SECRET: &str = "webhook_secret";
const PROOF: SecretHeader = SecretHeader::max(read);
/// How often we look whether we are still called.
const EVERY: Duration = Duration::from_secs(600);

#[derive(Deserialize)]
struct Subscriptions {
    subscriptions: Vec<Subscription>,
}

#[derive(Deserialize)]
struct Subscription {
    url: String,
    #[serde(default)]
    update_types: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Done {
    #[serde(default)]
    success: bool,
    #[serde(default)]
    message: Option<String>,
}

/// The network as it calls us.
#[derive(Debug)]
pub(super) struct MaxWebhook;

impl Webhooks for MaxWebhook {
    fn verify(&self, settings: &Settings, request: WebhookRequest<'_>) -> Result<Verified, WebhookError> {
        let proved = PROOF.verify(settings, request)?;
        // Half a call is refused, so that MAX makes it again.
        let whole: Result<IgnoredAny, _> = serde_json::from_slice(request.body);
        whole.map(|_| proved).map_err(|error| WebhookError::Malformed(error.to_string()))
    }

    fn shared_secret(&self) -> Option<&'static str> {
        Some(SECRET)
    }

    fn wanted(&self, settings: &Settings) -> bool {
        is_wanted(settings)
    }

    fn prepare<'a>(
        &'a self,
        session: &'a Session,
        calls: &'a [Delivered<'a>],
    ) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let updates = calls.iter().filter_map(|call| serde_json::from_slice::<Value>(call.body).ok());
            let ids: Vec<i64> = updates.filter_map(|update| update::chat(&update)).collect();
            let new: Vec<i64> = ids.into_iter().filter(|id| known().get(*id).is_none()).collect();
            let mut met = Chats::default();
            met.meet(session, &Client::of(&session.settings)?, new.into_iter()).await?;
            known().take(met);
            Ok(())
        })
    }

    fn read(&self, delivered: &Delivered<'_>) -> Vec<Item> {
        read(delivered)
    }
}

/// Chats that were met by calls: their names are asked for before the calls are read.
static KNOWN: LazyLock<Mutex<Chats>> = LazyLock::new(Mutex::default);

fn known() -> MutexGuard<'static, Chats> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn is_wanted(settings: &Settings) -> bool {
    settings.text(DELIVERY) == Some("webhook")
}

/// Where MAX shall call, or what to do so that it can.
fn own_address(session: &Session) -> Result<&str, ConnectorError> {
    address::own(session, DELIVERY, "MAX")
}

/// Whoever asks hears nothing while somebody is called: another program's subscription is left to it, one of this source of before is
/// removed.
pub(super) async fn nobody_else(session: &Session, client: &Client) -> Result<(), ConnectorError> {
    take_back(session, client).await?;
    let found: Subscriptions = client.ask(session, "/subscriptions", &[]).await?;
    if found.subscriptions.is_empty() {
        return Ok(());
    }
    Err(ConnectorError::Forbidden(
        "another program is called with what this bot hears (it has a subscription); give Molva a bot of its own, or let MAX call \
         Molva too"
            .to_owned(),
    ))
}

/// Removes the subscriptions of this source.
pub(super) async fn take_back(session: &Session, client: &Client) -> Result<(), ConnectorError> {
    let found: Subscriptions = client.ask(session, "/subscriptions", &[]).await?;
    for old in found.subscriptions.iter().filter(|one| is_ours(session, &one.url)) {
        unsubscribe(session, client, &old.url).await?;
    }
    Ok(())
}

/// Sees to it that MAX calls us, until cancelled.
pub(super) async fn keep(session: &Session, client: &Client) -> Result<(), ConnectorError> {
    let address = own_address(session)?;
    let secret = session.settings.needed_secret(SECRET, "is empty; make a new one on the page of the source")?;
    let mut cursor = Cursor::read(session);
    let mut patience = Patience::new(SHORTEST_PAUSE);
    loop {
        let looked = match is_called(session, client, address).await {
            Ok(false) => {
                let body = json!({"url": address, "update_types": KINDS, "secret": secret.expose()});
                subscribe(session, client, &body).await.map(|()| false)
            }
            looked => looked,
        };
        match looked {
            Ok(called) => {
                patience.restore();
                session.report(Report::Alive).await;
                let from = Timestamp::from_secs(cursor.at);
                if !called && from > Timestamp::from_secs(0) {
                    listener::missed(session, client, &mut cursor, &mut Seen::default(), from).await?;
                } else {
                    let text = cursor.write(session.now());
                    session.deliver(Batch { items: Vec::new(), cursor: Some(text) }).await?;
                }
                session.rest(EVERY).await?;
            }
            Err(error) => patience.bear(session, error).await?,
        }
    }
}

/// Whether it is an address of this source, the one it has or one it had.
fn is_ours(session: &Session, url: &str) -> bool {
    address::is_of(url, NETWORK, &session.source_key)
}

/// Whether MAX calls there with all we want; addresses this source had before are removed.
async fn is_called(session: &Session, client: &Client, address: &str) -> Result<bool, ConnectorError> {
    let found: Subscriptions = client.ask(session, "/subscriptions", &[]).await?;
    for old in found.subscriptions.iter().filter(|one| one.url != address && is_ours(session, &one.url)) {
        unsubscribe(session, client, &old.url).await?;
    }
    let ours = found.subscriptions.iter().find(|one| one.url == address);
    Ok(ours.is_some_and(|one| match &one.update_types {
        Some(types) => KINDS.iter().all(|kind| types.iter().any(|wanted| wanted == kind)),
        None => true,
    }))
}

async fn unsubscribe(session: &Session, client: &Client, url: &str) -> Result<(), ConnectorError> {
    let line = Line::from(session);
    let done: Result<Done, _> = client.once(line, Method::DELETE, "/subscriptions", &[("url", url)], None).await;
    done.map(drop).map_err(|failure| failure.explain(session.now()))
}

async fn subscribe(session: &Session, client: &Client, body: &Value) -> Result<(), ConnectorError> {
    let line = Line::from(session);
    let done: Result<Done, _> = client.once(line, Method::POST, "/subscriptions", &[], Some(body)).await;
    let done = done.map_err(|failure| failure.explain(session.now()))?;
    match done.success {
        true => Ok(()),
        false => Err(ConnectorError::invalid(
            DELIVERY,
            format!("MAX does not call it: {}", done.message.unwrap_or_default()),
        )),
    }
}

/// Reads a call: one update.
fn read(delivered: &Delivered<'_>) -> Vec<Item> {
    let private_too = delivered.settings.text("messages") == Some("true");
    match serde_json::from_slice::<Value>(delivered.body) {
        Ok(update) => update::read(&update, private_too, &known(), delivered.at, "webhook").into_iter().collect(),
        Err(error) => {
            let head = &delivered.body[..delivered.body.len().min(2 * Rejection::MAX_SAMPLE_BYTES)];
            let message = format!("the call is not as MAX promises: {error}");
            let sample = String::from_utf8_lossy(head);
            vec![Item::Rejected(Rejection::new(RejectionReason::Malformed, "webhook", message, &sample))]
        }
    }
}
