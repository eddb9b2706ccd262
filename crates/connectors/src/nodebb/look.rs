//! Whether a reply that may have arrived is there: among what its user wrote, or in the forum's queue, where posts wait for a moderator.

use http::StatusCode;
use molva_domain::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::reply::{Account, Answer};
use super::{Wire, id};
use crate::error::ConnectorError;
use crate::html;
use crate::reply::words::same_words;
use crate::reply::{AccountFacts, Outgoing, Sent, not_before, too_deep};

/// Posts of a page.
const PAGE: usize = 20;
/// Pages of what a user wrote, and of the queue, that are looked through.
const PAGES: usize = 30;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Raw {
    content: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Listed {
    posts: Vec<Value>,
}

/// What waits for a moderator.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Waiting {
    id: Value,
    uid: Value,
    data: WaitingPost,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct WaitingPost {
    to_pid: Value,
    raw_content: Option<String>,
    content: String,
    timestamp: i64,
}

/// Whether a reply waits for a moderator.
enum Queue {
    Has(Sent),
    HasNot,
    /// The forum shows it to moderators only, as old ones do.
    IsHidden,
}

impl Account<'_> {
    /// The answer to the post `parent`.
    ///
    /// # Errors
    /// `Forbidden` where the forum will never tell.
    pub(super) async fn find(
        &self,
        facts: &AccountFacts,
        reply: &Outgoing,
        parent: &str,
    ) -> Result<Option<Sent>, ConnectorError> {
        // The queue first: what is let through meanwhile is among the posts then.
        let is_hidden = match self.queued(facts, reply, parent).await? {
            Queue::Has(sent) => return Ok(Some(sent)),
            Queue::HasNot => false,
            Queue::IsHidden => true,
        };
        let found = self.posted(facts, reply, parent).await?;
        if found.is_none() && is_hidden {
            let forum = &self.place.instance;
            return Err(ConnectorError::Forbidden(format!(
                "it is not among the posts, and {forum} shows its queue to moderators only; look there before you send it again"
            )));
        }
        Ok(found)
    }

    async fn posted(
        &self,
        facts: &AccountFacts,
        reply: &Outgoing,
        parent: &str,
    ) -> Result<Option<Sent>, ConnectorError> {
        let since = not_before(reply, facts);
        let slug = facts.url.as_deref().and_then(|url| url.rsplit_once('/')).map_or(&*facts.handle, |(_, slug)| slug);
        let path = format!("api/user/{slug}/posts");
        let mut looked = 0;
        for page in 1..=PAGES {
            let page = page.to_string();
            let answer = self.ask(&path, &[("page", &page)]).await?;
            let own: Listed = answer.error_for_status(&self.place.instance, self.session.now())?.json()?;
            let mut is_old = own.posts.is_empty();
            for raw in &own.posts {
                let Ok(post) = Wire::deserialize(raw) else { continue };
                if Timestamp::from_millis(post.timestamp) < since {
                    is_old = true;
                    continue;
                }
                // What answers nobody answers the topic's first post.
                let answered = id(&post.answers).or_else(|| id(&post.topic.first));
                if answered.as_deref() == Some(parent)
                    && let Some(pid) = id(&post.pid)
                    && same_words(&reply.text, &self.text_of(&pid, &post.content).await?)
                {
                    return Ok(Some(self.sent(&pid)));
                }
            }
            if is_old {
                return Ok(None);
            }
            looked += own.posts.len();
        }
        Err(too_deep(looked, "posts"))
    }

    /// Whoever wrote it sees it there; moderators see what others wrote too.
    async fn queued(&self, facts: &AccountFacts, reply: &Outgoing, parent: &str) -> Result<Queue, ConnectorError> {
        let since = not_before(reply, facts);
        for page in 1..=PAGES {
            let answer = self.ask("api/post-queue", &[("page", &page.to_string())]).await?;
            if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN) {
                return Ok(Queue::IsHidden);
            }
            let queue: Listed = answer.error_for_status(&self.place.instance, self.session.now())?.json()?;
            if queue.posts.is_empty() {
                return Ok(Queue::HasNot);
            }
            let waiting = queue.posts.iter().filter_map(|raw| Waiting::deserialize(raw).ok());
            let mut own = waiting.filter(|one| id(&one.uid).as_deref() == Some(&*facts.native_id));
            let found = own.find(|one| {
                let said = one.data.raw_content.as_deref().unwrap_or(&one.data.content);
                id(&one.data.to_pid).as_deref() == Some(parent)
                    && Timestamp::from_millis(one.data.timestamp) >= since
                    && same_words(&reply.text, &html::to_plain(said, None).text)
            });
            if let Some(waits) = found.and_then(|one| id(&one.id)) {
                return Ok(Queue::Has(self.waits(&waits, reply)));
            }
        }
        Err(too_deep(PAGES * PAGE, "posts that wait for a moderator"))
    }

    /// What was written, else what is shown of it.
    async fn text_of(&self, pid: &str, content: &str) -> Result<String, ConnectorError> {
        let answer = self.ask(&format!("api/v3/posts/{pid}/raw"), &[]).await?;
        if answer.status.is_client_error() && answer.status != StatusCode::TOO_MANY_REQUESTS {
            return Ok(html::to_plain(content, Some(&self.place.url)).text);
        }
        let raw: Answer<Raw> = answer.error_for_status(&self.place.instance, self.session.now())?.json()?;
        Ok(raw.response.content.unwrap_or_else(|| html::to_plain(content, Some(&self.place.url)).text))
    }
}
