//! Messages by their ids, many in a call: `GET /messages?message_ids=`, and comments each by its own below its post. Contract:
//! <https://dev.max.ru/docs-api/methods/GET/messages>. `404` says that there is no such thing *or* that the bot may not read it, so nothing
//! counts as gone unless the bot still reads the chat it stood in.

use std::collections::{BTreeMap, HashMap};

use molva_domain::{Post, Timestamp, Urn};
use serde_json::Value;

use super::chats::Chats;
use super::client::Client;
use super::message::{self, Place};
use super::{DESCRIPTOR, NETWORK};
use crate::error::ConnectorError;
use crate::refresh::{ALONE, Refresh};
use crate::session::{Item, Session};

/// Posts of one look.
const AT_ONCE: u32 = 50;
/// Comments of one look: each is a call of its own.
const COMMENTS: usize = 15;

pub(super) static REFRESH: Refresh = Refresh::new(AT_ONCE, |session, posts| Box::pin(look_up(session, posts)));

async fn look_up(session: &Session, posts: &[Post]) -> Result<Vec<Item>, ConnectorError> {
    let session = &session.with_defaults(DESCRIPTOR.settings);
    let client = Client::of(&session.settings)?;
    let named = posts.iter().filter_map(|post| Some((name(&post.urn)?, post)));
    let (comments, messages): (Vec<_>, Vec<_>) = named.partition(|((place, _), _)| place.post.is_some());
    let mut look = Look { session, client: &client, items: Vec::new(), missing: BTreeMap::new() };
    look.messages(messages.into_iter().map(|((_, mid), post)| (mid, post)).collect()).await?;
    for ((place, mid), post) in comments.into_iter().take(COMMENTS) {
        look.comment(&place.post.unwrap_or_default(), &mid, post).await?;
    }
    look.settle().await
}

struct Look<'a> {
    session: &'a Session,
    client: &'a Client,
    items: Vec<Item>,
    /// What MAX does not tell of, by chat.
    missing: BTreeMap<i64, Vec<Urn>>,
}

impl Look<'_> {
    async fn messages(&mut self, mut asked: HashMap<String, &Post>) -> Result<(), ConnectorError> {
        if asked.is_empty() {
            return Ok(());
        }
        let mids = asked.keys().map(String::as_str).collect::<Vec<_>>().join(",");
        let page: Value = match self.client.ask(self.session, "/messages", &[("message_ids", &mids)]).await {
            Err(ConnectorError::NotFound(_)) => Value::Null,
            told => told?,
        };
        for raw in page.get("messages").and_then(Value::as_array).into_iter().flatten() {
            let mid = raw.pointer("/body/mid").and_then(Value::as_str);
            if let Some(known) = mid.and_then(|mid| asked.remove(mid)) {
                self.items.extend(said_now(known, raw, self.session.now()));
            }
        }
        for (mid, known) in asked.into_iter().take(ALONE) {
            self.alone(&format!("/messages/{mid}"), known).await?;
        }
        Ok(())
    }

    async fn comment(&mut self, post: &str, mid: &str, known: &Post) -> Result<(), ConnectorError> {
        self.alone(&format!("/messages/{post}/comments/{mid}"), known).await
    }

    async fn alone(&mut self, path: &str, known: &Post) -> Result<(), ConnectorError> {
        match self.client.ask::<Value>(self.session, path, &[]).await {
            Ok(raw) => self.items.extend(said_now(known, &raw, self.session.now())),
            Err(ConnectorError::NotFound(_)) => {
                let chat = name(&known.urn).map_or(0, |(place, _)| place.chat);
                self.missing.entry(chat).or_default().push(known.urn.clone());
            }
            Err(ConnectorError::Forbidden(_)) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// What is not told of is gone where the bot still reads.
    async fn settle(mut self) -> Result<Vec<Item>, ConnectorError> {
        for (chat, urns) in self.missing {
            let chat = chat.to_string();
            match self.client.ask::<Value>(self.session, "/messages", &[("chat_id", &*chat), ("count", "1")]).await {
                Ok(_) => self.items.extend(urns.into_iter().map(Item::Deleted)),
                Err(ConnectorError::NotFound(_) | ConnectorError::Forbidden(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.items)
    }
}

/// Where it stands and what it is called there.
fn name(urn: &Urn) -> Option<(Place, String)> {
    let parts = urn.parts().filter(|parts| parts.network == NETWORK)?;
    let pieces: Vec<&str> = parts.native.split('/').collect();
    match (parts.kind.as_str(), &pieces[..]) {
        ("post", [chat, mid]) => Some((Place { chat: chat.parse().ok()?, post: None }, (*mid).to_owned())),
        ("comment", [chat, post, mid]) => {
            Some((Place { chat: chat.parse().ok()?, post: Some((*post).to_owned()) }, (*mid).to_owned()))
        }
        _ => None,
    }
}

/// What is known of it, with the words and views of now. Whether a chat is for everybody stands with the chat, which is not asked for.
fn said_now(known: &Post, raw: &Value, now: Timestamp) -> Option<Item> {
    match message::read(raw, None, true, &Chats::default(), now, "message")? {
        Item::Post(post) => {
            let (visibility, community) = (known.visibility, known.community.clone());
            Some(Item::Post(Box::new(Post { urn: known.urn.clone(), visibility, community, ..*post })))
        }
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_and_comments_are_asked_for_by_what_they_are_called() {
        let of = |kind: &str, native: &str| name(&Urn::of(NETWORK, None, kind, native));
        let place = |post: Option<&str>| Place { chat: -7, post: post.map(str::to_owned) };
        assert_eq!(of("post", "-7/mid.1"), Some((place(None), "mid.1".to_owned())));
        assert_eq!(of("comment", "-7/mid.1/mid.2"), Some((place(Some("mid.1")), "mid.2".to_owned())));
        assert_eq!((of("author", "7"), of("post", "x/mid.1")), (None, None));
    }
}
