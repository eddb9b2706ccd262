//! Answers in topics of a Discourse forum, with an API key. The API knows no keys of ours: a reply is found (`look.rs`) by its
//! author, by what it answers and by its words; the forum itself refuses what is too similar within minutes (422).

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use molva_domain::{Secret, Timestamp, Urn};
use serde::Deserialize;
use serde_json::{Value, json};

use super::NETWORK;
use super::account_form::SETTINGS;
use super::upload;
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::forum::{self, Place};
use crate::http::{Request, Response};
use crate::pace::Recent;
use crate::reply::{
    AccountFacts, AccountSession, AttachmentRule, LengthRule, LengthUnit, Outgoing, Replies, ReplyTarget, SendError,
    Sent, WhyNot, clock_skew, fits, quoted,
};
use crate::settings::{Localized, Setting, Settings};
use crate::shared;

/// What forums allow when their owner changed nothing (`max_post_length`).
const USUAL_LIMIT: u32 = 32_000;
/// A key may ask sixty times in sixty seconds; the rest is for what listens with it.
const A_MINUTE: usize = 54;
const MAX_ANSWER_BYTES: u64 = 16 << 20;

/// The network as one answers on it.
#[derive(Debug)]
pub(super) struct DiscourseReplies;

pub(super) struct Account<'a> {
    pub(super) session: &'a AccountSession,
    pub(super) place: Place,
    user: String,
    key: Secret,
    recent: Arc<Recent>,
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
pub(super) struct Post {
    pub(super) id: u64,
    pub(super) topic_id: u64,
    pub(super) topic_slug: Option<String>,
    pub(super) post_number: u64,
    pub(super) reply_to_post_number: Option<u64>,
    pub(super) username: String,
    pub(super) created_at: String,
    pub(super) raw: Option<String>,
    pub(super) cooked: String,
    pub(super) hidden: bool,
    pub(super) user_deleted: bool,
    pub(super) deleted_at: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Topic {
    pub(super) post_stream: Stream,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Stream {
    /// Ids of all its posts, in order.
    pub(super) stream: Vec<u64>,
    pub(super) posts: Vec<Post>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Refusal {
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
                return Err(ConnectorError::Protocol(format!(
                    "{} does not say whose the key is",
                    account.place.instance
                )));
            }
            Ok(AccountFacts {
                url: account.place.page(&format!("u/{}", user.username)),
                name: user.name.filter(|name| !name.trim().is_empty()),
                clock_skew_seconds: skew,
                ..AccountFacts::new(
                    user.id.to_string(),
                    user.username,
                    LengthRule::new(USUAL_LIMIT, LengthUnit::Characters),
                )
            })
        })
    }

    fn may_reply(&self, target: &ReplyTarget, settings: &Settings, _facts: &AccountFacts) -> Result<(), WhyNot> {
        forum::may_reply(NETWORK, target, settings)
    }

    fn attachments(
        &self,
        _target: &ReplyTarget,
        _settings: &Settings,
        _facts: &AccountFacts,
    ) -> Result<AttachmentRule, Localized> {
        Ok(upload::RULE)
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
            let id = post_of(&reply.target).ok_or_else(|| forum.gone())?;
            let parent = forum.post(id).await.map_err(before)?.ok_or_else(|| forum.gone())?;
            let raw = upload::with_files(&forum, reply.text.trim(), &reply.attachments).await?;
            fits(facts, &raw)?;
            let body = json!({
                "raw": raw, "topic_id": parent.topic_id, "reply_to_post_number": parent.post_number,
            });
            let request = forum.request(Method::POST, "posts.json", &[]).map_err(before)?.json(&body);
            forum.room().map_err(before)?;
            let answer = account.send(request).await.map_err(SendError::of)?;
            if !answer.status.is_success() {
                return forum.refused(&answer, facts, reply).await;
            }
            let said: Value = answer.json().map_err(SendError::of)?;
            if let Some(pending) = said.pointer("/pending_post/id").and_then(Value::as_u64) {
                return Ok(forum.waits(pending, reply));
            }
            match serde_json::from_value::<Post>(said) {
                Ok(post) if post.id > 0 => Ok(forum.sent(&post)),
                _ => Err(SendError::Unsure {
                    message: format!("{} took it and did not say as what", forum.place.instance),
                }),
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

/// The id of the post that is answered.
pub(super) fn post_of(target: &ReplyTarget) -> Option<u64> {
    forum::answered(NETWORK, target)?.1.parse().ok()
}

impl<'a> Account<'a> {
    fn of(session: &'a AccountSession) -> Result<Self, ConnectorError> {
        let settings = &session.settings;
        let place = Place::new(settings)?;
        let key = settings.needed_secret("api_key", "is required")?.clone();
        let user = settings.needed("api_username", "is required")?.to_owned();
        let recent = shared::of(&[NETWORK, place.url.as_str(), key.expose()]);
        Ok(Self { session, place, user, key, recent })
    }

    pub(super) fn request(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Request, ConnectorError> {
        let url = self.place.asked(path, query)?;
        let request = Request::new(method, url).header("accept", "application/json").max_body_bytes(MAX_ANSWER_BYTES);
        Ok(request.secret_header("api-key", &self.key).header("api-username", &self.user))
    }

    pub(super) async fn ask(&self, path: &str, query: &[(&str, &str)]) -> Result<Response, ConnectorError> {
        self.room()?;
        self.session.send(self.request(Method::GET, path, query)?).await
    }

    /// Whether the key may ask once more now.
    pub(super) fn room(&self) -> Result<(), ConnectorError> {
        self.recent
            .come(A_MINUTE, Duration::from_secs(60))
            .map_err(|wait| ConnectorError::RateLimited { until: Some(self.session.now().plus(wait)) })
    }

    /// A post that can be answered.
    pub(super) async fn post(&self, id: u64) -> Result<Option<Post>, ConnectorError> {
        let answer = self.ask(&format!("posts/{id}.json"), &[]).await?;
        if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Ok(None);
        }
        let post: Post = self.checked(answer)?.json()?;
        Ok(Some(post).filter(|post| !post.hidden && !post.user_deleted && post.deleted_at.is_none()))
    }

    /// Whether what is answered can still be.
    async fn still_there(&self, reply: &Outgoing) -> Result<bool, ConnectorError> {
        match post_of(&reply.target) {
            Some(id) => Ok(self.post(id).await?.is_some()),
            None => Ok(false),
        }
    }

    pub(super) fn sent(&self, post: &Post) -> Sent {
        let slug = post.topic_slug.as_deref().filter(|slug| !slug.is_empty()).unwrap_or("-");
        Sent {
            urn: Urn::of(NETWORK, Some(&self.place.instance), "post", &post.id.to_string()),
            url: self.place.page(&format!("t/{slug}/{}/{}", post.topic_id, post.post_number)),
        }
    }

    /// It gets its own number when a moderator lets it through.
    pub(super) fn waits(&self, id: u64, reply: &Outgoing) -> Sent {
        let urn = Urn::of(NETWORK, Some(&self.place.instance), "pending", &id.to_string());
        Sent { urn, url: reply.target.url.clone() }
    }

    fn gone(&self) -> SendError {
        forum::gone(&self.place.instance)
    }

    fn closed(&self, said: &str) -> SendError {
        let (forum, user) = (&self.place.instance, &self.user);
        SendError::refused(
            "thread_closed",
            format!("{forum} does not let `{user}` post there ({said}); the topic may be closed"),
        )
    }

    fn key_refused(&self, said: &str) -> String {
        format!(
            "{} does not take the API key for the user `{}` ({said}); ask an administrator for a new one, under Admin, API",
            self.place.instance, self.user
        )
    }

    /// An answer that is none.
    pub(super) fn checked(&self, answer: Response) -> Result<Response, ConnectorError> {
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
            _ => answer.error_for_status(&self.place.instance, now),
        }
    }

    /// What the forum said instead of taking the post.
    async fn refused(&self, answer: &Response, facts: &AccountFacts, reply: &Outgoing) -> Result<Sent, SendError> {
        let refusal = refusal(answer);
        let said = refusal.said();
        let lower = said.to_lowercase();
        let forum = &self.place.instance;
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
                // That a topic was closed or deleted meanwhile is told in one sentence: which of both, what is there tells.
                Ok(None) => match self.still_there(reply).await {
                    Ok(false) => self.gone(),
                    Ok(true) if lower.contains("closed") => self.closed(&said),
                    Ok(true) if lower.contains("deleted") => self.gone(),
                    Ok(true) => {
                        SendError::refused("invalid", format!("{forum} does not take the text ({said}); change it"))
                    }
                    Err(error) => SendError::before(error, now),
                },
                Err(error) => SendError::Unsure { message: error.to_string() },
            },
            // A key that is no longer good and a topic that is closed are told in the same words: the key is tried.
            StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => match self.ask("session/current.json", &[]).await {
                Ok(who) if who.status.is_success() => self.closed(&said),
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
    pub(super) fn said(&self) -> String {
        let words = self.errors.join("; ");
        quoted(if words.is_empty() { &self.error_type } else { &words })
    }

    fn until(&self, now: Timestamp) -> Option<Timestamp> {
        let seconds = self.extras.wait_seconds.filter(|seconds| (0.0..=86_400.0).contains(seconds))?;
        Some(now.plus(Duration::from_secs_f64(seconds.ceil())))
    }
}

pub(super) fn refusal(answer: &Response) -> Refusal {
    let mut refusal: Refusal = serde_json::from_slice(&answer.body).unwrap_or_default();
    if refusal.errors.is_empty() && refusal.error_type.is_empty() {
        refusal.error_type = format!("status {}", answer.status.as_u16());
    }
    refusal
}
