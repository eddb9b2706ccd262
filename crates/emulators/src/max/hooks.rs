//! Subscriptions: every event is sent to each of them, again and again until it answers 200.

use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use super::call::{Call, Refusal};
use super::{Answer, Max};
use crate::caller;
use crate::faults::Fault;
use crate::world::Event;

/// Between two tries, doubled each time.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
const CALLING: &[Fault] = &[Fault::Duplicate, Fault::OutOfOrder, Fault::UnknownFields];

/// Where events go.
#[derive(Clone, Debug)]
pub(super) struct Hook {
    number: u64,
    url: Url,
    secret: String,
    types: Vec<String>,
    since_ms: i64,
}

pub(super) fn list(max: &Max) -> Value {
    let told = |hook: &Hook| json!({"url": hook.url.as_str(), "time": hook.since_ms, "update_types": hook.types});
    json!({"subscriptions": max.bot().hooks.iter().map(told).collect::<Vec<_>>()})
}

/// `POST /subscriptions {url, update_types, secret}`. MAX asks for https; here a listener on this machine is good enough.
pub(super) fn add(max: &Max, call: &Call) -> Answer {
    let text = |name: &str| call.body.get(name).and_then(Value::as_str).unwrap_or_default();
    let url = Url::parse(text("url")).ok().filter(|url| {
        let local = url.host_str().is_some_and(|host| host == "127.0.0.1" || host == "localhost");
        url.scheme() == "https" || local
    });
    let Some(url) = url else { return Err(Refusal::new(400, "proto.payload", "url: must start with https://")) };
    let secret = text("secret");
    let fit = secret.is_empty()
        || (5..=256).contains(&secret.len()) && secret.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
    if !fit {
        return Err(Refusal::new(400, "proto.payload", "secret: 5 to 256 of A-Z, a-z, 0-9, _ and -"));
    }
    let types = call.body.get("update_types").and_then(Value::as_array);
    let types = types.map(|types| types.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    let since_ms = max.sandbox.now() * 1_000;
    let newest = max.sandbox.inside().world.newest();
    let mut bot = max.bot();
    bot.hooked += 1;
    let hook = Hook { number: bot.hooked, url, secret: secret.to_owned(), types: types.unwrap_or_default(), since_ms };
    bot.hooks.retain(|other| other.url != hook.url);
    bot.hooks.push(hook.clone());
    tokio::spawn(call_out(max.clone(), hook, newest));
    Ok(json!({"success": true}))
}

pub(super) fn remove(max: &Max, call: &Call) -> Value {
    let url = call.text("url").unwrap_or_default();
    max.bot().hooks.retain(|hook| hook.url.as_str() != url);
    json!({"success": true})
}

async fn call_out(max: Max, hook: Hook, mut after: usize) {
    let kept = || max.bot().hooks.iter().any(|other| other.number == hook.number);
    while kept() {
        let (mut events, fault) = {
            let mut inside = max.sandbox.inside();
            let news = inside.world.events_after(after).map(|events| events.take(50).collect::<Vec<_>>());
            let news = news.unwrap_or_default();
            let fault = if news.is_empty() { None } else { inside.draw(CALLING) };
            (news, fault)
        };
        let Some(last) = events.last().map(|(number, _)| *number) else {
            max.sandbox.news(Duration::from_millis(100)).await;
            continue;
        };
        match fault {
            Some(Fault::OutOfOrder) => events.reverse(),
            Some(Fault::Duplicate) => events.extend(events.clone().first().copied()),
            _ => {}
        }
        for (_, event) in events {
            if !told(&max, &hook, event, fault, kept).await {
                return;
            }
        }
        after = last;
    }
}

/// Until it is taken; `false` when the hook was removed meanwhile.
async fn told(max: &Max, hook: &Hook, event: Event, fault: Option<Fault>, kept: impl Fn() -> bool) -> bool {
    let Some(mut update) = max.told(event) else { return true };
    let kind = update["update_type"].as_str().unwrap_or_default();
    if !hook.types.is_empty() && !hook.types.iter().any(|wanted| wanted == kind) {
        return true;
    }
    if fault == Some(Fault::UnknownFields) {
        update["new_in_2027"] = json!({"x": [1, null]});
    }
    let body = update.to_string();
    let mut headers = Vec::new();
    if !hook.secret.is_empty() {
        headers.push(("x-max-bot-api-secret", hook.secret.as_str()));
    }
    let mut pause = FIRST_PAUSE;
    while kept() {
        if caller::post(&hook.url, &headers, &body).await == Some(200) {
            max.sandbox.inside().counts.items_served += 1;
            return true;
        }
        tokio::time::sleep(max.sandbox.scaled(pause)).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    false
}
