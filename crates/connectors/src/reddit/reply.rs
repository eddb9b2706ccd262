//! Answers on Reddit: comments under posts and comments. The API knows no keys of ours: a reply is found among the account's own
//! comments by what it answers and by its words. A refusal comes in an answer that is otherwise good.

use std::time::Duration;

use http::{Method, StatusCode};
use molva_domain::{Timestamp, Urn};
use serde::Deserialize;
use serde_json::Value;

use super::account::Account;
use super::account_form::{MISSING_RIGHT, OTHER_NETWORK, SETTINGS};
use super::thing::SITE;
use super::{Answer, NETWORK, PAGE, PAGES};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::http::{Request, Response};
use crate::reply::words::same_words;
use crate::reply::{
    AccountFacts, AccountSession, LengthRule, LengthUnit, Outgoing, Replies, ReplyTarget, SendError, Sent, WhyNot,
    clock_skew, fits, not_before, quoted, too_deep,
};
use crate::settings::{Setting, Settings};

/// Characters of a comment.
const LONGEST: u32 = 10_000;
const MAX_ANSWER_BYTES: u64 = 16 << 20;

/// The network as one answers on it.
#[derive(Debug)]
pub(super) struct RedditReplies;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Me {
    id: String,
    name: String,
    is_suspended: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    json: Inside,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Inside {
    /// Of each the code, a sentence, and the field.
    errors: Vec<Vec<Value>>,
    data: Things,
    /// Seconds to wait.
    ratelimit: Option<f64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Things {
    things: Vec<Thing>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Thing {
    data: Comment,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Comment {
    name: String,
    parent_id: String,
    link_id: String,
    permalink: Option<String>,
    body: String,
    created_utc: f64,
}

impl Replies for RedditReplies {
    fn account_settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    fn probe<'a>(&'a self, session: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move {
            let account = account(session)?;
            let scopes = account.token(session).await?.scopes;
            let request = Request::get(account.address("api/v1/me")?);
            let (answer, quota) = account.ask(session, request).await?;
            let answer = answer.error_for_status("Reddit", session.now())?;
            let skew = clock_skew(&answer, session.now());
            let me: Me = answer.json()?;
            if me.name.is_empty() {
                return Err(ConnectorError::Protocol("Reddit does not say whose the token is".to_owned()));
            }
            if me.is_suspended {
                return Err(ConnectorError::AuthRevoked(format!("Reddit has suspended u/{}", me.name)));
            }
            let missing = (!may_write(&scopes)).then(|| "the token lacks the right `submit`".to_owned());
            Ok(AccountFacts {
                url: Some(format!("{SITE}/user/{}", me.name)),
                scopes,
                missing,
                quota,
                clock_skew_seconds: skew,
                ..AccountFacts::new(me.id, me.name, LengthRule::new(LONGEST, LengthUnit::Characters))
            })
        })
    }

    fn may_reply(&self, target: &ReplyTarget, _settings: &Settings, facts: &AccountFacts) -> Result<(), WhyNot> {
        match name_of(target) {
            None => Err(OTHER_NETWORK),
            Some(_) if !may_write(&facts.scopes) => Err(MISSING_RIGHT),
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
            let parent = name_of(&reply.target).ok_or_else(gone)?;
            let account = account(session).map_err(before)?;
            account.token(session).await.map_err(before)?;
            if let Some(until) = account.is_used_up(session.now()).await {
                let message = "the requests of these ten minutes are used up".to_owned();
                return Err(SendError::Later { message, until: Some(until) });
            }
            let form = [("api_type", "json"), ("raw_json", "1"), ("thing_id", parent.as_str()), ("text", text)];
            let url = account.address("api/comment").map_err(before)?;
            let request = Request::new(Method::POST, url).form(form).max_body_bytes(MAX_ANSWER_BYTES);
            let (answer, _) = account.ask(session, request).await.map_err(SendError::of)?;
            if !answer.status.is_success() {
                return Err(not_taken(&account, session, &answer).await);
            }
            let said: Inside = answer.json::<Said>().map_err(SendError::of)?.json;
            if let Some(error) = said.errors.first() {
                let text = |at: usize| error.get(at).and_then(Value::as_str).unwrap_or_default();
                return Err(refused(text(0), text(1), said.ratelimit, session.now()));
            }
            let made = said.data.things.first().map(|thing| &thing.data).filter(|made| !made.name.is_empty());
            made.and_then(sent)
                .ok_or_else(|| SendError::Unsure { message: "Reddit took it and did not say as what".to_owned() })
        })
    }

    fn find<'a>(
        &'a self,
        session: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>> {
        Box::pin(async move {
            let account = account(session)?;
            let Some(parent) = name_of(&reply.target) else { return Ok(None) };
            let since = not_before(reply, facts).as_secs() as f64;
            let path = format!("user/{}/comments", facts.handle);
            let mut older: Option<String> = None;
            for _ in 0..PAGES {
                let mut url = account.address(&path)?;
                url.query_pairs_mut()
                    .append_pair("raw_json", "1")
                    .append_pair("sort", "new")
                    .append_pair("limit", &PAGE.to_string())
                    .extend_pairs(older.as_deref().map(|after| ("after", after)));
                let request = Request::get(url).max_body_bytes(MAX_ANSWER_BYTES);
                let (answer, _) = account.ask(session, request).await?;
                let page: Answer = answer.error_for_status("Reddit", session.now())?.json()?;
                let said: Vec<Comment> = page
                    .data
                    .children
                    .into_iter()
                    .filter_map(|raw| serde_json::from_value::<Thing>(raw).ok())
                    .map(|thing| thing.data)
                    .collect();
                let is_ours = |comment: &&Comment| {
                    comment.parent_id == parent
                        && comment.created_utc >= since
                        && same_words(&reply.text, &comment.body)
                };
                if let Some(found) = said.iter().find(is_ours).and_then(sent) {
                    return Ok(Some(found));
                }
                older = page.data.after.filter(|after| Some(after) != older.as_ref());
                if older.is_none() || said.iter().any(|comment| comment.created_utc < since) {
                    return Ok(None);
                }
            }
            Err(too_deep(PAGES * PAGE, "comments"))
        })
    }
}

fn account(session: &AccountSession) -> Result<Account, ConnectorError> {
    Account::new(&session.settings.clone().with_defaults(SETTINGS))
}

fn may_write(scopes: &[String]) -> bool {
    scopes.iter().any(|scope| scope == "*" || scope == "submit")
}

/// The full name of what is answered.
fn name_of(target: &ReplyTarget) -> Option<String> {
    let parts = target.urn.parts().filter(|parts| parts.network == NETWORK)?;
    let fits = matches!((&*parts.kind, parts.native.get(..3)), ("post", Some("t3_")) | ("comment", Some("t1_")));
    fits.then(|| parts.native.to_string())
}

fn sent(comment: &Comment) -> Option<Sent> {
    let id = comment.name.strip_prefix("t1_")?;
    let path = comment.permalink.clone().filter(|path| path.starts_with('/'));
    let link = comment.link_id.strip_prefix("t3_").map(|link| format!("/comments/{link}/_/{id}/"));
    Some(Sent {
        urn: Urn::of(NETWORK, None, "comment", &comment.name),
        url: path.or(link).map(|path| format!("{SITE}{path}")),
    })
}

fn gone() -> SendError {
    SendError::refused("parent_gone", "what is answered is not on Reddit any more")
}

/// Reddit's own codes. Nothing that is refused with one of them has arrived.
fn refused(code: &str, said: &str, wait: Option<f64>, now: Timestamp) -> SendError {
    let said = quoted(said);
    match code {
        "RATELIMIT" | "QUOTA_FILLED" => {
            let wait = wait.filter(|seconds| (0.0..=86_400.0).contains(seconds)).map(|seconds| seconds.ceil());
            let wait = wait.map(Duration::from_secs_f64).or_else(|| wait_in(&said));
            let message = format!("Reddit lets this account write no more for a moment ({said})");
            SendError::Later { message, until: wait.map(|wait| now.plus(wait)) }
        }
        "DELETED_COMMENT" | "DELETED_LINK" | "NO_THING_ID" => gone(),
        "THREAD_LOCKED" | "TOO_OLD" => {
            SendError::refused("thread_closed", format!("nobody can answer there any more ({said}); open the original"))
        }
        "TOO_LONG" => SendError::refused("too_long", format!("Reddit finds the text too long ({said}); shorten it")),
        "USER_BLOCKED" => SendError::refused("blocked", format!("its author does not hear this account ({said})")),
        "SUBREDDIT_NOTALLOWED" | "SUBREDDIT_NOEXIST" | "BANNED_FROM_SUBREDDIT" => SendError::refused(
            "forbidden",
            format!("the community does not let this account write ({said}); ask its moderators"),
        ),
        "USER_REQUIRED" => SendError::Account {
            expired: false,
            message: format!("Reddit asks to log in ({said}); check the password"),
        },
        _ => SendError::refused("invalid", format!("Reddit does not take the text ({said}); change it")),
    }
}

/// `Take a break for 9 minutes before trying again.`
fn wait_in(said: &str) -> Option<Duration> {
    let words: Vec<&str> =
        said.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.windows(2).find_map(|pair| {
        let unit = ["second", "minute", "hour"].iter().position(|unit| pair[1].starts_with(unit))?;
        let number: u64 = pair[0].parse().ok().filter(|number| *number <= 86_400)?;
        Some(Duration::from_secs(number * [1, 60, 3_600][unit]))
    })
}

/// An answer that is none.
async fn not_taken(account: &Account, session: &AccountSession, answer: &Response) -> SendError {
    let before = |error| SendError::before(error, session.now());
    match answer.status {
        // A community that bans and an account that is suspended are told in the same words: the account is tried.
        StatusCode::FORBIDDEN => {
            let asked = match account.address("api/v1/me") {
                Ok(url) => account.ask(session, Request::get(url)).await,
                Err(error) => Err(error),
            };
            let me = match asked {
                Ok((answer, _)) if matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => None,
                Ok((answer, _)) => {
                    match answer.error_for_status("Reddit", session.now()).and_then(|me| me.json::<Me>()) {
                        Ok(me) => Some(me),
                        Err(error) => return before(error),
                    }
                }
                Err(error) => return before(error),
            };
            match me.filter(|me| !me.is_suspended) {
                Some(me) => SendError::refused(
                    "forbidden",
                    format!("Reddit does not let u/{} write there; the community may have banned it", me.name),
                ),
                None => SendError::Account {
                    expired: false,
                    message: "Reddit does not let this account write at all; look there whether it is suspended"
                        .to_owned(),
                },
            }
        }
        StatusCode::NOT_FOUND | StatusCode::GONE => gone(),
        _ => SendError::of_answer(answer, "Reddit", session.now()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

    #[test]
    fn how_long_to_wait_is_read_from_the_number_or_from_the_sentence() {
        let until = |said: &str, wait: Option<f64>| match refused("RATELIMIT", said, wait, NOW) {
            SendError::Later { until, .. } => until.map(|until| until.since(NOW).as_secs()),
            other => panic!("{other:?}"),
        };
        let said = "Looks like you've been doing that a lot. Take a break for 9 minutes before trying again.";
        assert_eq!((until(said, None), until(said, Some(7.2))), (Some(540), Some(8)));
        assert_eq!(until("you are doing that too much. try again in 41 seconds.", None), Some(41));
        assert_eq!((until("try again in 1 hour", None), until("later", Some(-1.0))), (Some(3_600), None));
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        let code = |code: &str| match refused(code, "no", None, NOW) {
            SendError::Refused { code, .. } => code,
            SendError::Account { .. } => "account",
            other => panic!("{other:?}"),
        };
        let told = ["THREAD_LOCKED", "TOO_OLD", "DELETED_COMMENT", "TOO_LONG", "SUBREDDIT_NOTALLOWED", "USER_REQUIRED"];
        let means = ["thread_closed", "thread_closed", "parent_gone", "too_long", "forbidden", "account"];
        assert_eq!(told.map(code), means);
        assert_eq!((code("NO_TEXT"), code("WHATEVER_IS_NEW")), ("invalid", "invalid"));
    }
}
