//! Posts by their ids, those of a topic in one call; what a topic does not show is asked for alone. A post that was shown to this reader
//! and is not found any more was deleted, or is not for everybody.

use std::collections::BTreeMap;

use http::StatusCode;
use molva_domain::Post;
use serde::Deserialize;
use serde_json::Value;

use super::{Forum, NETWORK};
use crate::error::ConnectorError;
use crate::refresh::{ALONE, Refresh};
use crate::session::{Item, Session};

/// Posts of one look, each perhaps of a topic of its own.
const AT_ONCE: u32 = 10;

pub(super) static REFRESH: Refresh = Refresh::new(AT_ONCE, |session, posts| Box::pin(look_up(session, posts)));

#[derive(Deserialize)]
struct Topic {
    post_stream: Stream,
}

#[derive(Deserialize)]
struct Stream {
    posts: Vec<Value>,
}

async fn look_up(session: &Session, posts: &[Post]) -> Result<Vec<Item>, ConnectorError> {
    let forum = Forum::new(session)?;
    let mut topics: BTreeMap<u64, BTreeMap<u64, &Post>> = BTreeMap::new();
    for post in posts {
        if let Some((topic, id)) = place(post) {
            topics.entry(topic).or_default().insert(id, post);
        }
    }
    let (mut items, mut alone) = (Vec::new(), Vec::new());
    for (topic, mut asked) in topics {
        let ids: Vec<String> = asked.keys().map(u64::to_string).collect();
        let query: Vec<(&str, &str)> = ids.iter().map(|id| ("post_ids[]", id.as_str())).collect();
        let answer = forum.get(session, &format!("t/{topic}/posts.json"), &query).await?;
        if !matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN | StatusCode::GONE) {
            let told: Topic = answer.error_for_status("the forum", session.now())?.json()?;
            for (index, raw) in told.post_stream.posts.iter().enumerate() {
                let known = raw.get("id").and_then(Value::as_u64).and_then(|id| asked.remove(&id));
                items.extend(known.map(|known| renewed(&forum, known, raw, session, index)));
            }
        }
        alone.extend(asked);
    }
    for (id, known) in alone.into_iter().take(ALONE) {
        let answer = forum.get(session, &format!("posts/{id}.json"), &[]).await?;
        if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            items.push(Item::Deleted(known.urn.clone()));
        }
    }
    Ok(items)
}

/// The numbers of its topic and of itself: `…/t/SLUG/TOPIC/NUMBER`.
fn place(post: &Post) -> Option<(u64, u64)> {
    let parts = post.urn.parts_of(NETWORK, "post")?;
    let topic = post.url.as_deref()?.rsplit('/').nth(1)?;
    Some((topic.parse().ok()?, parts.native.parse().ok()?))
}

/// The title of its topic is not told with a post of the topic.
fn renewed(forum: &Forum, known: &Post, raw: &Value, session: &Session, index: usize) -> Item {
    let mut item = forum.found(raw, session.now(), index).item;
    if let Item::Post(post) = &mut item {
        post.title = post.title.take().or_else(|| known.title.clone());
    }
    item
}
