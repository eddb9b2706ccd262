//! How a network is answered: the contract of an account, of a reply, and of what may go wrong on the way.
//!
//! A reply arrives exactly once because of three things: the caller writes down that it is about to send before it sends;
//! every reply carries a key that the network itself knows again, where the network has such a thing; and where it has none,
//! [`Replies::find`] looks for our words in the thread before they are sent a second time.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use molva_domain::{Clock, PostKind, Quota, ReplyId, ReplyVisibility, Timestamp, Urn};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::html;
use crate::http::{HttpClient, Request, Response, headers};
use crate::settings::{Localized, Setting, Settings};

mod addressed;
pub mod attachment;
pub mod length;
pub(crate) mod upload;
pub(crate) mod words;

pub use addressed::addressed;
pub use attachment::{Attachment, AttachmentProblem, AttachmentRule};
pub use length::{LengthRule, LengthUnit, Measured};

/// An identity on a network, as long as something is asked of it.
#[derive(Clone, Debug)]
pub struct AccountSession {
    /// The values of [`Replies::account_settings`], secrets among them.
    pub settings: Settings,
    pub clock: Arc<dyn Clock>,
    pub http: HttpClient,
    pub cancel: CancellationToken,
}

impl AccountSession {
    /// Asks the network, or until cancelled.
    pub async fn send(&self, request: Request) -> Result<Response, ConnectorError> {
        tokio::select! {
            () = self.cancel.cancelled() => Err(ConnectorError::Cancelled),
            answer = self.http.send(request) => answer.map(|answer| answer.forget(self.settings.secrets())),
        }
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// What the network says of an account. Kept beside it, so that most questions need no network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFacts {
    /// Its id on the network, which never changes.
    pub native_id: String,
    /// As one would mention it, without the `@`.
    pub handle: String,
    pub name: Option<String>,
    /// Its page.
    pub url: Option<String>,
    /// What the token allows, in the network's words.
    pub scopes: Vec<String>,
    /// What is missing for replies, in a sentence; `None` when nothing is.
    pub missing: Option<String>,
    /// When the token ends, where the network says so.
    pub expires_at: Option<Timestamp>,
    pub quota: Option<Quota>,
    /// The network's clock less ours, in seconds.
    pub clock_skew_seconds: Option<i64>,
    pub rule: ReplyRule,
}

impl AccountFacts {
    /// Of one that answers where everybody sees it, and of whom nothing more is known.
    #[must_use]
    pub fn new(native_id: impl Into<String>, handle: impl Into<String>, length: LengthRule) -> Self {
        Self {
            native_id: native_id.into(),
            handle: handle.into(),
            name: None,
            url: None,
            scopes: Vec::new(),
            missing: None,
            expires_at: None,
            quota: None,
            clock_skew_seconds: None,
            rule: ReplyRule { length, visibilities: vec![ReplyVisibility::Public] },
        }
    }
}

/// What a reply must be like on this network, for this account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyRule {
    pub length: LengthRule,
    /// At least one; the first is proposed.
    pub visibilities: Vec<ReplyVisibility>,
}

/// What is answered. Kept beside the reply: the mention may be gone before the reply is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyTarget {
    pub urn: Urn,
    pub kind: PostKind,
    pub url: Option<String>,
    /// Without the `@`.
    pub author_handle: Option<String>,
    /// `{network}/{native id}` of the place, as posts carry it.
    pub community: Option<String>,
    pub in_reply_to: Option<Urn>,
    /// Whom it speaks to by name, or quotes: handles without the `@`, in small letters; see [`addressed`].
    #[serde(default)]
    pub addressed: Vec<String>,
    pub published_at: Timestamp,
}

/// One reply, as it is handed to the network.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The same at every try: networks that know keys get it as theirs.
    pub id: ReplyId,
    pub target: ReplyTarget,
    pub text: String,
    pub visibility: ReplyVisibility,
    /// When it was first about to be sent; nothing older is ours.
    pub first_tried_at: Option<Timestamp>,
    pub attachments: Vec<Attachment>,
}

/// What the network made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The URN under which listening will meet it.
    pub urn: Urn,
    pub url: Option<String>,
}

/// Why a mention cannot be answered from an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WhyNot {
    /// Stable word for machines: `other_server`, `not_summoned`, `window_closed`, `read_only`, `missing_right`.
    pub code: &'static str,
    pub reason: Localized,
}

/// For the stores of apps, where an account answers reviews of one app.
pub(crate) static OTHER_APP: WhyNot = WhyNot {
    code: "other_server",
    reason: Localized {
        en: "This is not a review of the app of this account.",
        ru: "Это не отзыв о приложении этой учётной записи.",
        uk: "Це не відгук про застосунок цього облікового запису.",
    },
};

/// Why a reply did not go out, and so what to do with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The network will not take it, now or later: the thread is closed, what it answers is gone, it is too long.
    #[error("{message}")]
    Refused { code: &'static str, message: String },
    /// It certainly did not arrive; it may later.
    #[error("not accepted for now: {message}")]
    Later { message: String, until: Option<Timestamp> },
    /// It may have arrived: the connection broke after the request was under way, or the answer cannot be read.
    #[error("it is not known whether it arrived: {message}")]
    Unsure { message: String },
    /// The account, not the reply: nothing goes out from it until a person acts.
    #[error("the account is not accepted: {message}")]
    Account { expired: bool, message: String },
}

