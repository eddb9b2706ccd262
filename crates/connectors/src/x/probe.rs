//! A test of the settings: whose token it is, what the words would bring and cost, what is left of the month, how the clocks differ.

use serde::Deserialize;

use super::client::{Answer, Ask, Client, Failure};
use super::ledger::{self, POST};
use super::problem::Problem;
use super::wire::{Meta, User};
use super::{sync, wanted};
use crate::error::ConnectorError;
use crate::reply::clock_skew;
use crate::session::Session;

/// Queries that are counted; a count costs as much as a post.
const COUNTED: usize = 3;
/// A difference of the clocks that is worth a word, in seconds.
const SKEW: i64 = 30;

#[derive(Deserialize)]
struct One<T> {
    data: Option<T>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Counts {
    meta: Meta,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Usage {
    project_usage: Option<String>,
    project_cap: Option<String>,
}

pub(super) async fn probe(session: &Session) -> Result<String, ConnectorError> {
    let client = Client::of(&session.settings)?;
    let explain = |failure: Failure| told(failure, session);
    let mut said = Vec::new();
    let answer = match session.settings.text("what") {
        Some("mentions") => {
            let name = account(session)?;
            let answer: Answer<One<User>> =
                client.call_once(session, &by_name(&name).as_ask()).await.map_err(explain)?;
            let user = answer.value.data.as_ref().ok_or_else(|| nobody(&name))?;
            said.push(format!("mentions of @{} ({})", user.username, user.name));
            answer.response
        }
        what => {
            let wanted = wanted::now(session).await?;
            if wanted.queries.is_empty() {
                let message =
                    "is empty, and no topic looks for anything that X could be asked for; write a search or a topic";
                return Err(ConnectorError::invalid("words", message));
            }
            let mut total = 0;
            let mut last = None;
            for query in wanted.queries.iter().take(COUNTED) {
                let ask = Ask::get("/2/tweets/counts/recent", "/2/tweets/counts/recent", &[("query", query)]);
                let answer: Answer<Counts> = client.call_once(session, &ask).await.map_err(explain)?;
                total += answer.value.meta.total_tweet_count.max(answer.value.meta.total_post_count);
                last = Some(answer.response);
            }
            let of =
                if wanted.queries.len() > COUNTED { format!(" of the first {COUNTED} queries") } else { String::new() };
            let a_day = total / 7;
            let cost = ledger::dollars(a_day.saturating_mul(POST));
            said.push(format!("about {a_day} posts a day{of}, ${cost} and as much again for each new author"));
            if what != Some("search") {
                let there = sync::read_once(session, &client).await.map_err(explain)?;
                let foreign = super::rules::change(&wanted.rules, &there, &wanted::tag(session)).foreign;
                said.push(format!("{} rules of the stream, {foreign} of others are left alone", wanted.rules.len()));
            }
            last.ok_or_else(|| ConnectorError::Protocol("nothing was asked".to_owned()))?
        }
    };
    let cap = session.settings.number("daily_usd").unwrap_or(5);
    said.push(format!("the cap is ${cap}.00 a day"));
    // Not every kind of access has this.
    let usage = Ask::get("/2/usage/tweets", "/2/usage/tweets", &[]);
    if let Ok(Answer {
        value: One { data: Some(Usage { project_usage: Some(used), project_cap: Some(of) }) }, ..
    }) = client.call_once::<One<Usage>>(session, &usage).await
    {
        let number = |text: &str| text.chars().take(20).filter(char::is_ascii_digit).collect::<String>();
        said.push(format!("{} of {} posts of the month are used", number(&used), number(&of)));
    }
    if let Some(skew) = clock_skew(&answer, session.now()).filter(|skew| skew.abs() >= SKEW) {
        said.push(format!(
            "the clock of this machine is {} s {} X's",
            skew.abs(),
            if skew > 0 { "behind" } else { "ahead of" }
        ));
    }
    Ok(format!("the token is accepted: {}", said.join("; ")))
}

/// Whose mentions are wanted.
pub(super) async fn user(session: &Session, client: &Client) -> Result<User, ConnectorError> {
    let name = account(session)?;
    let answer: Result<Answer<One<User>>, Failure> = client.call(session, &by_name(&name).as_ask()).await;
    let answer = answer.map_err(|failure| failure.error("account", session.now()))?;
    answer.value.data.filter(|user| super::id::parse(&user.id).is_some()).ok_or_else(|| nobody(&name))
}

struct ByName(String);

fn by_name(name: &str) -> ByName {
    ByName(format!("/2/users/by/username/{name}"))
}

impl ByName {
    fn as_ask(&self) -> Ask<'_> {
        Ask::get("/2/users/by/username/:name", &self.0, &[])
    }
}

fn nobody(name: &str) -> ConnectorError {
    ConnectorError::invalid("account", format!("there is no @{name} on X"))
}

/// The name alone, of `@name` or of the address of a page.
fn account(session: &Session) -> Result<String, ConnectorError> {
    let text = session.settings.text("account").unwrap_or_default().trim_end_matches('/');
    let name = text.rsplit('/').next().unwrap_or_default().trim_start_matches('@');
    let fits = (1..=15).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if fits {
        return Ok(name.to_owned());
    }
    Err(ConnectorError::invalid("account", "is no name on X; write it as it stands behind the @"))
}

/// For a person who tries settings, money is said to be what it is.
fn told(failure: Failure, session: &Session) -> ConnectorError {
    match &failure {
        Failure::Refused(Problem { status: 402, detail, .. }) => {
            ConnectorError::Forbidden(format!("X says: {detail}; buy credits in the developer console"))
        }
        _ => failure.error("words", session.now()),
    }
}
