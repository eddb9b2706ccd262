//! Subscriptions: every event is sent to each of them, again and again until it answers 200.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Semaphore;
use url::Url;

use super::call::{Call, Refusal};
use super::{Answer, Max};
use crate::calls::{self, Proof, Target};

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
    let slots = Arc::new(Semaphore::new(calls::AT_ONCE));
    while is_kept(&max, &hook) {
        let events: Vec<_> = {
            let inside = max.sandbox.inside();
            inside.world.events_after(after).map(|events| events.take(50).collect()).unwrap_or_default()
        };
        let Some(last) = events.last().map(|(number, _)| *number) else {
            max.sandbox.news(Duration::from_millis(100)).await;
            continue;
        };
        for update in events.into_iter().filter_map(|(_, event)| max.told(event)) {
            let kind = update["update_type"].as_str().unwrap_or_default();
            if !hook.types.is_empty() && !hook.types.iter().any(|wanted| wanted == kind) {
                continue;
            }
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
            let (max, hook) = (max.clone(), hook.clone());
            tokio::spawn(async move {
                let _slot = slot;
                let target = || is_kept(&max, &hook).then(|| hook.target());
                if calls::until_taken(&max.sandbox, &update, target, |answer| answer.status == 200, |_| {}).await {
                    max.sandbox.inside().counts.items_served += 1;
                }
            });
        }
        after = last;
    }
}

fn is_kept(max: &Max, hook: &Hook) -> bool {
    max.bot().hooks.iter().any(|other| other.number == hook.number)
}

impl Hook {
    fn target(&self) -> Target {
        let secret = || ("X-Max-Bot-Api-Secret", Proof::Secret(self.secret.clone()));
        Target { url: self.url.to_string(), proof: (!self.secret.is_empty()).then(secret) }
    }
}
