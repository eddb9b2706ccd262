//! Answers in topics of a NodeBB forum, over its API for writing. The API knows no keys of ours: a reply is found among what its user
//! wrote and what waits for moderators, by what it answers and by its words. Contract: <https://docs.nodebb.org/api/write/>.

use std::time::Duration;

use http::{Method, StatusCode};
use molva_domain::{Secret, Urn};
use serde::Deserialize;
use serde_json::{Value, json};

use super::account_form::SETTINGS;
use super::{NETWORK, id};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::forum::{self, Place};
use crate::http::{Request, Response};
use crate::reply::{
    AccountFacts, AccountSession, LengthRule, LengthUnit, Outgoing, Replies, ReplyTarget, SendError, Sent, WhyNot,
    clock_skew, fits, quoted,
};
use crate::settings::{Setting, Settings};

/// What forums allow when their owner changed nothing.
const USUAL_LIMIT: u32 = 32_767;
const MAX_ANSWER_BYTES: u64 = 16 << 20;

/// The network as one answers on it.
#[derive(Debug)]
pub(super) struct NodeBbReplies;

pub(super) struct Account<'a> {
    pub(super) session: &'a AccountSession,
    pub(super) place: Place,
    token: Secret,
    /// In whose name, with a token of the forum itself.
    user: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct User {
    uid: Value,
    username: String,
    displayname: Option<String>,
    userslug: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Config {
    maximum_post_length: Option<u32>,
}

/// Every answer of the part for writing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer<T> {
    status: Status,
    pub(super) response: T,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Status {
    message: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Written {
    pid: Value,
    tid: Value,
    deleted: Value,
    /// It waits for a moderator under this name.
    queued: bool,
    id: Value,
}

impl Replies for NodeBbReplies {
    fn account_settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    fn probe<'a>(&'a self, session: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move {
            let account = Account::of(session)?;
            let answer = account.ask("api/self", &[]).await?;
            if matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
                return Err(ConnectorError::AuthRevoked(account.token_refused()));
            }
            let answer = answer.error_for_status(&account.place.instance, session.now())?;
            let skew = clock_skew(&answer, session.now());
            let user: User = answer.json()?;
            let Some(native_id) = id(&user.uid).filter(|_| !user.username.is_empty()) else {
                let message = format!("{} does not say whose the token is", account.place.instance);
                return Err(ConnectorError::Protocol(message));
            };
            let config: Config = account.ask("api/config", &[]).await?.json().unwrap_or_default();
            let limit = config.maximum_post_length.filter(|limit| *limit > 0).unwrap_or(USUAL_LIMIT);
            Ok(AccountFacts {
                url: account.place.page(&format!("user/{}", user.userslug)),
                name: user.displayname.filter(|name| !name.trim().is_empty()),
                clock_skew_seconds: skew,
                ..AccountFacts::new(native_id, user.username, LengthRule::new(limit, LengthUnit::Characters))
            })
        })
    }

    fn may_reply(&self, target: &ReplyTarget, settings: &Settings, _facts: &AccountFacts) -> Result<(), WhyNot> {
        forum::may_reply(NETWORK, target, settings)
    }

    fn send<'a>(
        &'a self,
        session: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            let before = |error| SendError::before(error, session.now());
            fits(facts, reply.text.trim())?;
            let account = Account::of(session).map_err(before)?;
            let (_, pid) = forum::answered(NETWORK, &reply.target).ok_or_else(|| account.gone())?;
            let topic = account.topic_of(&pid).await.map_err(before)?.ok_or_else(|| account.gone())?;
            let body = json!({ "content": reply.text.trim(), "toPid": pid });
            let request = account.request(Method::POST, &format!("api/v3/topics/{topic}"), &[]).map_err(before)?;
            let answer = session.send(request.json(&body)).await.map_err(SendError::of)?;
            if !answer.status.is_success() {
                return Err(account.refused(&answer));
            }
            let made = answer.json::<Answer<Written>>().map_err(SendError::of)?.response;
            if made.queued {
                return Ok(account.waits(&id(&made.id).unwrap_or_else(|| reply.id.to_string()), reply));
            }
            id(&made.pid).map(|pid| account.sent(&pid)).ok_or_else(|| SendError::Unsure {
                message: format!("{} took it and did not say as what", account.place.instance),
            })
        })
    }

    fn find<'a>(
        &'a self,
        session: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>> {
        Box::pin(async move {
            let Some((_, parent)) = forum::answered(NETWORK, &reply.target) else { return Ok(None) };
            Account::of(session)?.find(facts, reply, &parent).await
        })
    }
}

