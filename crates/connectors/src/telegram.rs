//! Telegram, by a bot: the channels it administers, the groups it is in, with what is written under posts and in topics of forums.
//! Contract: Bot API 10.1, <https://core.telegram.org/bots/api>.
//!
//! Start with [`listener`]; [`webhook`] is the same where Telegram calls; [`message`] is the mapping, [`entities`] what stands in a text. Telegram keeps what a bot has not confirmed
//! for a day; it is confirmed by asking for the next, so nothing is confirmed before it is stored.

mod client;
mod descriptor;
mod entities;
mod files;
mod listener;
mod message;
mod reply;
mod webhook;

use serde::Deserialize;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::reply::Replies;
use crate::session::Session;
use crate::webhook::Webhooks;
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

impl Connector for Telegram {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let client = Client::of(&session.settings)?;
            let me: Me = client.ask(session, "getMe").await?;
            let info = webhook::info(session, &client).await?;
            let waiting = info.pending_update_count;
            let called = webhook::is_wanted(&session.settings);
            if called {
                webhook::own_address(session)?;
            }
            // Whether it is an older address of this source is not known before the source is stored.
            let delivery = match (called, info.url.is_empty()) {
                (_, true) => format!("{waiting} updates are waiting"),
                (true, false) => {
                    let trouble = info.trouble(session.now()).map(|trouble| format!("; {trouble}")).unwrap_or_default();
                    format!("it calls `{}` now, {waiting} updates are waiting{trouble}", info.host())
                }
                (false, false) if info.is_molvas() => {
                    format!("it calls Molva at `{}` until this source asks, {waiting} updates are waiting", info.host())
                }
                (false, false) => {
                    return Err(ConnectorError::Forbidden(format!(
                        "another program receives what this bot hears (a webhook is set, at `{}`); give Molva a bot of its own, or \
                         remove the webhook",
                        info.host()
                    )));
                }
            };
            let groups = if me.can_read_all_group_messages {
                "it hears everything in its groups"
            } else {
                "in groups it hears only commands and answers to itself, unless it administers them: let @BotFather turn off \
                 its privacy mode (/setprivacy)"
            };
            Ok(format!("@{}: {groups}; {delivery}", me.username))
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let client = Client::of(&session.settings)?;
            if webhook::is_wanted(&session.settings) {
                webhook::listen(session, &client).await
            } else {
                listener::listen(session, &client).await
            }
        })
    }

    fn disconnect<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            // Also where it asks now: it may have been called before.
            webhook::take_back(session, &Client::of(&session.settings)?).await.map(drop)
        })
    }

    fn webhooks(&self) -> Option<&'static dyn Webhooks> {
        Some(&webhook::TelegramWebhook)
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&reply::TelegramReplies)
    }
}
