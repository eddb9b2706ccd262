//! Posts by their ids, one in a call: `GET /api/v3/posts/{pid}`, <https://docs.nodebb.org/api/write/>. It alone says when a post was
//! edited, which lists do not, but tells its text as it was typed; the text as it is shown is asked for where there was an edit.

use http::StatusCode;
use molva_domain::{Engagement, Post, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use super::{Forum, NETWORK, Wire};
use crate::error::ConnectorError;
use crate::refresh::Refresh;
use crate::session::{Item, Session};

/// Posts of one look: each is a call.
const AT_ONCE: u32 = 10;

pub(super) static REFRESH: Refresh = Refresh::new(AT_ONCE, |session, posts| Box::pin(look_up(session, posts)));

#[derive(Deserialize)]
struct Answer<T> {
    response: T,
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
                let told: Answer<Wire> = answer.error_for_status("the forum", now)?.json()?;
                let shown = match edit(post, &told.response) {
                    Some(edited_ms) => forum.shown(session, id, edited_ms).await?,
                    None => None,
                };
                items.push(shown.unwrap_or_else(|| renewed(post, &told.response, now)));
            }
        }
    }
    Ok(items)
}

/// A post of this forum has a number; one that came from another server an address.
fn number(post: &Post) -> Option<u64> {
    post.urn.parts_of(NETWORK, "post")?.native.parse().ok()
}

/// Milliseconds of an edit that is not known, of a post that still stands.
fn edit(known: &Post, told: &Wire) -> Option<i64> {
    let is_news = |edited: &i64| *edited > 0 && known.edited_at != Some(Timestamp::from_millis(*edited));
    told.edited.filter(is_news).filter(|_| !told.is_gone())
}

impl Forum {
    /// The post as lists show it, with the time of its edit; nothing where this forum does not tell, as old ones do not.
    async fn shown(&self, session: &Session, id: u64, edited_ms: i64) -> Result<Option<Item>, ConnectorError> {
        let request = self.request(self.place.at(&format!("api/v3/posts/{id}/summary"))?);
        let answer = session.send(request).await?;
        if answer.status.is_client_error() && answer.status != StatusCode::TOO_MANY_REQUESTS {
            return Ok(None);
        }
        let now = session.now();
        let mut told = answer.error_for_status("the forum", now)?.json::<Answer<Value>>()?.response;
        if let Some(fields) = told.as_object_mut() {
            fields.insert("edited".to_owned(), edited_ms.into());
        }
        Ok(Some(self.found(&told, now, 0).item))
    }
}

fn renewed(known: &Post, told: &Wire, now: Timestamp) -> Item {
    if told.is_gone() {
        return Item::Deleted(known.urn.clone());
    }
    let engagement = Engagement { likes: told.upvotes, comments: told.replies, ..known.engagement };
    Item::Post(Box::new(Post { engagement, fetched_at: now, ..known.clone() }))
}
