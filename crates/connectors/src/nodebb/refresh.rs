//! Posts by their ids, one in a call: `GET /api/v3/posts/{pid}`, <https://docs.nodebb.org/api/write/>. Its text is told as it was typed
//! and not as it is shown, so an edit is known by the list of recent posts alone; votes, answers and removals are told here.

use http::StatusCode;
use molva_domain::{Engagement, Post, Timestamp};
use serde::Deserialize;

use super::{Forum, NETWORK, Wire};
use crate::error::ConnectorError;
use crate::refresh::Refresh;
use crate::session::{Item, Session};

/// Posts of one look: each is a call.
const AT_ONCE: u32 = 10;

pub(super) static REFRESH: Refresh = Refresh::new(AT_ONCE, |session, posts| Box::pin(look_up(session, posts)));

#[derive(Deserialize)]
struct Answer {
    response: Wire,
}

async fn look_up(session: &Session, posts: &[Post]) -> Result<Vec<Item>, ConnectorError> {
    let forum = Forum::new(session)?;
    let mut items = Vec::new();
    for post in posts {
        let Some(id) = number(post) else { continue };
        let request = forum.request(forum.place.at(&format!("api/v3/posts/{id}"))?);
        let answer = session.send(request).await?;
        match answer.status {
            // Deleted for good; until then the post says so itself.
            StatusCode::NOT_FOUND => items.push(Item::Deleted(post.urn.clone())),
            // Those who may see it are others now.
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {}
            _ => {
                let now = session.now();
                let told: Answer = answer.error_for_status("the forum", now)?.json()?;
                items.push(renewed(post, &told.response, now));
            }
        }
    }
    Ok(items)
}

/// A post of this forum has a number; one that came from another server an address.
fn number(post: &Post) -> Option<u64> {
    post.urn.parts_of(NETWORK, "post")?.native.parse().ok()
}

fn renewed(known: &Post, told: &Wire, now: Timestamp) -> Item {
    if told.is_gone() {
        return Item::Deleted(known.urn.clone());
    }
    let engagement = Engagement { likes: told.upvotes, comments: told.replies, ..known.engagement };
    Item::Post(Box::new(Post { engagement, fetched_at: now, ..known.clone() }))
}
