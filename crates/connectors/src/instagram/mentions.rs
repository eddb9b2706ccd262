//! Captions and comments that name us. Meta tells their numbers only; their words are asked for before the call is read, and where
//! that fails, by the next look.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex, PoisonError};

use molva_domain::Timestamp;
use serde_json::Value;

use super::read::{AccountOf, comment_url, comment_urn, item, post, stands_under};
use crate::error::ConnectorError;
use crate::meta::graph::Graph;
use crate::meta::login::Login;
use crate::meta::{id, time};
use crate::session::{Item, Session};

/// Mentions of a source that wait; more are forgotten, the newest first.
const MOST: usize = 1_000;
/// Sources whose mentions are remembered.
const MOST_SOURCES: usize = 256;

const IN_MEDIA: &str = "id,caption,timestamp,permalink,media_type,media_url,username,like_count,comments_count";
const IN_COMMENT: &str = "id,text,timestamp,username,like_count,media{id,permalink}";

/// Where we were named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mention {
    media: String,
    comment: Option<String>,
}

/// Of one source.
#[derive(Default)]
struct Waiting {
    /// Not asked for yet, or in vain.
    unread: BTreeSet<Mention>,
    read: BTreeMap<Mention, Item>,
}

static WAITING: LazyLock<Mutex<BTreeMap<String, Waiting>>> = LazyLock::new(Mutex::default);

fn of<T>(source_key: &str, change: impl FnOnce(&mut Waiting) -> T) -> T {
    let mut all = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= MOST_SOURCES && !all.contains_key(source_key) {
        all.pop_first();
    }
    change(all.entry(source_key.to_owned()).or_default())
}

impl Mention {
    /// `{media_id, comment_id}`.
    pub(super) fn told(value: &Value) -> Option<Self> {
        Some(Self { media: id(&value["media_id"])?, comment: id(&value["comment_id"]) })
    }

    /// What was asked for it; `None` when that is still to be done.
    pub(super) fn take(self, source_key: &str) -> Option<Item> {
        of(source_key, |waiting| {
            let item = waiting.read.remove(&self);
            if item.is_none() && waiting.unread.len() < MOST {
                waiting.unread.insert(self);
            }
            item
        })
    }

    async fn ask(&self, account: &AccountOf, session: &Session, graph: &Graph) -> Result<Item, ConnectorError> {
        let (name, fields) = match &self.comment {
            Some(comment) => ("mentioned_comment", format!("mentioned_comment.comment_id({comment}){{{IN_COMMENT}}}")),
            None => ("mentioned_media", format!("mentioned_media.media_id({}){{{IN_MEDIA}}}", self.media)),
        };
        let answer: Value = graph.get(session, &account.id, &[("fields", &fields)]).await?;
        Ok(self.item(account, &answer[name], session.now()))
    }

    fn item(&self, account: &AccountOf, raw: &Value, now: Timestamp) -> Item {
        let Some(comment) = &self.comment else { return account.media(raw, now, false).item };
        let words = raw.get("text").and_then(Value::as_str).map(str::to_owned);
        item(post(Some(comment_urn(comment)), words, time(&raw["timestamp"]), now, raw).map(|mut post| {
            stands_under(&mut post, &self.media, None);
            let permalink = raw.pointer("/media/permalink").and_then(Value::as_str);
            post.url = permalink.map(|media| comment_url(media, comment));
            post.engagement.likes = raw.get("like_count").and_then(Value::as_u64);
            post
        }))
    }
}

/// Asks for the words of these, so that [`Mention::take`] gives them.
pub(super) async fn ask_for(mentions: Vec<Mention>, session: &Session, graph: &Graph) -> Result<(), ConnectorError> {
    if mentions.is_empty() {
        return Ok(());
    }
    let account = AccountOf::listened_to(session, graph).await?;
    for mention in mentions.into_iter().take(MOST) {
        match mention.ask(&account, session, graph).await {
            Ok(item) => of(&session.source_key, |waiting| drop(waiting.read.insert(mention, item))),
            Err(error) if unseen(graph, &error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Whether it went away, or is not for us to see. That accounts without a page may ask for the words of a mention is not promised; what
/// they are told of a question that does not exist there means the same.
fn unseen(graph: &Graph, error: &ConnectorError) -> bool {
    match error {
        ConnectorError::NotFound(_) | ConnectorError::Gone(_) | ConnectorError::Forbidden(_) => true,
        ConnectorError::Protocol(_) => graph.login() == Login::Instagram,
        _ => false,
    }
}

/// The mentions of calls that were read before their words were there.
pub(super) async fn left_over(
    account: &AccountOf,
    session: &Session,
    graph: &Graph,
) -> Result<Vec<Item>, ConnectorError> {
    let mut items = Vec::new();
    let unread = of(&session.source_key, |waiting| waiting.unread.clone());
    for mention in unread {
        match mention.ask(account, session, graph).await {
            Ok(item) => items.push(item),
            Err(error) if unseen(graph, &error) => {}
            Err(error) if items.is_empty() => return Err(error),
            Err(_) => break,
        }
        of(&session.source_key, |waiting| waiting.unread.remove(&mention));
    }
    Ok(items)
}
