//! Answers in topics of a Discourse forum, with an API key. The API knows no keys of ours: a reply is found by its author, by
//! what it answers and by its words at the end of the topic; the forum itself refuses what is too similar within minutes (422).

use std::time::Duration;

use http::{Method, StatusCode};
use molva_domain::{PostKind, ReplyVisibility, Secret, Timestamp, Urn};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::account_form::{OTHER_FORUM, SETTINGS};
use super::{NETWORK, place};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::html;
use crate::http::{Request, Response};
use crate::reply::words::same_words;
use crate::reply::{
    AccountFacts, AccountSession, LengthRule, LengthUnit, Outgoing, Replies, ReplyRule, ReplyTarget, SendError, Sent,
    WhyNot, clock_skew, fits, not_before, quoted,
};
use crate::settings::{Setting, Settings};

/// What forums allow when their owner changed nothing (`max_post_length`).
const USUAL_LIMIT: u32 = 32_000;
/// Newest posts of a topic that are looked through for a reply.
const NEWEST: usize = 100;
/// Posts asked for at once.
const AT_ONCE: usize = 20;
const MAX_ANSWER_BYTES: u64 = 16 << 20;

/// The network as one answers on it.
#[derive(Debug)]
pub(super) struct DiscourseReplies;

struct Account<'a> {
    session: &'a AccountSession,
    /// The front page, with a slash at the end.
    url: Url,
    instance: String,
    user: String,
    key: Secret,
}

#[derive(Debug, Deserialize)]
struct Current {
    current_user: User,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct User {
    id: i64,
    username: String,
    name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Post {
    id: u64,
    topic_id: u64,
    topic_slug: Option<String>,
    post_number: u64,
    reply_to_post_number: Option<u64>,
    username: String,
    created_at: String,
    raw: Option<String>,
    cooked: String,
    hidden: bool,
    user_deleted: bool,
    deleted_at: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Topic {
    post_stream: Stream,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Stream {
    /// Ids of all its posts, in order.
    stream: Vec<u64>,
    posts: Vec<Post>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Refusal {
    errors: Vec<String>,
    error_type: String,
    extras: Extras,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Extras {
    wait_seconds: Option<f64>,
}

impl Replies for DiscourseReplies {
    fn account_settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    fn probe<'a>(&'a self, account: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move {
            let account = Account::of(account)?;
            let answer = account.ask("session/current.json", &[]).await?;
            if answer.status == StatusCode::NOT_FOUND {
                return Err(ConnectorError::AuthRevoked(account.key_refused("nobody is logged in by it")));
            }
            let answer = account.checked(answer)?;
            let skew = clock_skew(&answer, account.session.now());
            let user = answer.json::<Current>()?.current_user;
            if user.username.is_empty() {
                return Err(ConnectorError::Protocol(format!("{} does not say whose the key is", account.instance)));
            }
            Ok(AccountFacts {
                native_id: user.id.to_string(),
                url: account.url.join(&format!("u/{}", user.username)).ok().map(String::from),
                handle: user.username,
                name: user.name.filter(|name| !name.trim().is_empty()),
                scopes: Vec::new(),
                missing: None,
                expires_at: None,
                quota: None,
                clock_skew_seconds: skew,
                rule: ReplyRule {
                    length: LengthRule::new(USUAL_LIMIT, LengthUnit::Characters),
                    visibilities: vec![ReplyVisibility::Public],
                },
            })
        })
    }

    fn may_reply(&self, target: &ReplyTarget, settings: &Settings, _facts: &AccountFacts) -> Result<(), WhyNot> {
        match (place(settings), post_of(target)) {
            (Ok((_, own)), Some((instance, _))) if own == instance && target.kind != PostKind::Repost => Ok(()),
            _ => Err(OTHER_FORUM),
        }
    }

    fn send<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            let before = |error| SendError::before(error, account.now());
            fits(facts, reply.text.trim())?;
            let forum = Account::of(account).map_err(before)?;
            let (_, id) = post_of(&reply.target).ok_or_else(|| forum.gone())?;
            let parent = forum.post(id).await.map_err(before)?.ok_or_else(|| forum.gone())?;
            let body = json!({
                "raw": reply.text.trim(), "topic_id": parent.topic_id, "reply_to_post_number": parent.post_number,
            });
            let request = forum.request(Method::POST, "posts.json", &[]).map_err(before)?.json(&body);
            let answer = account.send(request).await.map_err(SendError::of)?;
            if !answer.status.is_success() {
                return forum.refused(&answer, facts, reply).await;
            }
            let said: Value = answer.json().map_err(SendError::of)?;
            if let Some(pending) = said.pointer("/pending_post/id").and_then(Value::as_u64) {
                // It waits for a moderator and gets its own number when it is let through.
                let urn = Urn::of(NETWORK, Some(&forum.instance), "pending", &pending.to_string());
                return Ok(Sent { urn, url: reply.target.url.clone() });
            }
            match serde_json::from_value::<Post>(said) {
                Ok(post) if post.id > 0 => Ok(forum.sent(&post)),
                _ => Err(SendError::Unsure { message: format!("{} took it and did not say as what", forum.instance) }),
            }
        })
    }

    fn find<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>> {
        Box::pin(async move { Account::of(account)?.find(facts, reply).await })
    }
}

/// The forum and the id of the post that is answered.
fn post_of(target: &ReplyTarget) -> Option<(String, u64)> {
    let parts = target.urn.parts().filter(|parts| parts.network == NETWORK && parts.kind == "post")?;
    Some((parts.instance?, parts.native.parse().ok()?))
}

impl<'a> Account<'a> {
    fn of(session: &'a AccountSession) -> Result<Self, ConnectorError> {
        let settings = &session.settings;
        let required = |setting: &'static str| ConnectorError::Invalid { setting, message: "is required".to_owned() };
        let (url, instance) = place(settings)?;
        Ok(Self {
            session,
            url,
            instance,
            user: settings.text("api_username").map(str::to_owned).ok_or_else(|| required("api_username"))?,
            key: settings.secret("api_key").cloned().ok_or_else(|| required("api_key"))?,
        })
    }

