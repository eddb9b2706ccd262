//! Webhooks of the application, and subscriptions of the X Activity API to what happens to accounts.
//! <https://docs.x.com/x-api/webhooks/introduction>, <https://docs.x.com/x-api/activity/introduction>.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use molva_domain::Timestamp;
use ring::hmac;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use url::Url;

use super::auth::{CONSUMER, Caller};
use super::problem::Problem;
use super::render::Wanted;
use super::tweets::username;
use super::{Call, POST, X};
use crate::calls::{self, Proof, Target};
use crate::faults::Fault;
use crate::searching::named;
use crate::world::What;

type Answer = Result<(StatusCode, Value), Problem>;

/// Most webhooks of an application of one's own, and subscriptions.
const MOST_WEBHOOKS: usize = 5;
const MOST_SUBSCRIPTIONS: usize = 1_500;
/// Told to the account alone, with its consent.
const PRIVATE: &[&str] = &["post.mention.create", "dm.received", "dm.sent"];
const PUBLIC: &[&str] = &["post.create", "post.delete", "follow.follow", "profile.update.bio"];
const SIGNATURE: &str = "x-twitter-webhooks-signature";

#[derive(Debug, Default)]
pub(super) struct Hooks {
    last: u64,
    addresses: Vec<Address>,
    subscriptions: Vec<Subscription>,
}

#[derive(Clone, Debug)]
struct Address {
    id: u64,
    url: String,
    valid: bool,
    since: i64,
}

#[derive(Clone, Debug)]
struct Subscription {
    id: u64,
    event: String,
    user: u64,
    tag: Option<String>,
    webhook: u64,
}

impl Address {
    fn told(&self) -> Value {
        let since = Timestamp::from_secs(self.since).to_rfc3339();
        json!({"id": self.id.to_string(), "url": self.url, "valid": self.valid, "created_at": since})
    }
}

impl Subscription {
    fn told(&self) -> Value {
        json!({
            "subscription_id": self.id.to_string(), "event_type": self.event, "filter": {"user_id": self.user.to_string()},
            "tag": self.tag, "webhook_id": self.webhook.to_string(),
        })
    }
}

fn app_only(call: &Call) -> Result<(), Problem> {
    if call.caller.is_app() { Ok(()) } else { Err(Problem::wrong_token("OAuth 2.0 Application-Only")) }
}

pub(super) fn list(x: &X, call: &Call, _: Option<Fault>) -> Answer {
    app_only(call)?;
    let told: Vec<Value> = x.own().hooks.addresses.iter().map(Address::told).collect();
    Ok((StatusCode::OK, json!({"meta": {"result_count": told.len()}, "data": told})))
}

/// `POST /2/webhooks {url}` and `PUT /2/webhooks/:id`: asks the question and takes the address when it is answered well.
pub(super) async fn check(x: &X, call: &Call) -> Response {
    match checked(x, call).await {
        Ok(told) => super::spoil::answer(StatusCode::OK, json!({ "data": told }), None, 0),
        Err(problem) => problem.response(None),
    }
}

