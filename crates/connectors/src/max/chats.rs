//! Where something is said: MAX tells only the number of a chat, its name has to be asked for.

use std::collections::HashMap;

use serde::Deserialize;

use super::client::Client;
use crate::error::ConnectorError;
use crate::session::Session;
use crate::settings::Settings;

/// Chats remembered; past that it begins anew.
const MOST: usize = 10_000;
/// Chats of the settings: a test of them asks for each.
const NAMED: usize = 50;

/// What is known of a chat.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chat {
    pub chat_id: i64,
    #[serde(rename = "type")]
    pub kind: String,
    pub title: Option<String>,
    pub link: Option<String>,
    pub is_public: bool,
}

/// Those that were met.
#[derive(Debug, Default)]
pub(super) struct Chats(HashMap<i64, Chat>);

#[derive(Default, Deserialize)]
#[serde(default)]
struct Membership {
    permissions: Option<Vec<String>>,
}

impl Chats {
    pub(super) fn get(&self, id: i64) -> Option<&Chat> {
        self.0.get(&id)
    }

    /// What others met too.
    pub(super) fn take(&mut self, met: Self) {
        if self.0.len() + met.0.len() > MOST {
            self.0.clear();
        }
        self.0.extend(met.0);
    }

    /// Learns the names of these chats. One that cannot be asked for stays without.
    pub(super) async fn meet(
        &mut self,
        session: &Session,
        client: &Client,
        ids: impl Iterator<Item = i64>,
    ) -> Result<(), ConnectorError> {
        let mut unknown: Vec<i64> = ids.filter(|id| !self.0.contains_key(id)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        for id in unknown {
            let chat = match client.ask::<Chat>(session, &format!("/chats/{id}"), &[]).await {
                Ok(chat) => Chat { chat_id: id, ..chat },
                Err(error @ (ConnectorError::Cancelled | ConnectorError::AuthRevoked(_))) => return Err(error),
                Err(ConnectorError::NotFound(_) | ConnectorError::Forbidden(_)) => {
                    Chat { chat_id: id, ..Chat::default() }
                }
                // It is asked for again with its next message.
                Err(_) => continue,
            };
            if self.0.len() >= MOST {
                self.0.clear();
            }
            self.0.insert(id, chat);
        }
        Ok(())
    }
}

/// The channels and groups of the settings, by their numbers: MAX lists none.
pub(super) fn named(settings: &Settings) -> Result<Vec<i64>, ConnectorError> {
    let invalid = |message: &str| ConnectorError::invalid("chats", message);
    let ids: Option<Vec<i64>> = settings.list("chats").map(|line| line.trim().parse().ok()).collect();
    let ids = ids.ok_or_else(|| invalid("a chat has a number like -71000000000001, one a line"))?;
    if ids.len() > NAMED { Err(invalid("name at most 50 chats")) } else { Ok(ids) }
}

/// In a sentence, which of these chats the bot hears.
pub(super) async fn rights(session: &Session, client: &Client, ids: &[i64]) -> Result<String, ConnectorError> {
    let mut chats = Chats::default();
    chats.meet(session, client, ids.iter().copied()).await?;
    let mut deaf = Vec::new();
    for id in ids {
        let chat = chats.get(*id).filter(|chat| !chat.kind.is_empty());
        let Some(chat) = chat else {
            return Err(ConnectorError::NotFound(format!(
                "the bot is in no chat {id}; add it there, or mend the number"
            )));
        };
        let me: Membership = match client.ask(session, &format!("/chats/{id}/members/me"), &[]).await {
            Ok(me) => me,
            Err(ConnectorError::NotFound(_) | ConnectorError::Forbidden(_)) => Membership::default(),
            Err(error) => return Err(error),
        };
        if !me.permissions.is_some_and(|rights| rights.iter().any(|right| right == "read_all_messages")) {
            deaf.push(chat.title.clone().unwrap_or_else(|| id.to_string()));
        }
    }
    Ok(match (ids.len(), deaf.is_empty()) {
        (0, _) => "it hears the channels and groups where it is an administrator that may read all messages".to_owned(),
        (count, true) => format!("it hears all {count} channels and groups named"),
        (count, false) => format!(
            "of {count} channels and groups named it is to be made an administrator that may read all messages in: {}",
            deaf.join(", ")
        ),
    })
}