    fn request(&self, method: Method, path: &str, query: &[(&str, &str)]) -> Result<Request, ConnectorError> {
        let mut url = self.url.join(path).map_err(|error| ConnectorError::Invalid {
            setting: "url",
            message: format!("has no place for `{path}`: {error}"),
        })?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = Request::new(method, url).header("accept", "application/json").max_body_bytes(MAX_ANSWER_BYTES);
        Ok(request.secret_header("api-key", &self.key).header("api-username", &self.user))
    }

    async fn ask(&self, path: &str, query: &[(&str, &str)]) -> Result<Response, ConnectorError> {
        self.session.send(self.request(Method::GET, path, query)?).await
    }

    /// A post that can be answered.
    async fn post(&self, id: u64) -> Result<Option<Post>, ConnectorError> {
        let answer = self.ask(&format!("posts/{id}.json"), &[]).await?;
        if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Ok(None);
        }
        let post: Post = self.checked(answer)?.json()?;
        Ok(Some(post).filter(|post| !post.hidden && !post.user_deleted && post.deleted_at.is_none()))
    }

    async fn find(&self, facts: &AccountFacts, reply: &Outgoing) -> Result<Option<Sent>, ConnectorError> {
        let Some((_, id)) = post_of(&reply.target) else { return Ok(None) };
        let Some(parent) = self.post(id).await? else { return Ok(None) };
        let topic = format!("t/{}.json", parent.topic_id);
        let topic: Topic = self.checked(self.ask(&topic, &[]).await?)?.json()?;
        let since = not_before(reply, facts);
        let ids: Vec<u64> =
            topic.post_stream.stream.into_iter().rev().take(NEWEST).filter(|other| *other > id).collect();
        for some in ids.chunks(AT_ONCE) {
            let wanted: Vec<String> = some.iter().map(u64::to_string).collect();
            let mut query: Vec<(&str, &str)> = wanted.iter().map(|id| ("post_ids[]", id.as_str())).collect();
            query.push(("include_raw", "true"));
            let path = format!("t/{}/posts.json", parent.topic_id);
            let posts = self.checked(self.ask(&path, &query).await?)?.json::<Topic>()?.post_stream.posts;
            let is_ours = |post: &&Post| {
                // Answers to the first post of a topic often say nothing of what they answer.
                let answers = post.reply_to_post_number == Some(parent.post_number)
                    || (post.reply_to_post_number.is_none() && parent.post_number == 1);
                let cooked = || html::to_plain(&post.cooked, Some(&self.url)).text;
                let said = post.raw.clone().unwrap_or_else(cooked);
                answers
                    && post.username.eq_ignore_ascii_case(&facts.handle)
                    && Timestamp::parse(&post.created_at).is_some_and(|at| at >= since)
                    && same_words(&reply.text, &said)
            };
            if let Some(post) = posts.iter().find(is_ours) {
                return Ok(Some(self.sent(post)));
            }
        }
        Ok(None)
    }

