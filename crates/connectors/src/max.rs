//! MAX, by a bot: the channels it administers with their comments, the group chats it may read, and what people write to it.
//! Contract: Bot API, schema 0.0.33, <https://dev.max.ru/docs-api>.
//!
//! Two ways of listening: [`listener`] asks for updates and waits, [`hook`] has MAX call us and sees to it that it goes on doing so.
//! [`message`] is the mapping of both. MAX keeps for a day what a bot has not asked for; a longer absence is a gap, of which
//! [`history`] reads what it can.

mod chats;
mod client;
mod descriptor;
mod files;
mod history;
mod hook;
mod listener;
mod message;
mod refresh;
mod refusal;
mod reply;
mod update;

use serde::Deserialize;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::refresh::Refresh;
use crate::reply::Replies;
use crate::session::Session;
use crate::webhook::Webhooks;
use client::Client;
use descriptor::DESCRIPTOR;

const NETWORK: &str = "max";
/// What is asked for, and what MAX is to call with; each is about a message.
const KINDS: [&str; 6] =
    ["message_created", "message_edited", "message_removed", "comment_created", "comment_edited", "comment_removed"];

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Max;

/// The bot, as MAX tells of it.
#[derive(Deserialize)]
struct Me {
    user_id: u64,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    first_name: Option<String>,
}

impl Me {
    /// As one would mention it.
    fn handle(&self) -> String {
        self.username.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| self.user_id.to_string())
    }
}

impl Connector for Max {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let client = Client::of(&session.settings)?;
            let me: Me = client.ask(session, "/me", &[]).await?;
            let way = if hook::is_wanted(&session.settings) {
                "MAX calls, once the source is added"
            } else {
                hook::nobody_else(session, &client).await?;
                "Molva asks for what is new"
            };
            let heard = chats::rights(session, &client, &chats::named(&session.settings)?).await?;
            Ok(format!("@{}: {way}; {heard}", me.handle()))
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let client = Client::of(&session.settings)?;
            if hook::is_wanted(&session.settings) {
                return hook::keep(session, &client).await;
            }
            hook::nobody_else(session, &client).await?;
            listener::listen(session, &client).await
        })
    }

    fn webhooks(&self) -> Option<&'static dyn Webhooks> {
        Some(&hook::MaxWebhook)
    }

    fn disconnect<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move { hook::take_back(session, &Client::of(&session.settings)?).await })
    }

    fn refresh(&self) -> Option<&'static Refresh> {
        Some(&refresh::REFRESH)
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&reply::MaxReplies)
    }
}
