//! `getUpdates`: what is new is told until the next request confirms it.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::method::{Call, Refusal};
use super::render;
use super::{Answer, Bot, Telegram};
use crate::faults::Fault;
use crate::sandbox::Inside;
use crate::spoil;
use crate::world::{Event, Kind, What, Who};

const LONGEST_WAIT_S: u64 = 50;
/// Told unless others are asked for.
const USUAL: [&str; 4] = ["message", "edited_message", "channel_post", "edited_channel_post"];

/// Waits for updates from `offset` on; what is before it is confirmed.
pub(super) async fn get(telegram: &Telegram, call: &Call, fault: Option<Fault>) -> Answer {
    let limit = call.number("limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(100).clamp(1, 100);
    let wait = call.number("timeout").and_then(|wait| u64::try_from(wait).ok()).unwrap_or(0).min(LONGEST_WAIT_S);
    let until = Instant::now() + telegram.sandbox.scaled(Duration::from_secs(wait));
    let turn = begin(&mut telegram.bot(), call)?;
    loop {
        {
            let bot = telegram.bot();
            if bot.polling != turn {
                return Err(Refusal::new(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                ));
            }
            let mut inside = telegram.sandbox.inside();
            let page = inside.faults.page;
            let mut updates = news(&inside, &bot, limit.min(page));
            if !updates.is_empty() || Instant::now() >= until {
                spoil::list(&mut updates, fault);
                inside.counts.items_served += updates.len() as u64;
                return Ok(updates.into());
            }
        }
        telegram.sandbox.news(until.saturating_duration_since(Instant::now()).min(Duration::from_millis(100))).await;
    }
}

fn begin(bot: &mut Bot, call: &Call) -> Result<u64, Refusal> {
    if bot.webhook.is_some() {
        let way_out = "use deleteWebhook to delete the webhook first";
        let message = format!("Conflict: can't use getUpdates method while webhook is active; {way_out}");
        return Err(Refusal::new(409, &message));
    }
    allow(bot, call);
    if let Some(offset) = call.number("offset").and_then(|offset| u64::try_from(offset).ok()) {
        bot.confirmed = bot.confirmed.max(offset);
    }
    bot.polling += 1;
    Ok(bot.polling)
}

fn news(inside: &Inside, bot: &Bot, limit: usize) -> Vec<Value> {
    news_from(inside, bot, bot.confirmed, limit)
}

/// Which kinds are told from now on, where the call says so.
pub(super) fn allow(bot: &mut Bot, call: &Call) {
    if let Some(Value::Array(allowed)) = call.whole("allowed_updates") {
        bot.allowed = allowed.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    }
}

/// Updates from that number on.
pub(super) fn news_from(inside: &Inside, bot: &Bot, from: u64, limit: usize) -> Vec<Value> {
    let after = usize::try_from(from / 2).unwrap_or(0).saturating_sub(1);
    let newest = inside.world.newest();
    let Some(events) = inside.world.events_after(after.min(newest)) else {
        // What was forgotten is not told, nor that it was.
        return Vec::new();
    };
    let allowed = |kind: &str| {
        if bot.allowed.is_empty() { USUAL.contains(&kind) } else { bot.allowed.iter().any(|allowed| allowed == kind) }
    };
    let told = events.flat_map(|(number, event)| updates(inside, number as u64, event));
    told.filter(|(id, kind, _)| *id >= from && allowed(kind))
        .take(limit)
        .map(|(id, kind, message)| json!({"update_id": id, kind: message}))
        .collect()
}

/// A post is told twice: in its channel, and where it is discussed.
fn updates(inside: &Inside, number: u64, event: Event) -> Vec<(u64, &'static str, Value)> {
    let world = &inside.world;
    let said = world.said(event);
    let id = number * 2;
    match (said.kind, event.what) {
        // A bot is not told what it said itself, nor what was removed.
        (_, What::Deleted) => Vec::new(),
        (Kind::Post, What::New) => {
            vec![(id, "channel_post", render::message(world, said)), (id + 1, "message", render::forwarded(said))]
        }
        (Kind::Post, What::Edited) => vec![(id, "edited_channel_post", render::message(world, said))],
        (Kind::Message, _) if said.who == Who::Place => Vec::new(),
        (_, What::New) => vec![(id, "message", render::message(world, said))],
        (_, What::Edited) => vec![(id, "edited_message", render::message(world, said))],
    }
}
