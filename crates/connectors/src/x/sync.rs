//! The rules of the stream as they are to be: read, added, and only then taken away.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::json;

use super::client::{Ask, Client, Failure};
use super::problem::WireError;
use super::rules::{self, Rule};
use super::wanted::{self, tag};
use crate::error::ConnectorError;
use crate::session::Session;

const ADDRESS: &str = "/2/tweets/search/stream/rules";
/// Pages of a thousand rules.
const PAGES: usize = 25;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    data: Vec<Rule>,
    meta: Meta,
    errors: Vec<WireError>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Meta {
    next_token: Option<String>,
}

/// The first thousand rules the application has, without patience.
pub(super) async fn read_once(session: &Session, client: &Client) -> Result<Vec<Rule>, Failure> {
    Ok(client.call_once::<Answer>(session, &Ask::get(ADDRESS, ADDRESS, &[])).await?.value.data)
}

/// Every rule the application has.
pub(super) async fn read(session: &Session, client: &Client) -> Result<Vec<Rule>, Failure> {
    let mut all = Vec::new();
    let mut next = String::new();
    for _ in 0..PAGES {
        let ask = Ask::get(ADDRESS, ADDRESS, &[("pagination_token", &next)]);
        let answer = client.call::<Answer>(session, &ask).await?.value;
        all.extend(answer.data);
        match answer.meta.next_token.filter(|token| !token.is_empty()) {
            Some(token) => next = token,
            None => break,
        }
    }
    Ok(all)
}

/// Makes the rules what is wanted, and gives the ids of those that bring what is ours.
pub(super) async fn sync(
    session: &Session,
    client: &Client,
    wanted: &[wanted::Rule],
) -> Result<HashSet<String>, ConnectorError> {
    let tag = tag(session);
    let explain = |failure: Failure| failure.error("words", session.now());
    let there = read(session, client).await.map_err(explain)?;
    let change = rules::change(wanted, &there, &tag);
    let values: HashSet<&str> = wanted.iter().map(|rule| rule.value.as_str()).collect();
    let ours = |there: &[Rule]| {
        let ours = there.iter().filter(|rule| values.contains(rule.value.as_str()));
        ours.map(|rule| rule.id.clone()).collect::<HashSet<_>>()
    };
    if change.add.is_empty() && change.delete.is_empty() {
        return Ok(ours(&there));
    }
    // With no room for both, the old ones have to go first; what comes in between is looked for by a search afterwards.
    let fits = add(session, client, &change.add).await?;
    delete(session, client, &change.delete).await?;
    if !fits && !add(session, client, &change.add).await? {
        let message = "is too much: the application has no room for more rules; take some away, or listen by search";
        return Err(ConnectorError::invalid("words", message));
    }
    Ok(ours(&read(session, client).await.map_err(explain)?))
}

/// `false` when the application has no room for them.
async fn add(session: &Session, client: &Client, rules: &[wanted::Rule]) -> Result<bool, ConnectorError> {
    for some in rules.chunks(rules::AT_ONCE) {
        let rules: Vec<_> = some.iter().map(|rule| json!({"value": rule.value, "tag": rule.tag})).collect();
        let ask = Ask::post(ADDRESS, ADDRESS, &json!({ "add": rules }));
        let answer = match client.call::<Answer>(session, &ask).await {
            Ok(answer) => answer.value,
            Err(Failure::Refused(problem)) if problem.kind == "rule-cap" => return Ok(false),
            // Added before the answer was lost, or by another source with the same words.
            Err(Failure::Refused(problem)) if problem.kind == "duplicate-rules" => continue,
            Err(failure) => return Err(failure.error("words", session.now())),
        };
        for error in &answer.errors {
            match error.word() {
                "duplicate-rules" => {}
                "rule-cap" => return Ok(false),
                _ => {
                    return Err(ConnectorError::invalid("words", format!("X does not take it: {}", error.sentence())));
                }
            }
        }
    }
    Ok(true)
}

async fn delete(session: &Session, client: &Client, ids: &[String]) -> Result<(), ConnectorError> {
    for some in ids.chunks(rules::AT_ONCE) {
        let ask = Ask::post(ADDRESS, ADDRESS, &json!({"delete": {"ids": some}}));
        let done = client.call::<Answer>(session, &ask).await;
        done.map_err(|failure| failure.error("words", session.now()))?;
    }
    Ok(())
}

/// Takes our rules away, without patience.
pub(super) async fn forget(session: &Session, client: &Client) -> Result<(), ConnectorError> {
    let explain = |failure: Failure| failure.error("words", session.now());
    let there = read_once(session, client).await.map_err(explain)?;
    let ours = rules::change(&[], &there, &tag(session)).delete;
    for some in ours.chunks(rules::AT_ONCE) {
        let ask = Ask::post(ADDRESS, ADDRESS, &json!({"delete": {"ids": some}}));
        client.call_once::<Answer>(session, &ask).await.map_err(explain)?;
    }
    Ok(())
}
