//! Posts by their addresses, twenty-five in a call, from the public view of the network: `app.bsky.feed.getPosts`. It tells counts, and
//! needs no account. Of what it leaves out it does not say why; that a post is gone is told by the stream.

use molva_domain::{Author, Engagement, Post, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use super::event::{Action, Change};
use super::post;
use crate::error::ConnectorError;
use crate::http::{Request, parse_url};
use crate::refresh::Refresh;
use crate::session::{Item, Session};

/// Posts of one call; the view takes no more.
const AT_ONCE: u32 = 25;
const MAX_PAGE_BYTES: u64 = 4 << 20;

pub(super) static REFRESH: Refresh = Refresh::new(AT_ONCE, |session, posts| Box::pin(look_up(session, posts)));

async fn look_up(session: &Session, posts: &[Post]) -> Result<Vec<Item>, ConnectorError> {
    let settings = session.settings.clone().with_defaults(super::DESCRIPTOR.settings);
    let mut url = parse_url("view", settings.text("view").unwrap_or_default())?;
    url.set_path("/xrpc/app.bsky.feed.getPosts");
    let addresses: Vec<String> = posts.iter().filter_map(address).collect();
    if addresses.is_empty() {
        return Ok(Vec::new());
    }
    url.query_pairs_mut().clear().extend_pairs(addresses.iter().map(|address| ("uris", address)));
    let request = Request::get(url).header("accept", "application/json").max_body_bytes(MAX_PAGE_BYTES);
    let now = session.now();
    let answer: Answer = session.send(request).await?.error_for_status("the public view", now)?.json()?;
    Ok(answer.posts.iter().filter_map(|view| read(view, now)).collect())
}

/// `at://did/collection/key`; what is too long to be kept cannot be asked for.
fn address(post: &Post) -> Option<String> {
    Some(post.urn.parts_of("bluesky", "post")?.native).filter(|address| address.starts_with("at://"))
}

#[derive(Deserialize)]
struct Answer {
    posts: Vec<View>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct View {
    uri: String,
    record: Value,
    #[serde(default)]
    like_count: Option<u64>,
    #[serde(default)]
    repost_count: Option<u64>,
    #[serde(default)]
    reply_count: Option<u64>,
}

fn read(view: &View, now: Timestamp) -> Option<Item> {
    let mut parts = view.uri.strip_prefix("at://")?.split('/').map(str::to_owned);
    let (did, collection, record_key) = (parts.next()?, parts.next()?, parts.next()?);
    let change = Change { did, collection, record_key, action: Action::Delete, at: now };
    let mut post = post::read(&change, &view.record, false, Author::default(), now).ok()?;
    post.engagement = Engagement {
        likes: view.like_count,
        reposts: view.repost_count,
        comments: view.reply_count,
        ..Engagement::default()
    };
    Some(Item::Post(post))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_post_is_asked_for_by_its_address_and_read_with_its_counts() {
        let now = Timestamp::from_secs(1_772_366_400);
        let view = json!({"uri": "at://did:plc:anna/app.bsky.feed.post/3kxyz", "cid": "x", "author": {"did": "did:plc:anna"},
            "record": {"$type": "app.bsky.feed.post", "text": "Связь пропала", "createdAt": "2026-03-01T09:30:00Z"},
            "likeCount": 3, "repostCount": 1, "replyCount": 2, "quoteCount": 0});
        let read = |view: &Value| read(&View::deserialize(view).expect("a view"), now);
        let Some(Item::Post(post)) = read(&view) else { panic!("no post") };
        assert_eq!(address(&post).as_deref(), Some("at://did:plc:anna/app.bsky.feed.post/3kxyz"));
        let told = Engagement { likes: Some(3), reposts: Some(1), comments: Some(2), ..Engagement::default() };
        assert_eq!((post.text.as_str(), post.engagement, post.edited_at), ("Связь пропала", told, None));
        assert!(read(&json!({"uri": "at://did:plc:anna", "record": {}})).is_none());
    }
}
