//! Answers to reviews in Google Play. A review has one answer, and writing it anew changes it: sent twice it is still there once.

use http::{Method, StatusCode};
use molva_domain::{PostKind, Urn};
use serde::Deserialize;
use serde_json::{Value, json};

use super::descriptor::ACCOUNT;
use super::{App, MAX_PAGE_BYTES, NETWORK, SERVICE};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::google::Refusal;
use crate::http::{Request, Response};
use crate::reply::words::same_words;
use crate::reply::{
    AccountFacts, AccountSession, LengthRule, LengthUnit, OTHER_APP, Outgoing, Replies, ReplyTarget, SendError, Sent,
    WhyNot, clock_skew, fits, quoted,
};
use crate::settings::{Setting, Settings};

/// Characters of an answer.
const LONGEST: u32 = 350;

/// The network as one answers on it.
#[derive(Debug)]
pub(super) struct GooglePlayReplies;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Review {
    comments: Vec<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answered {
    result: Option<Value>,
}

impl Replies for GooglePlayReplies {
    fn account_settings(&self) -> &'static [Setting] {
        ACCOUNT
    }

    fn probe<'a>(&'a self, session: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move {
            let app = app(session)?;
            let answer = ask(&app, session, Method::GET, "?maxResults=1", None).await?;
            let answer = checked(answer, session)?;
            let _: Value = answer.json()?;
            Ok(AccountFacts {
                name: Some(app.account.email.clone()),
                url: Some(format!("https://play.google.com/store/apps/details?id={}", app.package)),
                clock_skew_seconds: clock_skew(&answer, session.now()),
                ..AccountFacts::new(
                    app.package.clone(),
                    app.package.clone(),
                    LengthRule::new(LONGEST, LengthUnit::Characters),
                )
            })
        })
    }

    fn may_reply(&self, target: &ReplyTarget, _settings: &Settings, facts: &AccountFacts) -> Result<(), WhyNot> {
        let here = target.community.as_deref() == Some(&format!("{NETWORK}/{}", facts.native_id));
        if review_of(target).is_some() && here && target.kind == PostKind::Review { Ok(()) } else { Err(OTHER_APP) }
    }

    fn send<'a>(
        &'a self,
        session: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            let before = |error| SendError::before(error, session.now());
            let text = reply.text.trim();
            fits(facts, text)?;
            let review = review_of(&reply.target).ok_or_else(gone)?;
            let app = app(session).map_err(before)?;
            app.account.token(session).await.map_err(before)?;
            let body = json!({ "replyText": text });
            let answer = ask(&app, session, Method::POST, &format!("/{review}:reply"), Some(&body)).await;
            let answer = answer.map_err(SendError::of)?;
            if !answer.status.is_success() {
                return Err(refused(answer, session));
            }
            let answered: Answered = answer.json().map_err(SendError::of)?;
            match answered.result {
                Some(_) => Ok(sent(&review, reply)),
                None => Err(SendError::Unsure { message: "Google took it and did not say as what".to_owned() }),
            }
        })
    }

    fn find<'a>(
        &'a self,
        session: &'a AccountSession,
        _facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>> {
        Box::pin(async move {
            let Some(review) = review_of(&reply.target) else { return Ok(None) };
            let answer = ask(&app(session)?, session, Method::GET, &format!("/{review}"), None).await?;
            if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::GONE) {
                return Ok(None);
            }
            let told: Review = checked(answer, session)?.json()?;
            let answered = told.comments.iter().find_map(|comment| comment.pointer("/developerComment/text")?.as_str());
            Ok(answered.filter(|said| same_words(&reply.text, said)).map(|_| sent(&review, reply)))
        })
    }
}

fn app(session: &AccountSession) -> Result<App, ConnectorError> {
    App::new(&session.settings.clone().with_defaults(ACCOUNT))
}

/// The review that is answered. Its id becomes part of an address.
fn review_of(target: &ReplyTarget) -> Option<String> {
    let id = target.urn.parts_of(NETWORK, "review")?.native;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_:.".contains(&byte);
    (!id.is_empty() && id != "." && id != ".." && id.bytes().all(plain)).then_some(id)
}

/// As listening calls it: a review has one answer.
fn sent(review: &str, reply: &Outgoing) -> Sent {
    Sent { urn: Urn::of(NETWORK, None, "response", review), url: reply.target.url.clone() }
}

async fn ask(
    app: &App,
    session: &AccountSession,
    method: Method,
    below: &str,
    body: Option<&Value>,
) -> Result<Response, ConnectorError> {
    let url = format!("androidpublisher/v3/applications/{}/reviews{below}", app.package);
    let url = app.base.join(&url).map_err(|error| ConnectorError::Protocol(error.to_string()))?;
    let request = Request::new(method, url).max_body_bytes(MAX_PAGE_BYTES);
    app.ask(session, if let Some(body) = body { request.json(body) } else { request }).await
}

fn checked(answer: Response, session: &AccountSession) -> Result<Response, ConnectorError> {
    if answer.status.is_success() {
        Ok(answer)
    } else {
        Err(super::refusal(Refusal::of(answer, SERVICE), session.now()))
    }
}

fn gone() -> SendError {
    SendError::refused("parent_gone", "the review is no longer in Google Play, or too old to be answered")
}

/// What Google said instead of taking the answer.
fn refused(answer: Response, session: &AccountSession) -> SendError {
    let status = answer.status;
    let told: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let said = quoted(told.pointer("/error/message").and_then(Value::as_str).unwrap_or_default());
    match status {
        StatusCode::BAD_REQUEST if said.to_lowercase().contains("too long") => {
            SendError::refused("too_long", format!("Google finds the text too long ({said}); shorten it"))
        }
        StatusCode::BAD_REQUEST => {
            SendError::refused("invalid", format!("Google does not take the text ({said}); change it"))
        }
        StatusCode::NOT_FOUND | StatusCode::GONE => gone(),
        _ => match super::refusal(Refusal::of(answer, SERVICE), session.now()) {
            ConnectorError::Forbidden(message) => SendError::Account { expired: false, message },
            error => SendError::of(error),
        },
    }
}
