//! Reading: search, counts, timelines, look-ups, people, usage.

use axum::http::StatusCode;
use molva_domain::Timestamp;
use serde_json::{Value, json};

use super::auth::Caller;
use super::problem::Problem;
use super::query::Query;
use super::render::{Wanted, account};
use super::tweets::{Tweet, least, username};
use super::{Call, X};
use crate::faults::Fault;
use crate::searching::named;
use crate::spoil;

type Answer = Result<(StatusCode, Value), Problem>;

const SEARCHABLE_S: i64 = 7 * 86_400;
/// Nothing younger is found when a time is given.
const YOUNGEST_S: i64 = 10;
const LONGEST_QUERY: usize = 512;

/// What of all posts is wanted: ids in between, both exclusive, and how many.
struct Range {
    since: u64,
    until: u64,
    count: usize,
}

fn range(call: &Call, least_count: u64, usual: u64, searchable: bool) -> Result<Range, Problem> {
    let oldest = call.now - SEARCHABLE_S;
    let time = |name: &str| -> Result<Option<i64>, Problem> {
        let Some(text) = call.text(name) else { return Ok(None) };
        let at = Timestamp::parse(text).map(Timestamp::as_secs);
        at.map(Some).ok_or_else(|| Problem::invalid(&format!("Invalid '{name}':'{text}'. Please use RFC 3339")))
    };
    let told = |at: i64| Timestamp::from_secs(at).to_rfc3339();
    let since = call.number("since_id")?;
    if let Some(since) = since.filter(|_| searchable)
        && since < least(oldest * 1_000)
    {
        let message = format!(
            "'since_id' must be a tweet id created after [{}]. Please use a 'since_id' that is larger than {}",
            told(oldest),
            least(oldest * 1_000)
        );
        return Err(Problem::invalid(&message));
    }
    let from = time("start_time")?;
    if from.is_some_and(|from| searchable && from < oldest) {
        return Err(Problem::invalid(&format!(
            "Invalid 'start_time'. 'start_time' must be on or after {}",
            told(oldest)
        )));
    }
    let to = time("end_time")?;
    if to.is_some_and(|to| to > call.now - YOUNGEST_S) {
        let message = "Invalid 'end_time'. 'end_time' must be a minimum of 10 seconds prior to the request time.";
        return Err(Problem::invalid(message));
    }
    let count = call.number("max_results")?.unwrap_or(usual);
    if !(least_count..=100).contains(&count) {
        let message = format!("The `max_results` query parameter value [{count}] is not between {least_count} and 100");
        return Err(Problem::invalid(&message));
    }
    let from = from.map(|from| least(from * 1_000).saturating_sub(1));
    let first = if searchable { least(oldest * 1_000) } else { 0 };
    let since = since.max(from).unwrap_or(0).max(first);
    let until = call.number("until_id")?.into_iter().chain(to.map(|to| least(to * 1_000))).min().unwrap_or(u64::MAX);
    let token = call.text("next_token").or(call.text("pagination_token"));
    let until = match token.map(|token| token.strip_prefix("7140d").and_then(|id| id.parse::<u64>().ok())) {
        Some(None) => return Err(Problem::invalid("The `next_token` query parameter value is not valid")),
        Some(Some(below)) => until.min(below),
        None => until,
    };
    Ok(Range { since, until, count: usize::try_from(count).unwrap_or(100) })
}

/// One page of posts that fit, with what comes along.
fn page(
    x: &X,
    call: &Call,
    fault: Option<Fault>,
    range: &Range,
    fits: impl Fn(&Tweet, Option<&Tweet>) -> bool,
) -> Answer {
    let most = x.sandbox.inside().faults.page;
    let mut own = x.own();
    let count = range.count.min(most);
    let (told, ids, served) = {
        let tweets = &own.tweets;
        let all = tweets.between(range.since, range.until);
        let mut fitting = all.filter(|tweet| fits(tweet, tweet.above.and_then(|above| tweets.find(above))));
        let page: Vec<&Tweet> = fitting.by_ref().take(count).collect();
        let more = fitting.next().is_some();
        let wanted = Wanted::of(call);
        let mut data: Vec<Value> = page.iter().map(|tweet| wanted.post(tweets, tweet)).collect();
        spoil::list(&mut data, fault);
        let mut told = json!({"meta": {"result_count": data.len()}});
        if let (Some(first), Some(last)) = (page.first(), page.last()) {
            told["meta"]["newest_id"] = json!(first.id().to_string());
            told["meta"]["oldest_id"] = json!(last.id().to_string());
            if more {
                told["meta"]["next_token"] = json!(format!("7140d{}", last.id()));
            }
            let along = wanted.includes(tweets, &page);
            if along.as_object().is_some_and(|along| !along.is_empty()) {
                told["includes"] = along;
            }
            told["data"] = data.clone().into();
        }
        (told, page.iter().map(|tweet| tweet.id()).collect::<Vec<_>>(), data.len() as u64)
    };
    for id in ids {
        own.money.read(id, call.now);
    }
    drop(own);
    x.sandbox.inside().counts.items_served += served;
    Ok((StatusCode::OK, told))
}

fn query(call: &Call) -> Result<Query, Problem> {
    let text = call.text("query").ok_or_else(|| Problem::invalid("The `query` query parameter can not be empty"))?;
    if text.chars().count() > LONGEST_QUERY {
        return Err(Problem::invalid("Your query is longer than the maximum of 512 characters"));
    }
    Query::parse(text).map_err(|error| Problem::invalid(&format!("There were errors processing your request: {error}")))
}

