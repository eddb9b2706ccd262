//! What an answer without a mention answers. Flarum says of it only in which discussion it stands, and a discussion is what its first post
//! began. Most first posts are known from what was listened to; the forum is asked for the others, `filter[number]=1`. Where it shows no
//! first post (it is hidden, or not for this reader) the discussion is all that can be said.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use molva_domain::Timestamp;
use serde::Deserialize as _;

use super::{Answer, Forum, NETWORK, Wire};
use crate::error::ConnectorError;
use crate::session::{Item, Session};
use crate::shared;

/// How a discussion is named.
pub(super) const DISCUSSION: &str = "discussion";
/// Discussions of a forum that are remembered; then it begins anew.
const MOST: usize = 50_000;
/// Discussions asked for after one look, so many a second.
const ASKED_FOR: usize = 40;
const BETWEEN: Duration = Duration::from_millis(300);

/// First posts by discussion; `None` where the forum shows none.
pub(super) type Firsts = Mutex<HashMap<String, Option<String>>>;

/// Those of a forum, for all who listen to it.
pub(super) fn of(instance: &str) -> Arc<Firsts> {
    shared::of(&[NETWORK, "firsts", instance])
}

impl Forum {
    pub(super) fn note_first(&self, discussion: &str, post: Option<&str>) {
        let mut firsts = self.firsts.lock().unwrap_or_else(PoisonError::into_inner);
        if firsts.len() >= MOST {
            firsts.clear();
        }
        firsts.insert(discussion.to_owned(), post.map(str::to_owned));
    }

    /// What is known of the first post of a discussion.
    fn first(&self, discussion: &str) -> Option<Option<String>> {
        self.firsts.lock().unwrap_or_else(PoisonError::into_inner).get(discussion).cloned()
    }

    /// Puts first posts in the place of discussions in what a look brought; asks the forum for those that are not known.
    pub(super) async fn name_firsts(
        &self,
        session: &Session,
        items: &mut [(Option<Timestamp>, Item)],
    ) -> Result<(), ConnectorError> {
        let unknown: BTreeSet<String> =
            items.iter().filter_map(|(_, item)| answered(item)).filter(|of| self.first(of).is_none()).collect();
        for discussion in unknown.into_iter().take(ASKED_FOR) {
            match self.ask_first(session, &discussion).await {
                Ok(post) => self.note_first(&discussion, post.as_deref()),
                Err(ConnectorError::Cancelled) => return Err(ConnectorError::Cancelled),
                // Who is asked too much is left alone.
                Err(_) => break,
            }
            session.pause(BETWEEN).await?;
        }
        for (_, item) in items {
            let first = answered(item).and_then(|discussion| self.first(&discussion)?);
            if let (Item::Post(post), Some(first)) = (item, first) {
                post.in_reply_to = Some(self.urn("post", &first));
            }
        }
        Ok(())
    }

    async fn ask_first(&self, session: &Session, discussion: &str) -> Result<Option<String>, ConnectorError> {
        let mut url = self.place.at("api/posts")?;
        url.query_pairs_mut()
            .append_pair("filter[discussion]", discussion)
            .append_pair("filter[number]", "1")
            .append_pair("page[limit]", "1");
        let answer = session.send(self.request(url)).await?.error_for_status("the forum", session.now())?;
        let answer: Answer = answer.json()?;
        let posts = answer.data.iter().filter_map(|raw| Wire::deserialize(raw).ok());
        // A filter that a forum does not know is passed over by it.
        let mut firsts = posts.filter(|post| post.attributes.number == 1 && !post.attributes.is_hidden);
        Ok(firsts.find(|post| post.relationships.discussion.id() == Some(discussion)).map(|post| post.id))
    }
}

/// The discussion, where a post is said to answer no more than that.
fn answered(item: &Item) -> Option<String> {
    let Item::Post(post) = item else { return None };
    let parts = post.in_reply_to.as_ref()?.parts()?;
    (parts.kind == DISCUSSION).then_some(parts.native)
}
