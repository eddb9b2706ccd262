//! Bots Long Poll: <https://dev.vk.com/ru/api/bots-long-poll/getting-started>.

use std::collections::HashMap;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::render;
use crate::faults::Fault;
use crate::sandbox::{Inside, Sandbox};
use crate::spoil;
use crate::world::{Event, Kind, What};

/// Events told at once.
const MOST: usize = 100;
const LONGEST_WAIT_S: u64 = 90;
const FAULTS: &[Fault] = &[
    Fault::ExpiredToken,
    Fault::ServerError,
    Fault::Duplicate,
    Fault::OutOfOrder,
    Fault::CutJson,
    Fault::UnknownFields,
    Fault::SlowBody,
];

/// Of whom it is that news are asked for.
pub(super) fn key(group: u64) -> String {
    format!("{:016x}", group.wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

pub(super) async fn check(
    State(sandbox): State<Sandbox>,
    Path(group): Path<u64>,
    Query(asked): Query<HashMap<String, String>>,
) -> Response {
    let number = |name: &str| asked.get(name).and_then(|value| value.parse::<usize>().ok());
    let wait = number("wait").map_or(25, |wait| wait as u64).min(LONGEST_WAIT_S);
    let until = tokio::time::Instant::now() + sandbox.scaled(Duration::from_secs(wait));
    let (fault, slow_ms) = {
        let mut inside = sandbox.inside();
        inside.counts.request("a_check");
        (inside.draw(FAULTS), inside.faults.slow_ms)
    };
    let tell = |body: Value, fault| spoil::answer(StatusCode::OK, body, fault, slow_ms);
    if fault == Some(Fault::ServerError) {
        return spoil::answer(StatusCode::BAD_GATEWAY, json!("<html>"), None, slow_ms);
    }
    if fault == Some(Fault::ExpiredToken) || asked.get("key") != Some(&key(group)) {
        return tell(json!({"failed": 2}), None);
    }
    let Some(ts) = number("ts") else { return tell(json!({"failed": 3}), None) };
    loop {
        if let Some(answer) = news(&mut sandbox.inside(), group, ts, fault) {
            return tell(answer, fault);
        }
        let left = until.saturating_duration_since(tokio::time::Instant::now());
        if left.is_zero() {
            return tell(json!({"ts": ts.to_string(), "updates": []}), fault);
        }
        // Short looks: what changed between the look and the wait is seen at the next.
        sandbox.news(left.min(Duration::from_millis(200))).await;
    }
}

/// What to answer; `None` when there is nothing to tell yet.
fn news(inside: &mut Inside, group: u64, ts: usize, fault: Option<Fault>) -> Option<Value> {
    let newest = inside.world.newest();
    let Some(events) = inside.world.events_after(ts) else { return Some(json!({"failed": 1, "ts": newest})) };
    let mut last = ts;
    let mut updates = Vec::new();
    for (number, event) in events {
        last = number;
        updates.extend(update(inside, group, number, event));
        if updates.len() == MOST.min(inside.faults.page) {
            break;
        }
    }
    if updates.is_empty() && last == ts {
        return None;
    }
    spoil::list(&mut updates, fault);
    inside.counts.items_served += updates.len() as u64;
    Some(json!({"ts": last.to_string(), "updates": updates}))
}

/// An event as it is told, when the community is told of it.
pub(super) fn update(inside: &Inside, group: u64, number: usize, event: Event) -> Option<Value> {
    let world = &inside.world;
    let said = world.said(event);
    if said.place != group {
        return None;
    }
    let owner = render::owner(group);
    let (kind, object) = match (said.kind, event.what) {
        (Kind::Post, What::New) => ("wall_post_new", render::post(world, said)),
        (Kind::Comment, What::New) => ("wall_reply_new", render::comment(world, said, 0)),
        (Kind::Comment, What::Edited) => ("wall_reply_edit", render::comment(world, said, 0)),
        (Kind::Comment, What::Deleted) => {
            let object =
                json!({"owner_id": owner, "id": said.id, "post_id": said.under, "deleter_id": 1, "user_id": 1});
            ("wall_reply_delete", object)
        }
        (Kind::TopicComment, What::New | What::Edited) => {
            let mut object = render::topic_comment(said);
            object["topic_id"] = said.under.into();
            object["topic_owner_id"] = owner.into();
            (if event.what == What::New { "board_post_new" } else { "board_post_edit" }, object)
        }
        (Kind::TopicComment, What::Deleted) => {
            let object = json!({"topic_owner_id": group, "topic_id": said.under, "id": said.id, "deleter_id": 1});
            ("board_post_delete", object)
        }
        (Kind::Message, What::New) if said.who != crate::world::Who::Place => {
            let client = json!({"button_actions": ["text"], "keyboard": true, "inline_keyboard": true, "carousel": true, "lang_id": 0});
            ("message_new", json!({"message": render::message(said), "client_info": client}))
        }
        // Nobody is told of the rest.
        _ => return None,
    };
    Some(
        json!({"type": kind, "event_id": format!("{group:08x}{number:024x}"), "v": "5.199", "group_id": group, "object": object}),
    )
}
