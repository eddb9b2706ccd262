//! Telegram calls us: <https://core.telegram.org/bots/api#setwebhook>. We say where, look from time to time whether it gets through, and
//! read what it brings. It tells of everything that was not confirmed before, and repeats what was not answered for a day.

use std::time::Duration;

use molva_domain::{Rejection, RejectionReason, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::client::Client;
use super::listener::KINDS;
use super::{NETWORK, message};
use crate::error::ConnectorError;
use crate::session::{Item, Report, Session};
use crate::settings::Settings;
use crate::webhook::{Delivered, SecretHeader, Verified, WebhookError, WebhookRequest, Webhooks, address};

/// Setting that chooses who calls whom.
pub(super) const DELIVERY: &str = "delivery";
const SECRET: &str = "webhook_secret";
/// How often Telegram is asked whether it gets through.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// An error that Telegram had longer ago than this is over.
const RECENT: Duration = Duration::from_secs(300);
/// Calls at once: as many as Telegram does unless asked.
const CONNECTIONS: u32 = 40;

const PROOF: SecretHeader = SecretHeader::telegram(read);

/// The network as it calls us.
#[derive(Debug)]
pub(super) struct TelegramWebhook;

/// How calls go, by Telegram's word.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WebhookInfo {
    pub url: String,
    pub pending_update_count: u64,
    /// Unix seconds.
    last_error_date: i64,
    last_error_message: String,
}

impl Webhooks for TelegramWebhook {
    fn verify(&self, settings: &Settings, request: WebhookRequest<'_>) -> Result<Verified, WebhookError> {
        PROOF.verify(settings, request)
    }

    fn shared_secret(&self) -> Option<&'static str> {
        Some(SECRET)
    }

    fn wanted(&self, settings: &Settings) -> bool {
        is_wanted(settings)
    }

    fn read(&self, delivered: &Delivered<'_>) -> Vec<Item> {
        read(delivered)
    }
}

pub(super) fn is_wanted(settings: &Settings) -> bool {
    settings.text(DELIVERY) == Some("webhook")
}

/// Tells Telegram where to call, and looks whether it gets through, until cancelled.
pub(super) async fn listen(session: &Session, client: &Client) -> Result<(), ConnectorError> {
    let address = own_address(session)?;
    set(session, client, address).await?;
    loop {
        let info = info(session, client).await?;
        if info.url != address {
            // Somebody else set or removed it meanwhile.
            set(session, client, address).await?;
        }
        match info.trouble(session.now()) {
            Some(trouble) => {
                session
                    .report(Report::Problem(ConnectorError::Transient { message: trouble, retry_after: None }))
                    .await;
            }
            None => session.report(Report::Alive).await,
        }
        session.pause(LOOK_EVERY).await?;
    }
}

/// Removes the webhook where it is this source's; whether it was.
pub(super) async fn take_back(session: &Session, client: &Client) -> Result<bool, ConnectorError> {
    let ours = info(session, client).await?.is_of(session);
    if ours {
        // What waits stays: the next `getUpdates` tells it.
        let _: Value = client.ask_with(session, "deleteWebhook", &json!({"drop_pending_updates": false})).await?;
    }
    Ok(ours)
}

pub(super) async fn info(session: &Session, client: &Client) -> Result<WebhookInfo, ConnectorError> {
    client.ask(session, "getWebhookInfo").await
}

/// Where Telegram shall call, or what to do so that it can.
pub(super) fn own_address(session: &Session) -> Result<&str, ConnectorError> {
    address::own(session, DELIVERY, "Telegram")
}

async fn set(session: &Session, client: &Client, address: &str) -> Result<(), ConnectorError> {
    let info = info(session, client).await?;
    info.refuse_foreign(session)?;
    let secret = session.settings.needed_secret(SECRET, "is empty; make a new one on the page of the source")?;
    let parameters = json!({
        "url": address, "secret_token": secret.expose(), "max_connections": CONNECTIONS, "allowed_updates": KINDS,
        "drop_pending_updates": false,
    });
    let _: Value = client.ask_with(session, "setWebhook", &parameters).await?;
    Ok(())
}

impl WebhookInfo {
    /// Whether it is an address of this source, the one it has or one it had.
    pub(super) fn is_of(&self, session: &Session) -> bool {
        address::is_of(&self.url, NETWORK, &session.source_key)
    }