pub(super) fn search(x: &X, call: &Call, fault: Option<Fault>) -> Answer {
    let query = query(call)?;
    let range = range(call, 10, 10, true)?;
    page(x, call, fault, &range, |tweet, above| query.matches(tweet, above))
}

pub(super) fn counts(x: &X, call: &Call, _: Option<Fault>) -> Answer {
    if !call.caller.is_app() {
        return Err(Problem::wrong_token("OAuth 2.0 Application-Only"));
    }
    let query = query(call)?;
    let mut own = x.own();
    let first = least((call.now - SEARCHABLE_S) * 1_000);
    let total = {
        let tweets = &own.tweets;
        let all = tweets.between(first, u64::MAX);
        all.filter(|tweet| query.matches(tweet, tweet.above.and_then(|above| tweets.find(above)))).count()
    };
    own.money.pay(super::POST);
    let told = |at: i64| Timestamp::from_secs(at).to_rfc3339();
    let data = json!([{"start": told(call.now - SEARCHABLE_S), "end": told(call.now), "post_count": total}]);
    Ok((StatusCode::OK, json!({"data": data, "meta": {"total_tweet_count": total, "total_post_count": total}})))
}

fn known_account(call: &Call) -> Result<u64, Problem> {
    let id = call.name.parse().ok().filter(|id| Wanted::of(call).user(*id).is_some());
    id.ok_or_else(|| Problem::invalid(&format!("The `id` query parameter value [{}] is not valid", call.name)))
}

pub(super) fn mentions(x: &X, call: &Call, fault: Option<Fault>) -> Answer {
    let name = username(known_account(call)?);
    let range = range(call, 5, 10, false)?;
    page(x, call, fault, &range, |tweet, _| named(&tweet.text.to_lowercase(), '@', &name))
}

pub(super) fn timeline(x: &X, call: &Call, fault: Option<Fault>) -> Answer {
    let id = known_account(call)?;
    let range = range(call, 5, 10, false)?;
    page(x, call, fault, &range, |tweet, _| tweet.author == id)
}

pub(super) fn by_ids(x: &X, call: &Call, fault: Option<Fault>) -> Answer {
    let ids: Vec<&str> = call.text("ids").unwrap_or_default().split(',').filter(|id| !id.is_empty()).collect();
    if ids.is_empty() || ids.len() > 100 {
        return Err(Problem::invalid(
            "The number of values in the `ids` query parameter list is not between 1 and 100",
        ));
    }
    look_up(x, call, &ids, fault)
}

pub(super) fn by_id(x: &X, call: &Call, _: Option<Fault>) -> Answer {
    let (status, mut told) = look_up(x, call, &[call.name.as_str()], None)?;
    if let Some(first) = told.pointer("/data/0").cloned() {
        told["data"] = first;
    }
    Ok((status, told))
}

fn look_up(x: &X, call: &Call, ids: &[&str], fault: Option<Fault>) -> Answer {
    let mut own = x.own();
    let mut errors = Vec::new();
    let (mut told, read) = {
        let tweets = &own.tweets;
        let mut found: Vec<&Tweet> = Vec::new();
        for id in ids {
            match id.parse().ok().and_then(|id| tweets.find(id)).filter(|tweet| !tweet.deleted) {
                Some(tweet) => found.push(tweet),
                None => errors.push(json!({
                    "value": id, "detail": format!("Could not find tweet with ids: [{id}]."), "title": "Not Found Error",
                    "resource_type": "tweet", "parameter": "ids", "resource_id": id,
                    "type": "https://api.x.com/2/problems/resource-not-found",
                })),
            }
        }
        let wanted = Wanted::of(call);
        let mut data: Vec<Value> = found.iter().map(|tweet| wanted.post(tweets, tweet)).collect();
        spoil::list(&mut data, fault);
        let mut told = json!({});
        if !data.is_empty() {
            told["data"] = data.into();
        }
        let along = wanted.includes(tweets, &found);
        if along.as_object().is_some_and(|along| !along.is_empty()) {
            told["includes"] = along;
        }
        (told, found.iter().map(|tweet| tweet.id()).collect::<Vec<_>>())
    };
    for id in read {
        own.money.read(id, call.now);
    }
    if !errors.is_empty() {
        told["errors"] = errors.into();
    }
    Ok((StatusCode::OK, told))
}

pub(super) fn me(_: &X, call: &Call, _: Option<Fault>) -> Answer {
    match &call.caller {
        Caller::User { id, .. } => Ok((StatusCode::OK, json!({"data": Wanted::of(call).user(*id)}))),
        Caller::App => Err(Problem::wrong_token("OAuth 1.0a User Context, OAuth 2.0 User Context")),
    }
}

pub(super) fn by_username(_: &X, call: &Call, _: Option<Fault>) -> Answer {
    let name = &call.name;
    match account(name).and_then(|id| Wanted::of(call).user(id)) {
        Some(user) => Ok((StatusCode::OK, json!({ "data": user }))),
        None => Ok((
            StatusCode::OK,
            json!({"errors": [{
                "value": name, "detail": format!("Could not find user with username: [{name}]."), "title": "Not Found Error",
                "resource_type": "user", "parameter": "username", "resource_id": name,
                "type": "https://api.x.com/2/problems/resource-not-found",
            }]}),
        )),
    }
}

pub(super) fn usage(x: &X, call: &Call, _: Option<Fault>) -> Answer {
    if !call.caller.is_app() {
        return Err(Problem::wrong_token("OAuth 2.0 Application-Only"));
    }
    let used = x.own().money.spent / super::POST;
    let data = json!({"cap_reset_day": 28, "project_cap": "3000000", "project_id": "123457578435", "project_usage": used.to_string()});
    Ok((StatusCode::OK, json!({ "data": data })))
}
