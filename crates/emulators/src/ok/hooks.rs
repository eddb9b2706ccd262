//! Where a group's messages are sent: to every address again and again until it answers 200.

use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use super::call::Refusal;
use super::{Answer, Okru, graph};
use crate::caller;
use crate::faults::Fault;
use crate::world::{Kind, What, Who};

const PAUSE: Duration = Duration::from_secs(5);
const CALLING: &[Fault] = &[Fault::Duplicate, Fault::OutOfOrder, Fault::UnknownFields];

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
    let kept = || ok.hooks().contains(&hook);
    while kept() {
        let (mut calls, last, fault) = {
            let mut inside = ok.sandbox.inside();
            let events: Vec<_> =
                inside.world.events_after(after).map(|events| events.take(50).collect()).unwrap_or_default();
            let last = events.last().map(|(number, _)| *number);
            let new =
                events.iter().filter(|(_, event)| event.what == What::New).map(|(_, event)| inside.world.said(*event));
            let ours =
                new.filter(|said| said.kind == Kind::Message && said.place == hook.group && said.who != Who::Place);
            let calls: Vec<Value> = ours.map(graph::told).collect();
            let fault = if calls.is_empty() { None } else { inside.draw(CALLING) };
            (calls, last, fault)
        };
        let Some(last) = last else {
            ok.sandbox.news(Duration::from_millis(100)).await;
            continue;
        };
        crate::spoil::list(&mut calls, fault);
        for mut call in calls {
            call["webhookType"] = "MESSAGE_CREATED".into();
            if fault == Some(Fault::UnknownFields) {
                call["new_in_2027"] = json!({"x": [1, null]});
            }
            let body = call.to_string();
            while kept() && caller::post(&hook.url, &[], &body).await != Some(200) {
                tokio::time::sleep(ok.sandbox.scaled(PAUSE)).await;
            }
            ok.sandbox.inside().counts.items_served += 1;
        }
        after = last;
    }
}