    fn sent(&self, post: &Post) -> Sent {
        let slug = post.topic_slug.as_deref().filter(|slug| !slug.is_empty()).unwrap_or("-");
        Sent {
            urn: Urn::of(NETWORK, Some(&self.instance), "post", &post.id.to_string()),
            url: self.url.join(&format!("t/{slug}/{}/{}", post.topic_id, post.post_number)).ok().map(String::from),
        }
    }

    fn gone(&self) -> SendError {
        SendError::refused(
            "parent_gone",
            format!("the post is no longer on {}; there is nothing to answer any more", self.instance),
        )
    }

    fn key_refused(&self, said: &str) -> String {
        format!(
            "{} does not take the API key for the user `{}` ({said}); ask an administrator for a new one, under Admin, API",
            self.instance, self.user
        )
    }

    /// An answer that is none.
    fn checked(&self, answer: Response) -> Result<Response, ConnectorError> {
        if answer.status.is_success() {
            return Ok(answer);
        }
        let refusal = refusal(&answer);
        let now = self.session.now();
        match answer.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Err(ConnectorError::AuthRevoked(self.key_refused(&refusal.said())))
            }
            StatusCode::TOO_MANY_REQUESTS if refusal.extras.wait_seconds.is_some() => {
                Err(ConnectorError::RateLimited { until: refusal.until(now) })
            }
            _ => answer.error_for_status(&self.instance, now),
        }
    }

    /// What the forum said instead of taking the post.
    async fn refused(&self, answer: &Response, facts: &AccountFacts, reply: &Outgoing) -> Result<Sent, SendError> {
        let refusal = refusal(answer);
        let said = refusal.said();
        let lower = said.to_lowercase();
        let forum = &self.instance;
        let now = self.session.now();
        Err(match answer.status {
            StatusCode::UNPROCESSABLE_ENTITY => match self.find(facts, reply).await {
                // Words of another language say the same: what is there is not refused.
                Ok(Some(sent)) => return Ok(sent),
                Ok(None) if lower.contains("similar") => SendError::refused(
                    "duplicate",
                    format!("{forum} finds it too similar to another post of this user ({said}); say it otherwise"),
                ),
                Ok(None) if lower.contains("maximum") || lower.contains("too long") || lower.contains("limited to") => {
                    SendError::refused("too_long", format!("{forum} finds the text too long ({said}); shorten it"))
                }
                Ok(None) => {
                    SendError::refused("invalid", format!("{forum} does not take the text ({said}); change it"))
                }
                Err(error) => SendError::Unsure { message: error.to_string() },
            },
            // A key that is no longer good and a topic that is closed are told in the same words: the key is tried.
            StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => match self.ask("session/current.json", &[]).await {
                Ok(who) if who.status.is_success() => SendError::refused(
                    "thread_closed",
                    format!("{forum} does not let `{}` post there ({said}); the topic may be closed", self.user),
                ),
                _ => SendError::Account { expired: false, message: self.key_refused(&said) },
            },
            StatusCode::NOT_FOUND | StatusCode::GONE => self.gone(),
            StatusCode::TOO_MANY_REQUESTS if refusal.extras.wait_seconds.is_some() => SendError::Later {
                message: format!("{forum} takes no more posts for a moment ({said})"),
                until: refusal.until(now),
            },
            _ => SendError::of_answer(answer, forum, now),
        })
    }
}

impl Refusal {
    fn said(&self) -> String {
        let words = self.errors.join("; ");
        quoted(if words.is_empty() { &self.error_type } else { &words })
    }

    fn until(&self, now: Timestamp) -> Option<Timestamp> {
        let seconds = self.extras.wait_seconds.filter(|seconds| (0.0..=86_400.0).contains(seconds))?;
        Some(now.plus(Duration::from_secs_f64(seconds.ceil())))
    }
}

fn refusal(answer: &Response) -> Refusal {
    let mut refusal: Refusal = serde_json::from_slice(&answer.body).unwrap_or_default();
    if refusal.errors.is_empty() && refusal.error_type.is_empty() {
        refusal.error_type = format!("status {}", answer.status.as_u16());
    }
    refusal
}
