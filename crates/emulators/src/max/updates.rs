//! `GET /updates`: what is new is told until a marker past it commits it.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::call::{Call, Refusal};
use super::chats::Chat;
use super::{Answer, Max, render};
use crate::faults::Fault;
use crate::spoil;
use crate::world::{Event, Kind, What, Who, World};

const LONGEST_WAIT_S: u64 = 30;

/// Waits for updates after `marker`.
pub(super) async fn get(max: &Max, call: &Call, fault: Option<Fault>) -> Answer {
    let limit = call.number("limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(100).clamp(1, 100);
    let wait = call.number("timeout").and_then(|wait| u64::try_from(wait).ok()).unwrap_or(30).min(LONGEST_WAIT_S);
    let until = Instant::now() + max.sandbox.scaled(Duration::from_secs(wait));
    let types: Vec<&str> = call.text("types").map(|types| types.split(',').collect()).unwrap_or_default();
    let after = begin(max, call)?;
    loop {
        {
            let mut inside = max.sandbox.inside();
            let limit = limit.min(inside.faults.page);
            let newest = inside.world.newest();
            // What was forgotten is not told, nor that it was.
            let events = inside.world.events_after(after).map(Iterator::collect::<Vec<_>>);
            let mut marker = if events.is_some() { after } else { newest };
            let mut updates = Vec::new();
            for (number, event) in events.unwrap_or_default() {
                if updates.len() == limit {
                    break;
                }
                marker = number;
                let update = update(&inside.world, event, max.sandbox_time(event, &inside.world));
                updates.extend(update.filter(|update| wanted(&types, update)));
            }
            if !updates.is_empty() || Instant::now() >= until {
                spoil::list(&mut updates, fault);
                inside.counts.items_served += updates.len() as u64;
                return Ok(json!({"updates": updates, "marker": marker}));
            }
        }
        max.sandbox.news(until.saturating_duration_since(Instant::now()).min(Duration::from_millis(100))).await;
    }
}

fn begin(max: &Max, call: &Call) -> Result<usize, Refusal> {
    let mut bot = max.bot();
    if !bot.hooks.is_empty() {
        let message = "Long polling is not available while the bot has a subscription";
        return Err(Refusal::new(405, "method.not.allowed", message));
    }
    if let Some(marker) = call.number("marker").and_then(|marker| usize::try_from(marker).ok()) {
        bot.committed = bot.committed.max(marker);
        return Ok(marker);
    }
    Ok(bot.committed)
}

fn wanted(types: &[&str], update: &Value) -> bool {
    types.is_empty() || update["update_type"].as_str().is_some_and(|kind| types.contains(&kind))
}

impl Max {
    /// When an event is told to have happened, in Unix milliseconds.
    fn sandbox_time(&self, event: Event, world: &World) -> i64 {
        let said = world.said(event);
        match event.what {
            What::Edited => said.edited_at.unwrap_or(said.at) * 1_000,
            What::New | What::Deleted => said.at * 1_000,
        }
    }

    /// An event as listeners are called with it; `None` for what the bot itself said, or may not hear.
    pub(super) fn told(&self, event: Event) -> Option<Value> {
        let inside = self.sandbox.inside();
        update(&inside.world, event, self.sandbox_time(event, &inside.world))
    }
}

fn update(world: &World, event: Event, timestamp: i64) -> Option<Value> {
    let said = world.said(event);
    let own = said.who == Who::Place && said.kind != Kind::Post;
    if own || !Chat::of(said).is_heard() {
        return None;
    }
    let thing = if said.kind == Kind::Comment { "comment" } else { "message" };
    let what = match event.what {
        What::New => "created",
        What::Edited => "edited",
        What::Deleted => "removed",
    };
    let mut update = json!({"update_type": format!("{thing}_{what}"), "timestamp": timestamp});
    if event.what == What::Deleted {
        let user = if let Who::Person(id) = said.who { id } else { super::BOT };
        update["message_id"] = render::mid(said).into();
        update["chat_id"] = Chat::of(said).id().into();
        update["user_id"] = user.into();
        update["post_id"] = render::message(world, said)["recipient"]["post_id"].clone();
    } else {
        update["message"] = render::message(world, said);
        update["user_locale"] = "ru".into();
    }
    Some(update)
}
