//! Answers to reviews of an app of one's own, over App Store Connect. A review has one answer, and writing it anew replaces it: sent
//! twice it is still there once.

use http::{Method, StatusCode};
use molva_domain::{PostKind, Urn};
use serde::Deserialize;
use serde_json::{Value, json};

use super::connect::{Connect, quota};
use super::descriptor::ACCOUNT;
use super::{MAX_PAGE_BYTES, NETWORK, app};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::http::{Request, Response};
use crate::reply::words::same_words;
use crate::reply::{
    AccountFacts, AccountSession, LengthRule, LengthUnit, OTHER_APP, Outgoing, Replies, ReplyTarget, SendError, Sent,
    WhyNot, clock_skew, fits, quoted,
};
use crate::settings::{Localized, Setting, Settings};

/// Characters of an answer.
const LONGEST: u32 = 5_970;
const SERVICE: &str = "App Store Connect";

/// The network as one answers on it.
#[derive(Debug)]
pub(super) struct AppStoreReplies;

static FROM_THE_FEED: WhyNot = WhyNot {
    code: "read_only",
    reason: Localized {
        en: "The review was read from the public feed, which has other numbers; listen with a key of App Store Connect to answer.",
        ru: "Отзыв прочитан из открытой ленты, где другие номера; чтобы отвечать, подключите источник с ключом App Store Connect.",
        uk: "Відгук прочитано з відкритої стрічки, де інші номери; щоб відповідати, під’єднайте джерело з ключем App Store Connect.",
    },
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct One {
    data: Option<Resource>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Resource {
    id: String,
    attributes: Attributes,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Attributes {
    name: Option<String>,
    bundle_id: Option<String>,
    response_body: Option<String>,
}

impl Replies for AppStoreReplies {
    fn account_settings(&self) -> &'static [Setting] {
        ACCOUNT
    }

    fn probe<'a>(&'a self, session: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move {
            let (connect, app) = account(session)?;
            let answer = ask(&connect, session, Method::GET, &format!("/v1/apps/{app}"), None).await?;
            let answer = answer.error_for_status(SERVICE, session.now())?;
            let (quota, skew) = (quota(&answer), clock_skew(&answer, session.now()));
            let told = answer.json::<One>()?.data.unwrap_or_default();
            if told.id != app {
                return Err(ConnectorError::Protocol(format!("{SERVICE} does not say whether it knows the app {app}")));
            }
            Ok(AccountFacts {
                name: told.attributes.name.filter(|name| !name.trim().is_empty()),
                url: Some(format!("https://apps.apple.com/app/id{app}")),
                quota,
                clock_skew_seconds: skew,
                ..AccountFacts::new(
                    app.clone(),
                    told.attributes.bundle_id.unwrap_or(app),
                    LengthRule::new(LONGEST, LengthUnit::Characters),
                )
            })
        })
    }

    fn may_reply(&self, target: &ReplyTarget, _settings: &Settings, facts: &AccountFacts) -> Result<(), WhyNot> {
        let here = target.community.as_deref() == Some(&format!("{NETWORK}/{}", facts.native_id));
        match review_of(target).filter(|_| here && target.kind == PostKind::Review) {
            None => Err(OTHER_APP),
            Some(id) if id.bytes().all(|byte| byte.is_ascii_digit()) => Err(FROM_THE_FEED),
            Some(_) => Ok(()),
        }
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
            let (connect, _) = account(session).map_err(before)?;
            let body = json!({"data": {"type": "customerReviewResponses", "attributes": {"responseBody": text},
                "relationships": {"review": {"data": {"type": "customerReviews", "id": review}}}}});
            let answer = ask(&connect, session, Method::POST, "/v1/customerReviewResponses", Some(&body)).await;
            let answer = answer.map_err(SendError::of)?;
            if !answer.status.is_success() {
                return Err(refused(&answer, session));
            }
            let made = answer.json::<One>().map_err(SendError::of)?.data.filter(|made| !made.id.is_empty());
            made.map(|made| sent(&made.id, reply))
                .ok_or_else(|| SendError::Unsure { message: format!("{SERVICE} took it and did not say as what") })
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
            let (connect, _) = account(session)?;
            let path = format!("/v1/customerReviews/{review}/response");
            let answer = ask(&connect, session, Method::GET, &path, None).await?;
            if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::GONE) {
                return Ok(None);
            }
            let told = answer.error_for_status(SERVICE, session.now())?.json::<One>()?.data;
            let is_ours = |told: &Resource| {
                told.attributes.response_body.as_deref().is_some_and(|said| same_words(&reply.text, said))
            };
            Ok(told.filter(is_ours).map(|told| sent(&told.id, reply)))
        })
    }
}

fn account(session: &AccountSession) -> Result<(Connect, String), ConnectorError> {
    let settings = session.settings.clone().with_defaults(ACCOUNT);
    let app = app(&settings)?;
    let connect = Connect::new(&settings, &app)?.ok_or_else(|| {
        ConnectorError::invalid("private_key", "is required: the .p8 file of a key made in App Store Connect")
    })?;
    Ok((connect, app))
}

/// The review that is answered. Its id becomes part of an address.
fn review_of(target: &ReplyTarget) -> Option<String> {
    let id = target.urn.parts_of(NETWORK, "review")?.native;
    (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')).then_some(id)
}

fn sent(id: &str, reply: &Outgoing) -> Sent {
    Sent { urn: Urn::of(NETWORK, None, "response", id), url: reply.target.url.clone() }
}

async fn ask(
    connect: &Connect,
    session: &AccountSession,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> Result<Response, ConnectorError> {
    let request = Request::new(method, connect.at(path)).bearer(&connect.token(session.now())?);
    let request = if let Some(body) = body { request.json(body) } else { request };
    session.send(request.max_body_bytes(MAX_PAGE_BYTES)).await
}

fn gone() -> SendError {
    SendError::refused("parent_gone", "the review is no longer in the App Store")
}

/// What Apple said instead of taking the answer.
fn refused(answer: &Response, session: &AccountSession) -> SendError {
    let told: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let text = |name: &str| told.pointer(&format!("/errors/0/{name}")).and_then(Value::as_str).unwrap_or_default();
    let said = quoted(if text("detail").is_empty() { text("title") } else { text("detail") });
    match answer.status {
        StatusCode::NOT_FOUND | StatusCode::GONE => gone(),
        StatusCode::CONFLICT if said.to_lowercase().contains("too long") || said.contains("5970") => {
            SendError::refused("too_long", format!("Apple finds the text too long ({said}); shorten it"))
        }
        StatusCode::CONFLICT if said.to_lowercase().contains("review") && said.to_lowercase().contains("exist") => {
            gone()
        }
        StatusCode::CONFLICT | StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            SendError::refused("invalid", format!("Apple does not take the text ({said}); change it"))
        }
        StatusCode::UNAUTHORIZED => SendError::Account {
            expired: false,
            message: format!(
                "{SERVICE} does not accept the key; is it still there, and the clock of this server right?"
            ),
        },
        StatusCode::FORBIDDEN => SendError::Account {
            expired: false,
            message: format!("the key may not answer ({said}); it needs the role Customer Support, or Admin"),
        },
        _ => SendError::of_answer(answer, SERVICE, session.now()),
    }
}