async fn checked(x: &X, call: &Call) -> Result<Value, Problem> {
    app_only(call)?;
    let again = call.name.parse::<u64>().ok();
    let url = match again {
        Some(id) => x.own().hooks.addresses.iter().find(|one| one.id == id).map(|one| one.url.clone()),
        None => call.body["url"].as_str().map(str::to_owned),
    };
    let url = url.ok_or_else(Problem::not_found)?;
    let local = Url::parse(&url).is_ok_and(|url| matches!(url.host_str(), Some("127.0.0.1" | "localhost")));
    if !local && !url.starts_with("https://") {
        return Err(Problem::invalid("The webhook URL must be https"));
    }
    if again.is_none() {
        let own = x.own();
        if own.hooks.addresses.iter().any(|one| one.url == url) {
            return Err(Problem::invalid("DuplicateUrlFailed: the URL is registered already"));
        }
        if own.hooks.addresses.len() >= MOST_WEBHOOKS {
            return Err(Problem::new(403, "WebhookLimitExceeded", "Too many webhooks.", "webhook-limit"));
        }
    }
    // Whoever changes it in between is of no matter: nobody guesses a signature.
    let token = format!("crc-{}", x.sandbox.now());
    let expected = signature(token.as_bytes());
    let joint = if url.contains('?') { '&' } else { '?' };
    let answer = calls::ask(&format!("{url}{joint}crc_token={token}")).await;
    let told = answer.ok().filter(|answer| answer.status == 200);
    let told: Value = told.and_then(|answer| serde_json::from_str(&answer.body).ok()).unwrap_or_default();
    if told["response_token"] != json!(expected) {
        return Err(Problem::invalid("CrcValidationFailed: the URL did not answer the question"));
    }
    let mut own = x.own();
    if let Some(id) = again {
        let found = own.hooks.addresses.iter_mut().find(|one| one.id == id).ok_or_else(Problem::not_found)?;
        found.valid = true;
        return Ok(found.told());
    }
    own.hooks.last += 1;
    let address = Address { id: 1_580_000_000_000_000_000 + own.hooks.last, url, valid: true, since: call.now };
    own.hooks.addresses.push(address.clone());
    drop(own);
    let newest = x.sandbox.inside().world.newest();
    tokio::spawn(call_out(x.clone(), address.id, newest));
    Ok(address.told())
}

pub(super) fn remove(x: &X, call: &Call, _: Option<Fault>) -> Answer {
    app_only(call)?;
    let id = call.name.parse::<u64>().unwrap_or(0);
    let mut own = x.own();
    let before = own.hooks.addresses.len();
    own.hooks.addresses.retain(|one| one.id != id);
    own.hooks.subscriptions.retain(|one| one.webhook != id);
    if own.hooks.addresses.len() == before {
        return Err(Problem::not_found());
    }
    Ok((StatusCode::OK, json!({"data": {"deleted": true}})))
}

pub(super) fn subscriptions(x: &X, _: &Call, _: Option<Fault>) -> Answer {
    let told: Vec<Value> = x.own().hooks.subscriptions.iter().map(Subscription::told).collect();
    Ok((StatusCode::OK, json!({"meta": {"result_count": told.len()}, "data": told})))
}

pub(super) fn subscribe(x: &X, call: &Call, _: Option<Fault>) -> Answer {
    let text = |pointer: &str| call.body.pointer(pointer).and_then(Value::as_str);
    let event = text("/event_type").filter(|event| PRIVATE.contains(event) || PUBLIC.contains(event));
    let event = event.ok_or_else(|| Problem::invalid("`event_type` is not supported"))?.to_owned();
    let user = text("/filter/user_id").and_then(|id| id.parse().ok());
    let user = user.ok_or_else(|| Problem::invalid("`filter.user_id` is required"))?;
    if PRIVATE.contains(&event.as_str()) && !matches!(call.caller, Caller::User { id, .. } if id == user) {
        return Err(Problem::forbidden("This event needs the authorization of the filtered user."));
    }
    let webhook = text("/webhook_id").and_then(|id| id.parse().ok());
    let mut own = x.own();
    let webhook = webhook.filter(|id| own.hooks.addresses.iter().any(|one| one.id == *id));
    let webhook = webhook.ok_or_else(|| Problem::invalid("`webhook_id` is no webhook of the application"))?;
    if own.hooks.subscriptions.len() >= MOST_SUBSCRIPTIONS {
        return Err(Problem::new(403, "SubscriptionLimitExceeded", "Too many subscriptions.", "subscription-limit"));
    }
    let same = |one: &Subscription| one.event == event && one.user == user && one.webhook == webhook;
    if own.hooks.subscriptions.iter().any(same) {
        return Err(Problem::invalid("DuplicateSubscription: the subscription is there already"));
    }
    own.hooks.last += 1;
    let id = 1_146_000_000_000_000_000 + own.hooks.last;
    let made = Subscription { id, event, user, tag: text("/tag").map(str::to_owned), webhook };
    let told = made.told();
    own.hooks.subscriptions.push(made);
    Ok((StatusCode::OK, json!({"data": {"subscription": told}})))
}

