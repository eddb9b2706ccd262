//! Answers on YouTube: below the comment at the top of a thread, or below a video. Each costs fifty units of the day. The API knows no
//! keys of ours: a reply is found by its channel and its words among what stands below what it answers, and what is held back there.

use http::{Method, StatusCode};
use molva_domain::{PostKind, Secret, Urn};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::account_form::{MISSING_RIGHT, OTHER_NETWORK, SETTINGS};
use super::budget::next_midnight;
use super::comment::SITE;
use super::oauth::COMMENT;
use super::{Answer, MAX_PAGE_BYTES, NETWORK};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::google::Refusal;
use crate::google::access::{Access, Token};
use crate::http::{Request, Response, parse_url};
use crate::reply::{
    AccountFacts, AccountSession, LengthRule, LengthUnit, Outgoing, Replies, ReplyTarget, SendError, Sent, WhyNot,
    clock_skew, fits, quoted,
};
use crate::settings::{Setting, Settings};

const SERVICE: &str = "the YouTube Data API v3";
/// Characters of a comment.
const LONGEST: u32 = 10_000;
/// The right to comment.
const RIGHT: &str = "youtube.force-ssl";

/// The network as one answers on it.
#[derive(Debug)]
pub(super) struct YouTubeReplies;

pub(super) struct Account<'a> {
    session: &'a AccountSession,
    base: Url,
    way: Way,
}

/// How one comes to a token.
enum Way {
    /// A person's consent, kept alive elsewhere.
    Consent(Secret),
    Own {
        client: String,
        secret: Secret,
        lasting: Secret,
        access: Access,
    },
}

/// Where an answer goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Below the comment at the top of a thread.
    Thread(String),
    Video(String),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Thing {
    pub(super) id: String,
    pub(super) snippet: Snippet,
    // Of a thread.
    replies: Below,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Below {
    comments: Vec<Thing>,
}

impl Thing {
    /// Of a thread, also what stands below its top.
    pub(super) fn all(mut self) -> impl Iterator<Item = Self> {
        let below = std::mem::take(&mut self.replies.comments);
        std::iter::once(self.said()).chain(below)
    }

    /// The comment at its top, of a thread.
    fn said(mut self) -> Self {
        self.snippet.top_level_comment.take().map_or(self, |top| *top)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Snippet {
    // Of a channel.
    title: String,
    custom_url: Option<String>,
    // Of a comment.
    pub(super) video_id: Option<String>,
    pub(super) author_channel_id: Option<Value>,
    pub(super) text_original: Option<String>,
    pub(super) text_display: Option<String>,
    pub(super) published_at: Option<String>,
    // Of a thread.
    top_level_comment: Option<Box<Thing>>,
}

impl Replies for YouTubeReplies {
    fn account_settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    fn probe<'a>(&'a self, session: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move {
            let account = Account::of(session)?;
            let scopes = account.token().await?.scopes;
            let answer = account.ask(Method::GET, "channels", &[("part", "snippet"), ("mine", "true")], None).await?;
            let answer = account.checked(answer)?;
            let channel = answer.json::<Answer>()?.items.into_iter().next();
            let channel = channel.and_then(|raw| serde_json::from_value::<Thing>(raw).ok()).unwrap_or_default();
            if channel.id.is_empty() {
                let message =
                    "this Google account has no channel of YouTube; make one, or choose the channel when you consent";
                return Err(ConnectorError::AuthRevoked(message.to_owned()));
            }
            let handle = channel.snippet.custom_url.filter(|handle| !handle.is_empty());
            let handle = handle.unwrap_or_else(|| channel.id.clone()).trim_start_matches('@').to_owned();
            let missing = (!may_write(&scopes)).then(|| format!("the token lacks the right `{RIGHT}`"));
            Ok(AccountFacts {
                url: Some(format!("{SITE}/channel/{}", channel.id)),
                name: Some(channel.snippet.title).filter(|name| !name.trim().is_empty()),
                scopes,
                missing,
                clock_skew_seconds: clock_skew(&answer, session.now()),
                ..AccountFacts::new(channel.id, handle, LengthRule::new(LONGEST, LengthUnit::Characters))
            })
        })
    }

    fn may_reply(&self, target: &ReplyTarget, _settings: &Settings, facts: &AccountFacts) -> Result<(), WhyNot> {
        match Place::of(target) {
            None => Err(OTHER_NETWORK),
            Some(_) if !may_write(&facts.scopes) => Err(MISSING_RIGHT),
            Some(_) => Ok(()),
        }
    }

    /// Threads are one deep: only a mention tells whom an answer to a reply is for.
    fn greeting(&self, target: &ReplyTarget, _settings: &Settings, facts: &AccountFacts) -> Option<String> {
        let handle = target.author_handle.as_deref()?.trim_start_matches('@');
        (target.kind == PostKind::Reply && !handle.is_empty() && handle != facts.handle).then(|| format!("@{handle} "))
    }

    fn send<'a>(
        &'a self,
        session: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            let before = |error| SendError::before(error, session.now());
            let text = self.addressed(session, facts, reply);
            fits(facts, &text)?;
            let place = Place::of(&reply.target).ok_or_else(gone)?;
            let account = Account::of(session).map_err(before)?;
            account.token().await.map_err(before)?;
            let (method, body) = match &place {
                Place::Thread(id) => ("comments", json!({"snippet": {"parentId": id, "textOriginal": text}})),
                Place::Video(id) => {
                    let comment = json!({"snippet": {"textOriginal": text}});
                    ("commentThreads", json!({"snippet": {"videoId": id, "topLevelComment": comment}}))
                }
            };
            let answer = account.ask(Method::POST, method, &[("part", "snippet")], Some(&body)).await;
            let answer = answer.map_err(SendError::of)?;
            if !answer.status.is_success() {
                return Err(account.refused(answer));
            }
            let made = answer.json::<Thing>().map_err(SendError::of)?.said();
            if made.id.is_empty() {
                return Err(SendError::Unsure { message: "YouTube took it and did not say as what".to_owned() });
            }
            Ok(sent(&made, &place, reply))
        })
    }

    fn find<'a>(
        &'a self,
        session: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>> {
        Box::pin(async move {
            let Some(place) = Place::of(&reply.target) else { return Ok(None) };
            let text = self.addressed(session, facts, reply);
            let found = Account::of(session)?.find(facts, reply, &place, &text).await?;
            Ok(found.map(|comment| sent(&comment, &place, reply)))
        })
    }
}

