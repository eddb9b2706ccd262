//! Whether a reply is on the forum already: among what its user wrote, and where that may not be read, at the end of the topic.

use http::StatusCode;
use molva_domain::Timestamp;
use serde::Deserialize;

use super::reply::{Account, Post, Stream, Topic, post_of};
use super::upload::without_files;
use crate::error::ConnectorError;
use crate::html;
use crate::reply::words::same_words;
use crate::reply::{AccountFacts, Outgoing, Sent, not_before, too_deep};

/// Pages of what a user wrote; thirty things stand on one.
const PAGES: usize = 20;
/// The kind of action that is a reply.
const REPLY: &str = "5";
/// Newest posts of a topic that are looked through.
const NEWEST: usize = 1_000;
/// Posts asked for at once.
const AT_ONCE: usize = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Actions {
    user_actions: Vec<Action>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Action {
    created_at: String,
    topic_id: u64,
    post_id: u64,
    reply_to_post_number: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Waiting {
    pending_posts: Vec<Pending>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Pending {
    id: u64,
    raw_text: String,
    topic_id: Option<u64>,
    created_at: String,
}

/// What is looked for.
struct Wanted<'a> {
    reply: &'a Outgoing,
    facts: &'a AccountFacts,
    since: Timestamp,
    /// Nothing when what is answered is gone: the words alone decide then.
    parent: Option<Post>,
}

impl Wanted<'_> {
    fn answers(&self, topic: u64, post_number: Option<u64>) -> bool {
        self.parent.as_ref().is_none_or(|parent| {
            // Answers to the first post of a topic often say nothing of what they answer.
            let direct = post_number == Some(parent.post_number) || post_number.is_none() && parent.post_number == 1;
            topic == parent.topic_id && direct
        })
    }

    fn is_new(&self, created_at: &str) -> bool {
        Timestamp::parse(created_at).is_some_and(|at| at >= self.since)
    }
}

impl Account<'_> {
    pub(super) async fn find(&self, facts: &AccountFacts, reply: &Outgoing) -> Result<Option<Sent>, ConnectorError> {
        let Some(id) = post_of(&reply.target) else { return Ok(None) };
        let wanted = Wanted { reply, facts, since: not_before(reply, facts), parent: self.post(id).await? };
        let Some(found) = self.among_own(&wanted).await? else {
            // What one wrote is not shown to this key.
            return self.in_topic(&wanted).await;
        };
        match found {
            Some(sent) => Ok(Some(sent)),
            None => self.waiting(&wanted).await,
        }
    }

    /// `None` when the forum does not show it.
    async fn among_own(&self, wanted: &Wanted<'_>) -> Result<Option<Option<Sent>>, ConnectorError> {
        let mut passed = 0;
        for _ in 0..PAGES {
            let offset = passed.to_string();
            let query = [("username", wanted.facts.handle.as_str()), ("filter", REPLY), ("offset", &offset)];
            let answer = self.ask("user_actions.json", &query).await?;
            if matches!(answer.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND) {
                return Ok(None);
            }
            let page = self.checked(answer)?.json::<Actions>()?.user_actions;
            for action in &page {
                if wanted.is_new(&action.created_at)
                    && wanted.answers(action.topic_id, action.reply_to_post_number)
                    && let Some(post) = self.post(action.post_id).await?
                    && self.is_said(wanted, &post)
                {
                    return Ok(Some(Some(self.sent(&post))));
                }
            }
            if page.is_empty() || page.iter().any(|action| !wanted.is_new(&action.created_at)) {
                return Ok(Some(None));
            }
            passed += page.len();
        }
        Err(too_deep(passed, "posts"))
    }

    /// Among what waits for a moderator; nothing where there is no such list.
    async fn waiting(&self, wanted: &Wanted<'_>) -> Result<Option<Sent>, ConnectorError> {
        let answer = self.ask(&format!("posts/{}/pending.json", wanted.facts.handle), &[]).await?;
        if matches!(answer.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND) {
            return Ok(None);
        }
        let waiting = self.checked(answer)?.json::<Waiting>()?.pending_posts;
        let topic = wanted.parent.as_ref().map(|parent| parent.topic_id);
        let ours = waiting.iter().find(|post| {
            (topic.is_none() || post.topic_id == topic)
                && wanted.is_new(&post.created_at)
                && same_words(&wanted.reply.text, &without_files(&post.raw_text))
        });
        Ok(ours.map(|post| self.waits(post.id, wanted.reply)))
    }

    async fn in_topic(&self, wanted: &Wanted<'_>) -> Result<Option<Sent>, ConnectorError> {
        let unknown = |why: &str| {
            let message =
                format!("{} does not show {why}; whether the reply is there is not known", self.place.instance);
            Err(ConnectorError::Transient { message, retry_after: None })
        };
        let Some(parent) = &wanted.parent else { return unknown("what was answered nor what its user wrote") };
        let topic = format!("t/{}.json", parent.topic_id);
        let Stream { stream, .. } = self.checked(self.ask(&topic, &[]).await?)?.json::<Topic>()?.post_stream;
        // Of the longest topics a forum does not tell the posts.
        if stream.is_empty() {
            return unknown("the posts of the topic");
        }
        let below = stream.len();
        let ids: Vec<u64> = stream.into_iter().rev().take(NEWEST).filter(|other| *other > parent.id).collect();
        for some in ids.chunks(AT_ONCE) {
            let named: Vec<String> = some.iter().map(u64::to_string).collect();
            let mut query: Vec<(&str, &str)> = named.iter().map(|id| ("post_ids[]", id.as_str())).collect();
            query.push(("include_raw", "true"));
            let path = format!("t/{}/posts.json", parent.topic_id);
            let posts = self.checked(self.ask(&path, &query).await?)?.json::<Topic>()?.post_stream.posts;
            let is_ours = |post: &&Post| {
                wanted.answers(post.topic_id, post.reply_to_post_number)
                    && post.username.eq_ignore_ascii_case(&wanted.facts.handle)
                    && wanted.is_new(&post.created_at)
                    && self.is_said(wanted, post)
            };
            if let Some(post) = posts.iter().find(is_ours) {
                return Ok(Some(self.sent(post)));
            }
            if posts.iter().any(|post| !wanted.is_new(&post.created_at)) {
                return Ok(None);
            }
        }
        if below > NEWEST && ids.len() == NEWEST { Err(too_deep(NEWEST, "posts of the topic")) } else { Ok(None) }
    }

    /// Whether the post says what the reply says.
    fn is_said(&self, wanted: &Wanted<'_>, post: &Post) -> bool {
        let cooked = || html::to_plain(&post.cooked, Some(&self.place.url)).text;
        let shown = post.raw.as_deref().map_or_else(cooked, without_files);
        same_words(&wanted.reply.text, &shown)
    }
}