impl<'a> Account<'a> {
    fn of(session: &'a AccountSession) -> Result<Self, ConnectorError> {
        let settings = &session.settings;
        let token = settings
            .needed_secret("token", "is required: an administrator of the forum makes it under Settings, API Access")?
            .clone();
        Ok(Self { session, place: Place::new(settings)?, token, user: settings.text("user_id").map(str::to_owned) })
    }

    fn request(&self, method: Method, path: &str, query: &[(&str, &str)]) -> Result<Request, ConnectorError> {
        let mut url = self.place.asked(path, query)?;
        if let Some(user) = &self.user {
            url.query_pairs_mut().append_pair("_uid", user);
        }
        let request = Request::new(method, url).header("accept", "application/json").bearer(&self.token);
        Ok(request.max_body_bytes(MAX_ANSWER_BYTES))
    }

    pub(super) async fn ask(&self, path: &str, query: &[(&str, &str)]) -> Result<Response, ConnectorError> {
        self.session.send(self.request(Method::GET, path, query)?).await
    }

    /// The topic of a post that can be answered.
    async fn topic_of(&self, pid: &str) -> Result<Option<String>, ConnectorError> {
        let answer = self.ask(&format!("api/v3/posts/{pid}"), &[]).await?;
        if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Ok(None);
        }
        if answer.status == StatusCode::UNAUTHORIZED {
            return Err(ConnectorError::AuthRevoked(self.token_refused()));
        }
        let post: Answer<Written> = answer.error_for_status(&self.place.instance, self.session.now())?.json()?;
        let post = post.response;
        let is_gone = post.deleted == Value::Bool(true) || post.deleted.as_u64() == Some(1);
        Ok(id(&post.tid).filter(|_| !is_gone))
    }

    /// It gets its own number when it is let through.
    pub(super) fn waits(&self, id: &str, reply: &Outgoing) -> Sent {
        Sent { urn: self.urn("queued", id), url: reply.target.url.clone() }
    }

    fn urn(&self, kind: &str, id: &str) -> Urn {
        Urn::of(NETWORK, Some(&self.place.instance), kind, id)
    }

    pub(super) fn sent(&self, pid: &str) -> Sent {
        Sent { urn: self.urn("post", pid), url: self.place.page(&format!("post/{pid}")) }
    }

    fn gone(&self) -> SendError {
        forum::gone(&self.place.instance)
    }

    fn token_refused(&self) -> String {
        format!(
            "{} does not take the token; ask an administrator for a new one, under Settings, API Access",
            self.place.instance
        )
    }

    /// What the forum said instead of taking the post. It says it in its own language.
    fn refused(&self, answer: &Response) -> SendError {
        let said = serde_json::from_slice::<Answer<Value>>(&answer.body).unwrap_or_default().status.message;
        let (said, lower) = (quoted(&said), said.to_lowercase());
        let forum = &self.place.instance;
        let now = self.session.now();
        match answer.status {
            StatusCode::UNAUTHORIZED => SendError::Account { expired: false, message: self.token_refused() },
            StatusCode::FORBIDDEN => {
                SendError::refused("forbidden", format!("{forum} does not let this user post there ({said})"))
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => self.gone(),
            StatusCode::BAD_REQUEST if lower.contains("locked") => {
                SendError::refused("thread_closed", format!("the topic is closed ({said}); open the original"))
            }
            StatusCode::BAD_REQUEST if lower.contains("shorter post") => {
                SendError::refused("too_long", format!("{forum} finds the text too long ({said}); shorten it"))
            }
            StatusCode::BAD_REQUEST if lower.contains("post once every") || lower.contains("please wait") => {
                let seconds = lower.split(|sign: char| !sign.is_ascii_digit()).find_map(|digits| digits.parse().ok());
                let wait = seconds.filter(|seconds| *seconds <= 86_400).map(Duration::from_secs);
                let message = format!("{forum} takes no more posts for a moment ({said})");
                SendError::Later { message, until: wait.map(|wait| now.plus(wait)) }
            }
            StatusCode::BAD_REQUEST => {
                SendError::refused("invalid", format!("{forum} does not take the text ({said}); change it"))
            }
            _ => SendError::of_answer(answer, forum, now),
        }
    }
}