impl YouTubeReplies {
    /// With the mention of whom it answers, also where it was taken away.
    fn addressed(&self, session: &AccountSession, facts: &AccountFacts, reply: &Outgoing) -> String {
        let text = reply.text.trim();
        match self.greeting(&reply.target, &session.settings, facts) {
            Some(greeting) if !text.is_empty() && !text.contains(greeting.trim()) => format!("{greeting}{text}"),
            _ => text.to_owned(),
        }
    }
}

impl Place {
    fn of(target: &ReplyTarget) -> Option<Self> {
        let parts = target.urn.parts().filter(|parts| parts.network == NETWORK && !parts.native.is_empty())?;
        match &*parts.kind {
            // A reply bears the name of its thread before a dot.
            "comment" => Some(Self::Thread(parts.native.split('.').next()?.to_owned())),
            "video" => Some(Self::Video(parts.native.to_string())),
            _ => None,
        }
    }
}

fn may_write(scopes: &[String]) -> bool {
    scopes.is_empty() || scopes.iter().any(|scope| scope.ends_with(RIGHT))
}

fn sent(comment: &Thing, place: &Place, reply: &Outgoing) -> Sent {
    let video = match place {
        Place::Video(id) => Some(id.clone()),
        // Replies do not say below which video they stand; the page of what is answered does.
        Place::Thread(_) => comment.snippet.video_id.clone().or_else(|| {
            let url = Url::parse(reply.target.url.as_deref()?).ok()?;
            url.query_pairs().find(|(key, _)| key == "v").map(|(_, id)| id.into_owned())
        }),
    };
    Sent {
        urn: Urn::of(NETWORK, None, "comment", &comment.id),
        url: video.map(|video| format!("{SITE}/watch?v={video}&lc={}", comment.id)),
    }
}

fn gone() -> SendError {
    SendError::refused("parent_gone", "what is answered is not on YouTube any more")
}

