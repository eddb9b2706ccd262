//! What stands in the chats since a moment, for what nobody told us of. Edits and removals of that time are not seen.

use std::collections::HashSet;

use molva_domain::{PostKind, Timestamp};
use serde_json::Value;

use super::chats::Chats;
use super::client::Client;
use super::message;
use crate::error::ConnectorError;
use crate::session::{Item, Session};

/// Pages of a hundred messages, of one chat or under one post.
const PAGES: usize = 100;

pub(super) async fn since(
    session: &Session,
    client: &Client,
    ids: &[i64],
    from: Timestamp,
) -> Result<Vec<Item>, ConnectorError> {
    let mut chats = Chats::default();
    chats.meet(session, client, ids.iter().copied()).await?;
    let now = session.now();
    let mut items = Vec::new();
    for id in ids {
        let id = id.to_string();
        let raws = match back_to(session, client, "/messages", &[("chat_id", &*id)], from).await {
            Ok(raws) => raws,
            // There it may not read.
            Err(ConnectorError::Forbidden(_) | ConnectorError::NotFound(_)) => continue,
            Err(error) => return Err(error),
        };
        let read = |raw: &Value| message::read(raw, None, false, &chats, now, &format!("chat {id}"));
        let found: Vec<Item> = raws.iter().filter_map(read).collect();
        let posts = raws.iter().zip(&found).filter(|(_, item)| is_post(item));
        let mids: Vec<String> =
            posts.filter_map(|(raw, _)| Some(raw.pointer("/body/mid")?.as_str()?.to_owned())).collect();
        items.extend(found);
        for mid in mids {
            let path = format!("/messages/{mid}/comments");
            match back_to(session, client, &path, &[], from).await {
                Ok(raws) => items.extend(raws.iter().filter_map(read)),
                Err(ConnectorError::Forbidden(_) | ConnectorError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(items)
}

fn is_post(item: &Item) -> bool {
    matches!(item, Item::Post(post) if matches!(post.kind, PostKind::Post | PostKind::Repost))
}

/// Turns pages from the newest back to that moment.
async fn back_to(
    session: &Session,
    client: &Client,
    path: &str,
    fixed: &[(&str, &str)],
    from: Timestamp,
) -> Result<Vec<Value>, ConnectorError> {
    let mut found = Vec::new();
    let mut known = HashSet::new();
    let mut before: Option<i64> = None;
    for _ in 0..PAGES {
        let at = before.map(|before| before.to_string()).unwrap_or_default();
        let mut query = fixed.to_vec();
        query.push(("count", "100"));
        if before.is_some() {
            query.push(("before", &at));
        }
        let page: Value = client.ask(session, path, &query).await?;
        let Some(Value::Array(messages)) = page.get("messages") else {
            return Err(ConnectorError::Protocol("MAX answered a request for messages without a list".to_owned()));
        };
        let time = |raw: &Value| raw.get("timestamp").and_then(Value::as_i64);
        let Some(oldest) = messages.iter().filter_map(time).min() else { break };
        let mid = |raw: &Value| raw.pointer("/body/mid").and_then(Value::as_str).map(str::to_owned);
        let before_page = known.len();
        for raw in messages.iter().filter(|raw| time(raw).is_some_and(|time| time >= from.as_millis())) {
            if mid(raw).is_some_and(|mid| known.insert(mid)) {
                found.push(raw.clone());
            }
        }
        if oldest < from.as_millis() || known.len() == before_page {
            break;
        }
        // One millisecond is looked at twice, for those that were said at the same.
        before = Some(oldest + 1);
    }
    found.reverse();
    Ok(found)
}
