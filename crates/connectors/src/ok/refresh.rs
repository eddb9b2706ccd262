//! Topics by their ids, many in a call: `mediatopic.getByIds`. Comments are told of below their topic only, page by page, so that few of
//! them are asked for at once; edits and removals of comments come by listening. A topic that is left out is asked for what stands under
//! it: error 300 there says that there is no such topic. Messages cannot be asked for.

use std::collections::{BTreeMap, HashMap};

use molva_domain::{Post, Urn};

use super::client::Client;
use super::groups::Group;
use super::look::{self, TOPIC_FIELDS, Topics};
use super::{DESCRIPTOR, GROUP_TOPIC, NETWORK, hook, read};
use crate::error::ConnectorError;
use crate::refresh::{ALONE, Refresh};
use crate::session::{Item, Session};

/// Posts of one look.
const AT_ONCE: u32 = 50;
/// Pages of comments turned in one look.
const PAGES: usize = 10;

pub(super) static REFRESH: Refresh = Refresh::new(AT_ONCE, |session, posts| Box::pin(look_up(session, posts)));

async fn look_up(session: &Session, posts: &[Post]) -> Result<Vec<Item>, ConnectorError> {
    let session = &session.with_defaults(DESCRIPTOR.settings);
    if hook::is_wanted(&session.settings) {
        return Ok(Vec::new());
    }
    let client = Client::of(&session.settings)?;
    let mut asked = HashMap::new();
    let mut below: BTreeMap<String, HashMap<String, &Post>> = BTreeMap::new();
    for post in posts {
        match name(&post.urn) {
            Some((topic, None)) => drop(asked.insert(topic, post)),
            Some((topic, Some(comment))) => drop(below.entry(topic).or_default().insert(comment, post)),
            None => {}
        }
    }
    let mut items = topics(session, &client, asked).await?;
    items.extend(comments(session, &client, below).await?);
    Ok(items)
}

/// The topic, and the comment where it is one: `GROUP_TOPIC/TOPIC/COMMENT`.
fn name(urn: &Urn) -> Option<(String, Option<String>)> {
    let parts = urn.parts().filter(|parts| parts.network == NETWORK)?;
    let rest = parts.native.strip_prefix(GROUP_TOPIC)?.strip_prefix('/')?;
    match (parts.kind.as_str(), rest.split_once('/')) {
        ("post", None) => Some((rest.to_owned(), None)),
        ("comment", Some((topic, comment))) => Some((topic.to_owned(), Some(comment.to_owned()))),
        _ => None,
    }
}

/// What is said now in the group that the post is known to stand in. Of the group itself nothing is asked.
fn said_now(known: &Post, read: impl FnOnce(&Group) -> Item) -> Option<Item> {
    let community = known.community.as_ref()?;
    match read(&Group::of(community)?) {
        Item::Post(post) => Some(Item::Post(Box::new(Post { community: Some(community.clone()), ..*post }))),
        other => Some(other),
    }
}

async fn topics(
    session: &Session,
    client: &Client,
    mut asked: HashMap<String, &Post>,
) -> Result<Vec<Item>, ConnectorError> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let ids = asked.keys().map(String::as_str).collect::<Vec<_>>().join(",");
    let parameters = [("topic_ids", &*ids), ("fields", TOPIC_FIELDS)];
    let page: Topics = match client.call(session, "mediatopic.getByIds", &parameters).await {
        Err(ConnectorError::NotFound(_)) => Topics::default(),
        told => told?,
    };
    let now = session.now();
    let mut items = Vec::new();
    for raw in page.media_topics.unwrap_or_default() {
        let Some(known) = raw.get("id").and_then(read::id_of).and_then(|id| asked.remove(&id)) else { continue };
        items.extend(said_now(known, |group| read::topic(&raw, group, now, "topic").item));
    }
    for (topic, known) in asked.into_iter().take(ALONE) {
        match look::comments(session, client, &topic, None).await {
            Err(ConnectorError::NotFound(_)) => items.push(Item::Deleted(known.urn.clone())),
            Ok(_) | Err(ConnectorError::Forbidden(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(items)
}

async fn comments(
    session: &Session,
    client: &Client,
    below: BTreeMap<String, HashMap<String, &Post>>,
) -> Result<Vec<Item>, ConnectorError> {
    let mut items = Vec::new();
    let mut pages = 0..PAGES;
    // The newest topics first: of these the comments stand on few pages.
    for (topic, mut asked) in below.into_iter().rev() {
        let mut anchor: Option<String> = None;
        while !asked.is_empty() && pages.next().is_some() {
            let page = match look::comments(session, client, &topic, anchor.as_deref()).await {
                // With a topic that is gone go its comments.
                Err(ConnectorError::NotFound(_)) => {
                    items.extend(asked.values().map(|known| Item::Deleted(known.urn.clone())));
                    break;
                }
                Err(ConnectorError::Forbidden(_)) => break,
                told => told?,
            };
            let now = session.now();
            for raw in page.comments.iter().flatten() {
                let Some(known) = raw.get("id").and_then(read::id_of).and_then(|id| asked.remove(&id)) else {
                    continue;
                };
                items.extend(said_now(known, |group| read::comment(raw, &topic, group, now, "comment").item));
            }
            if !page.has_more || page.anchor.is_none() || page.anchor == anchor {
                break;
            }
            anchor = page.anchor;
        }
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_and_comments_are_told_apart_by_their_names_and_messages_are_neither() {
        let of = |kind: &str, native: &str| name(&Urn::of(NETWORK, None, kind, native));
        assert_eq!(of("post", "GROUP_TOPIC/15"), Some(("15".to_owned(), None)));
        assert_eq!(of("comment", "GROUP_TOPIC/15/7"), Some(("15".to_owned(), Some("7".to_owned()))));
        assert_eq!((of("message", "chat/mid"), of("post", "GROUP_PHOTO/15")), (None, None));
    }
}