impl<'a> Account<'a> {
    fn of(session: &'a AccountSession) -> Result<Self, ConnectorError> {
        let settings = session.settings.clone().with_defaults(SETTINGS);
        let secret = |setting| settings.needed_secret(setting, "is required").cloned();
        let mut base = parse_url("url", settings.text("url").unwrap_or_default())?;
        base.set_path("/youtube/v3/");
        if let Some(token) = settings.secret("access_token") {
            return Ok(Self { session, base, way: Way::Consent(token.clone()) });
        }
        let tokens = parse_url("token_url", settings.text("token_url").unwrap_or_default())?;
        let lasting = secret("refresh_token")?;
        let way = Way::Own {
            client: settings.needed("client_id", "is required")?.to_owned(),
            secret: secret("client_secret")?,
            access: Access::new(tokens, &lasting),
            lasting,
        };
        Ok(Self { session, base, way })
    }

    async fn token(&self) -> Result<Token, ConnectorError> {
        let (client, secret, lasting, access) = match &self.way {
            // A consent without this right is refused.
            Way::Consent(token) => return Ok(Token { secret: token.clone(), scopes: vec![COMMENT.to_owned()] }),
            Way::Own { client, secret, lasting, access } => (client, secret, lasting, access),
        };
        let form = || {
            Ok(vec![
                ("grant_type", Secret::new("refresh_token")),
                ("client_id", Secret::new(client.clone())),
                ("client_secret", secret.clone()),
                ("refresh_token", lasting.clone()),
            ])
        };
        let refused = "Google does not take the refresh token; it ends after half a year without use, and after a week while \
                       the app is only tested. Make a new one";
        access.token(self.session.into(), form, refused).await
    }

    /// Asks, once more with a new token where the one there was is refused.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Response, ConnectorError> {
        let mut url = self.base.join(path).map_err(|error| ConnectorError::Protocol(error.to_string()))?;
        url.query_pairs_mut().extend_pairs(query);
        let mut tries = 0;
        loop {
            let token = self.token().await?.secret;
            let request = Request::new(method.clone(), url.clone()).bearer(&token).max_body_bytes(MAX_PAGE_BYTES);
            let request = if let Some(body) = body { request.json(body) } else { request };
            let answer = self.session.send(request).await?.forget([token.expose()]);
            tries += 1;
            match &self.way {
                Way::Own { access, .. } if answer.status == StatusCode::UNAUTHORIZED && tries == 1 => {
                    access.forget(&token).await;
                }
                _ => return Ok(answer),
            }
        }
    }

    pub(super) fn checked(&self, answer: Response) -> Result<Response, ConnectorError> {
        if answer.status.is_success() {
            return Ok(answer);
        }
        let now = self.session.now();
        let refusal = Refusal::of(answer, SERVICE);
        Err(match refusal.reason.as_str() {
            "quotaExceeded" | "dailyLimitExceeded" => {
                ConnectorError::QuotaExhausted { until: Some(next_midnight(now)) }
            }
            _ => refusal.error(now),
        })
    }

    /// What YouTube said instead of taking the comment.
    fn refused(&self, answer: Response) -> SendError {
        let told: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let said = quoted(told.pointer("/error/message").and_then(Value::as_str).unwrap_or_default());
        let refusal = Refusal::of(answer, SERVICE);
        let now = self.session.now();
        match refusal.reason.as_str() {
            "quotaExceeded" | "dailyLimitExceeded" => SendError::Later {
                message: "the units of this day are used up; an answer costs fifty".to_owned(),
                until: Some(next_midnight(now)),
            },
            "commentsDisabled" => {
                SendError::refused("thread_closed", "comments are switched off below the video; open the original")
            }
            "commentTextTooLong" => {
                SendError::refused("too_long", format!("YouTube finds the text too long ({said}); shorten it"))
            }
            "commentTextRequired" | "processingFailure" | "invalidCommentMetadata" => {
                SendError::refused("invalid", format!("YouTube does not take the text ({said}); change it"))
            }
            "commentNotFound" | "parentCommentNotFound" | "parentCommentIsPrivate" | "videoNotFound" => gone(),
            "ineligibleAccount" | "insufficientPermissions" | "ACCESS_TOKEN_SCOPE_INSUFFICIENT" => SendError::Account {
                expired: false,
                message: format!("the account may not comment ({said}); it needs a channel and the right `{RIGHT}`"),
            },
            _ => SendError::of(refusal.error(now)),
        }
    }
}