impl SendError {
    /// Of an error met on the way to the network, by what it says of arrival. Ask with it for failures of
    /// [`AccountSession::send`] and for statuses that mean the same on every network; a network's own errors come first.
    #[must_use]
    pub fn of(error: ConnectorError) -> Self {
        let message = error.to_string();
        match error {
            ConnectorError::RateLimited { until } | ConnectorError::QuotaExhausted { until } => {
                Self::Later { message, until }
            }
            ConnectorError::AuthExpired => Self::Account { expired: true, message },
            ConnectorError::AuthRevoked(_) => Self::Account { expired: false, message },
            ConnectorError::Forbidden(_) => Self::Refused { code: "forbidden", message },
            ConnectorError::Gone(_) | ConnectorError::NotFound(_) => Self::Refused { code: "parent_gone", message },
            ConnectorError::Invalid { .. } => Self::Refused { code: "invalid", message },
            ConnectorError::Blocked(_) => Self::Refused { code: "address_blocked", message },
            ConnectorError::Unreachable(_) => Self::Later { message, until: None },
            ConnectorError::Transient { .. }
            | ConnectorError::Protocol(_)
            | ConnectorError::CursorLost(_)
            | ConnectorError::NotStored(_)
            | ConnectorError::Cancelled => Self::Unsure { message },
        }
    }
}

impl SendError {
    /// The network will not take it.
    #[must_use]
    pub fn refused(code: &'static str, message: impl Into<String>) -> Self {
        Self::Refused { code, message: message.into() }
    }

    /// Of an error met while something was asked for and nothing of the reply had been handed over: what is unsure else is
    /// certain here.
    #[must_use]
    pub fn before(error: ConnectorError, now: Timestamp) -> Self {
        let wait = if let ConnectorError::Transient { retry_after, .. } = &error { *retry_after } else { None };
        match Self::of(error) {
            Self::Unsure { message } => Self::Later { message, until: wait.map(|wait| now.plus(wait)) },
            other => other,
        }
    }

    /// Of an answer to the reply itself that is no success and whose words say nothing more. A server that is busy and says
    /// when to come again did not take it.
    #[must_use]
    pub fn of_answer(answer: &Response, what: &str, now: Timestamp) -> Self {
        let told = headers::retry_after(&answer.headers, now);
        match (answer.status, told) {
            (StatusCode::SERVICE_UNAVAILABLE, Some(wait)) => {
                Self::Later { message: format!("{what} is busy and asks to wait"), until: Some(now.plus(wait)) }
            }
            _ => Self::of(headers::status_error(answer.status, &answer.headers, what, now)),
        }
    }
}

/// The network's clock less ours in seconds, by the `Date` of an answer that came just now.
pub(crate) fn clock_skew(answer: &Response, now: Timestamp) -> Option<i64> {
    let theirs = Timestamp::parse(answer.header("date")?)?;
    Some(theirs.as_secs() - now.as_secs())
}

/// From when on something of ours may be found: the reply's first try by the network's clock, with some room.
pub(crate) fn not_before(reply: &Outgoing, facts: &AccountFacts) -> Timestamp {
    let room = 120 + facts.clock_skew_seconds.unwrap_or_default().unsigned_abs().min(86_400);
    reply.first_tried_at.unwrap_or_else(|| reply.id.made_at()).minus(Duration::from_secs(room))
}

/// A sentence a network answered, fit to stand in one of ours.
pub(crate) fn quoted(sentence: &str) -> String {
    let line = html::to_line(sentence);
    let line = line.trim_end_matches('.');
    line[..line.floor_char_boundary(200)].to_owned()
}

/// Whether the text is short enough for the account.
pub(crate) fn fits(facts: &AccountFacts, text: &str) -> Result<(), SendError> {
    let measured = facts.rule.length.measure(text);
    if !measured.over {
        return Ok(());
    }
    let message = format!("the text has {} of {} characters; shorten it", measured.used, measured.limit);
    Err(SendError::refused("too_long", message))
}

/// Behind so much that was written since, it may still stand: that is not known, and it must not be sent again.
pub(crate) fn too_deep(looked: usize, of_what: &str) -> ConnectorError {
    let message = format!("more than {looked} {of_what} were written since; whether it is among them is not known");
    ConnectorError::Transient { message, retry_after: None }
}

/// A network that can be answered. Implementations are unit structs; all state lives in the account and the reply.
pub trait Replies: Send + Sync {
    /// The form by which an account is connected.
    fn account_settings(&self) -> &'static [Setting];

    /// Whom the secrets belong to, and what they allow.
    fn probe<'a>(&'a self, account: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>>;

    /// Whether the mention can be answered, from what is known without asking the network.
    ///
    /// # Errors
    /// What stands in the way; the page says it and opens the original.
    fn may_reply(&self, target: &ReplyTarget, settings: &Settings, facts: &AccountFacts) -> Result<(), WhyNot>;

    /// Until when it can be answered at all, and what stands in the way afterwards; `None` where there is no end.
    fn closes_at(&self, _target: &ReplyTarget) -> Option<(Timestamp, WhyNot)> {
        None
    }

    /// With what the text has to begin so that its addressee is told of it (`@olena@m.example `). The page puts it into the
    /// empty box, where it is seen and counted; [`Replies::send`] adds it to a text from which it was taken away.
    fn greeting(&self, _target: &ReplyTarget, _settings: &Settings, _facts: &AccountFacts) -> Option<String> {
        None
    }

    /// Which files may go with a reply to it.
    ///
    /// # Errors
    /// Why none may; the page says it before anybody looks for a file.
    fn attachments(
        &self,
        _target: &ReplyTarget,
        _settings: &Settings,
        _facts: &AccountFacts,
    ) -> Result<AttachmentRule, Localized> {
        Err(attachment::NO_FILES)
    }

    /// Sends it once. Called again with the same [`Outgoing::id`] only after [`Replies::find`] found nothing.
    fn send<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Sent, SendError>>;

    /// Whether the network has it already: by its key, else by our words below what they answer.
    fn find<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>>;
}