pub(super) fn unsubscribe(x: &X, call: &Call, _: Option<Fault>) -> Answer {
    let id = call.name.parse::<u64>().unwrap_or(0);
    let mut own = x.own();
    let before = own.hooks.subscriptions.len();
    own.hooks.subscriptions.retain(|one| one.id != id);
    if own.hooks.subscriptions.len() == before {
        return Err(Problem::not_found());
    }
    Ok((StatusCode::OK, json!({"data": {"deleted": true}})))
}

fn signature(bytes: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, CONSUMER.1.as_bytes());
    format!("sha256={}", STANDARD.encode(hmac::sign(&key, bytes)))
}

async fn call_out(x: X, webhook: u64, mut after: usize) {
    let slots = Arc::new(Semaphore::new(calls::AT_ONCE));
    while x.target(webhook).is_some() {
        x.catch_up();
        let (calls, last) = x.events(webhook, after);
        let Some(last) = last else {
            x.sandbox.news(Duration::from_millis(100)).await;
            continue;
        };
        after = last;
        for body in calls {
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
            let x = x.clone();
            tokio::spawn(async move {
                let _slot = slot;
                let taken = |answer: &calls::Answer| answer.status == 200;
                if calls::until_taken(&x.sandbox, &body, || x.target(webhook), taken, |_| {}).await {
                    x.sandbox.inside().counts.items_served += 1;
                }
            });
        }
    }
}

impl X {
    fn target(&self, webhook: u64) -> Option<Target> {
        let own = self.own();
        let address = own.hooks.addresses.iter().find(|one| one.id == webhook)?;
        Some(Target { url: address.url.clone(), proof: Some((SIGNATURE, Proof::Signature(signature))) })
    }

    /// What is to be told of the events after so many, and the last of them.
    fn events(&self, webhook: u64, after: usize) -> (Vec<Value>, Option<usize>) {
        let events: Vec<(usize, u64, u64, What)> = {
            let inside = self.sandbox.inside();
            let events = inside.world.events_after(after).map(|events| events.take(50).collect::<Vec<_>>());
            let events = events.unwrap_or_default().into_iter();
            events
                .map(|(number, event)| {
                    let said = inside.world.said(event);
                    (number, said.place, said.id, event.what)
                })
                .collect()
        };
        let last = events.last().map(|(number, ..)| *number);
        let mut own = self.own();
        let (mut calls, mut read) = (Vec::new(), 0);
        for (number, place, said, what) in events {
            let Some(tweet) = own.tweets.of_said(place, said) else { continue };
            for one in own.hooks.subscriptions.iter().filter(|one| one.webhook == webhook) {
                let fits = match (one.event.as_str(), what) {
                    ("post.create", What::New) => tweet.author == one.user,
                    ("post.delete", What::Deleted) => tweet.author == one.user,
                    ("post.mention.create", What::New) => {
                        !tweet.deleted && named(&tweet.text.to_lowercase(), '@', &username(one.user))
                    }
                    _ => false,
                };
                if !fits {
                    continue;
                }
                let everything = Wanted::everything();
                let (payload, includes) = if what == What::Deleted {
                    (json!({"id": tweet.versions[0].to_string(), "author_id": tweet.author.to_string()}), json!({}))
                } else {
                    read += POST;
                    (everything.post(&own.tweets, tweet), everything.includes(&own.tweets, &[tweet]))
                };
                calls.push(json!({"data": {
                    "event_uuid": (2_080_000_000_000_000_000 + number as u64).to_string(), "event_type": one.event,
                    "filter": {"user_id": one.user.to_string()}, "tag": one.tag, "payload": payload, "includes": includes,
                }}));
            }
        }
        own.money.pay(read);
        (calls, last)
    }
}
