//! `setWebhook`: updates are brought, each until it is taken with a status of success.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Semaphore;
use url::{Host, Url};

use super::method::{Call, Refusal};
use super::{Answer, Bot, Telegram, updates};
use crate::calls::{self, Proof, Target};

const SECRET_HEADER: &str = "X-Telegram-Bot-Api-Secret-Token";
const LONGEST_SECRET: usize = 256;

/// Where updates are brought.
#[derive(Clone, Debug, Default)]
pub(super) struct Webhook {
    url: String,
    secret: Option<String>,
    /// A new one for each `setWebhook`: whoever brings for an older one stops.
    turn: u64,
    /// The update to bring next.
    next: u64,
    /// On their way.
    outstanding: BTreeSet<u64>,
    /// Unix seconds, and what happened.
    last_error: Option<(i64, String)>,
}

pub(super) fn set(telegram: &Telegram, call: &Call) -> Answer {
    let url = call.text("url").unwrap_or_default();
    if url.is_empty() {
        remove(telegram, call);
        return Ok(json!(true));
    }
    let refused = |why: &str| Err(Refusal::new(400, &format!("Bad Request: {why}")));
    // A Bot API server of one's own takes plain addresses of its own machine; the sandbox is one.
    let parsed = Url::parse(&url).ok();
    let own_machine = parsed.as_ref().and_then(Url::host).is_some_and(|host| match host {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => name == "localhost",
    });
    if !url.starts_with("https://") && !own_machine {
        return refused("bad webhook: An HTTPS URL must be provided for webhook");
    }
    let secret = call.text("secret_token").filter(|secret| !secret.is_empty());
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    if secret.as_ref().is_some_and(|secret| secret.len() > LONGEST_SECRET || !secret.bytes().all(allowed)) {
        return refused("secret token contains unallowed characters");
    }
    let turn = {
        let mut bot = telegram.bot();
        updates::allow(&mut bot, call);
        let next = bot.confirmed;
        bot.polling += 1;
        let turn = bot.polling;
        bot.webhook = Some(Webhook { url, secret, turn, next, ..Webhook::default() });
        turn
    };
    drop_pending(telegram, call);
    tokio::spawn(bring(telegram.clone(), turn));
    Ok(json!(true))
}

pub(super) fn remove(telegram: &Telegram, call: &Call) {
    telegram.bot().webhook = None;
    drop_pending(telegram, call);
}

fn drop_pending(telegram: &Telegram, call: &Call) {
    if call.text("drop_pending_updates").as_deref() == Some("true") {
        let newest = telegram.sandbox.inside().world.newest() as u64;
        let mut bot = telegram.bot();
        bot.confirmed = newest * 2 + 2;
        let next = bot.confirmed;
        if let Some(webhook) = &mut bot.webhook {
            webhook.next = next;
        }
    }
}

pub(super) fn info(telegram: &Telegram) -> Value {
    let bot = telegram.bot();
    let inside = telegram.sandbox.inside();
    let Some(webhook) = &bot.webhook else {
        let waiting = updates::news_from(&inside, &bot, bot.confirmed, usize::MAX).len();
        return json!({"url": "", "has_custom_certificate": false, "pending_update_count": waiting});
    };
    let waiting = updates::news_from(&inside, &bot, webhook.next, usize::MAX).len() + webhook.outstanding.len();
    let mut told = json!({"url": webhook.url, "has_custom_certificate": false, "pending_update_count": waiting,
        "max_connections": 40, "ip_address": "127.0.0.1", "allowed_updates": bot.allowed});
    if let Some((at, message)) = &webhook.last_error {
        told["last_error_date"] = (*at).into();
        told["last_error_message"] = message.as_str().into();
    }
    told
}

fn current(bot: &mut Bot, turn: u64) -> Option<&mut Webhook> {
    bot.webhook.as_mut().filter(|webhook| webhook.turn == turn)
}

async fn bring(telegram: Telegram, turn: u64) {
    let slots = Arc::new(Semaphore::new(calls::AT_ONCE));
    loop {
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
        let next = {
            let mut bot = telegram.bot();
            let Some(from) = current(&mut bot, turn).map(|webhook| webhook.next) else { return };
            let update = updates::news_from(&telegram.sandbox.inside(), &bot, from, 1).pop();
            let id = update.as_ref().and_then(|update| update["update_id"].as_u64());
            if let (Some(id), Some(webhook)) = (id, current(&mut bot, turn)) {
                webhook.next = id + 1;
                webhook.outstanding.insert(id);
            }
            id.zip(update)
        };
        let Some((id, update)) = next else {
            drop(slot);
            telegram.sandbox.news(Duration::from_millis(100)).await;
            continue;
        };
        let telegram = telegram.clone();
        tokio::spawn(async move {
            let _slot = slot;
            one(&telegram, turn, id, &update).await;
        });
    }
}

async fn one(telegram: &Telegram, turn: u64, id: u64, update: &Value) {
    let target = || {
        let mut bot = telegram.bot();
        let webhook = current(&mut bot, turn)?;
        let proof = webhook.secret.clone().map(|secret| (SECRET_HEADER, Proof::Secret(secret)));
        Some(Target { url: webhook.url.clone(), proof })
    };
    let failed = |why: String| {
        let now = telegram.sandbox.now();
        if let Some(webhook) = current(&mut telegram.bot(), turn) {
            webhook.last_error = Some((now, why));
        }
    };
    let taken = |answer: &calls::Answer| (200..300).contains(&answer.status);
    if !calls::until_taken(&telegram.sandbox, update, target, taken, failed).await {
        return;
    }
    telegram.sandbox.inside().counts.items_served += 1;
    let mut bot = telegram.bot();
    let Some(webhook) = current(&mut bot, turn) else { return };
    webhook.outstanding.remove(&id);
    // What was taken behind one that was not is brought again to whoever comes next.
    let confirmed = webhook.outstanding.first().copied().unwrap_or(webhook.next);
    bot.confirmed = bot.confirmed.max(confirmed);
}