    /// Whether it looks like an address of some Molva.
    pub(super) fn is_molvas(&self) -> bool {
        self.url.contains("/api/webhooks/telegram/")
    }

    /// Another program's webhook is left to it.
    fn refuse_foreign(&self, session: &Session) -> Result<(), ConnectorError> {
        if self.url.is_empty() || self.is_of(session) {
            return Ok(());
        }
        Err(ConnectorError::Forbidden(format!(
            "another program receives what this bot hears, at `{}`; give Molva a bot of its own, or remove that webhook",
            self.host()
        )))
    }

    /// Where it is, without what may be secret.
    pub(super) fn host(&self) -> String {
        Url::parse(&self.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }

    /// What keeps Telegram from getting through, when that was lately.
    pub(super) fn trouble(&self, now: Timestamp) -> Option<String> {
        let recent = self.last_error_date > 0 && now.since(Timestamp::from_secs(self.last_error_date)) < RECENT;
        (recent && self.pending_update_count > 0).then(|| {
            let words: String = self.last_error_message.chars().take(200).collect();
            let waiting = self.pending_update_count;
            format!(
                "Telegram does not get through ({words}) and {waiting} updates wait; check that this Molva is reached from outside at its \
                 public address, on port 443, 80, 88 or 8443"
            )
        })
    }
}

#[derive(Deserialize)]
struct Update {
    update_id: i64,
    #[serde(flatten)]
    rest: serde_json::Map<String, Value>,
}

fn read(delivered: &Delivered<'_>) -> Vec<Item> {
    let update: Update = match serde_json::from_slice(delivered.body) {
        Ok(update) => update,
        Err(error) => {
            let head = &delivered.body[..delivered.body.len().min(2 * Rejection::MAX_SAMPLE_BYTES)];
            let message = format!("the update is not as Telegram promises: {error}");
            let sample = String::from_utf8_lossy(head);
            return vec![Item::Rejected(Rejection::new(RejectionReason::Malformed, "webhook", message, &sample))];
        }
    };
    let private_too = delivered.settings.text("messages") == Some("true");
    let raw = KINDS.iter().find_map(|kind| update.rest.get(*kind));
    let place = format!("update {}", update.update_id);
    raw.and_then(|raw| message::read(raw, private_too, delivered.at, &place)).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const AT: Timestamp = Timestamp::from_secs(1_772_366_400);

    fn items(body: &str, messages: &str) -> Vec<Item> {
        let settings = Settings::new(BTreeMap::from([("messages".to_owned(), messages.to_owned())]), BTreeMap::new());
        read(&Delivered { source_key: "7", settings: &settings, body: body.as_bytes(), at: AT })
    }

    #[test]
    fn an_update_that_is_brought_is_the_post_that_asking_finds() {
        let body = r#"{"update_id":841,"channel_post":{"message_id":5,"date":1772366000,"text":"Пост","chat":{"id":-1001234,"type":"channel","title":"Новости","username":"news"}}}"#;
        let [Item::Post(post)] = &items(body, "false")[..] else { panic!("no post") };
        assert_eq!((post.urn.as_str(), post.text.as_str()), ("urn:smm:telegram:post:-1001234/5", "Пост"));
        let private = r#"{"update_id":842,"message":{"message_id":5,"date":1772366000,"text":"x","chat":{"id":9,"type":"private"},"from":{"id":9,"first_name":"A"}}}"#;
        assert_eq!((items(private, "false").len(), items(private, "true").len()), (0, 1));
        assert!(items(r#"{"update_id":843,"poll":{"id":"1"}}"#, "true").is_empty());
        assert!(matches!(&items("[1", "true")[..], [Item::Rejected(_)]));
    }

    #[test]
    fn an_error_is_told_while_it_is_fresh_and_something_waits() {
        let at = |last_error_date, pending_update_count| WebhookInfo {
            last_error_date,
            pending_update_count,
            last_error_message: "Connection refused".to_owned(),
            ..WebhookInfo::default()
        };
        assert!(
            at(AT.as_secs() - 60, 3)
                .trouble(AT)
                .is_some_and(|told| told.contains("Connection refused") && told.contains('3'))
        );
        for calm in [at(0, 3), at(AT.as_secs() - 60, 0), at(AT.as_secs() - 600, 3)] {
            assert_eq!(calm.trouble(AT), None, "{calm:?}");
        }
    }
}
