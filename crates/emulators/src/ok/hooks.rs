//! Where a group's messages are sent: to every address again and again until it answers 200.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Semaphore;
use url::Url;

use super::call::Refusal;
use super::{Answer, Okru, graph};
use crate::calls::{self, Target};
use crate::world::{Kind, What, Who};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hook {
    group: u64,
    url: Url,
    since_ms: i64,
}

pub(super) fn list(ok: &Okru, group: u64) -> Value {
    let hooks = ok.hooks();
    let own = hooks.iter().filter(|hook| hook.group == group);
    json!({"subscriptions": own.map(|hook| json!({"url": hook.url.as_str(), "time": hook.since_ms})).collect::<Vec<_>>()})
}

/// `POST /graph/me/subscribe {url}`
pub(super) fn add(ok: &Okru, group: u64, body: &Value) -> Answer {
    let url = body.get("url").and_then(Value::as_str).and_then(|url| Url::parse(url).ok());
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https")).ok_or_else(|| Refusal::parameter("url"))?;
    let since_ms = ok.sandbox.now() * 1_000;
    let newest = ok.sandbox.inside().world.newest();
    let mut hooks = ok.hooks();
    if !hooks.iter().any(|hook| hook.group == group && hook.url == url) {
        let hook = Hook { group, url, since_ms };
        hooks.push(hook.clone());
        tokio::spawn(call_out(ok.clone(), hook, newest));
    }
    Ok(json!({"success": true}))
}

pub(super) fn remove(ok: &Okru, group: u64, body: &Value) -> Value {
    let url = body.get("url").and_then(Value::as_str).unwrap_or_default();
    ok.hooks().retain(|hook| hook.group != group || hook.url.as_str() != url);
    json!({"success": true})
}

async fn call_out(ok: Okru, hook: Hook, mut after: usize) {
    let slots = Arc::new(Semaphore::new(calls::AT_ONCE));
    while is_kept(&ok, &hook) {
        let (messages, last) = {
            let inside = ok.sandbox.inside();
            let events: Vec<_> =
                inside.world.events_after(after).map(|events| events.take(50).collect()).unwrap_or_default();
            let new = events.iter().filter(|(_, event)| event.what == What::New);
            let said = new.map(|(_, event)| inside.world.said(*event));
            let ours =
                said.filter(|said| said.kind == Kind::Message && said.place == hook.group && said.who != Who::Place);
            (ours.map(graph::told).collect::<Vec<_>>(), events.last().map(|(number, _)| *number))
        };
        let Some(last) = last else {
            ok.sandbox.news(Duration::from_millis(100)).await;
            continue;
        };
        for mut message in messages {
            message["webhookType"] = "MESSAGE_CREATED".into();
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
            let (ok, hook) = (ok.clone(), hook.clone());
            tokio::spawn(async move {
                let _slot = slot;
                let target = || is_kept(&ok, &hook).then(|| Target { url: hook.url.to_string(), proof: None });
                if calls::until_taken(&ok.sandbox, &message, target, |answer| answer.status == 200, |_| {}).await {
                    ok.sandbox.inside().counts.items_served += 1;
                }
            });
        }
        after = last;
    }
}

fn is_kept(ok: &Okru, hook: &Hook) -> bool {
    ok.hooks().contains(hook)
}
