//! Telegram, by a bot: the channels it administers, the groups it is in, with what is written under posts and in topics of forums.
//! Contract: Bot API 10.1, <https://core.telegram.org/bots/api>.
//!
//! Start with [`listener`]; [`message`] is the mapping, [`entities`] what stands in a text. Telegram keeps what a bot has not confirmed
//! for a day; it is confirmed by asking for the next, so nothing is confirmed before it is stored.

mod client;
mod descriptor;
mod entities;
mod listener;
mod message;
mod reply;

use serde::Deserialize;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::reply::Replies;
use crate::session::Session;
use client::Client;
use descriptor::DESCRIPTOR;

const NETWORK: &str = "telegram";

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Telegram;

#[derive(Deserialize)]
struct Me {
    #[serde(default)]
    username: String,
    #[serde(default)]
    can_read_all_group_messages: bool,
}

#[derive(Deserialize)]
struct WebhookInfo {
    #[serde(default)]
    url: String,
    #[serde(default)]
    pending_update_count: u64,
}

impl Connector for Telegram {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let client = Client::of(&session.settings)?;
            let me: Me = client.ask(session, "getMe").await?;
            let webhook: WebhookInfo = client.ask(session, "getWebhookInfo").await?;
            if !webhook.url.is_empty() {
                return Err(ConnectorError::Forbidden(
                    "another program receives what this bot hears (a webhook is set); give Molva a bot of its own, or remove the \
                     webhook"
                        .to_owned(),
                ));
            }
            let groups = if me.can_read_all_group_messages {
                "it hears everything in its groups"
            } else {
                "in groups it hears only commands and answers to itself, unless it administers them: let @BotFather turn off \
                 its privacy mode (/setprivacy)"
            };
            let waiting = webhook.pending_update_count;
            Ok(format!("@{}: {groups}; {waiting} updates are waiting", me.username))
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move { listener::listen(session, &Client::of(&session.settings)?).await })
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&reply::TelegramReplies)
    }
}
