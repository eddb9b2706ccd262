//! What Meta sends by itself when something happens, signed with the application's secret: at least once, in no promised order.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use ring::hmac;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use url::Url;

use super::{APP_SECRET, ids, question, render};
use crate::calls::{self, Proof, Target};
use crate::sandbox::{Inside, Sandbox};
use crate::world::{Event, Kind, Said, What, Who, title_of};

/// Changes of one call.
const AT_ONCE: usize = 20;
const PATIENCE: Duration = Duration::from_secs(5);

/// Which of Meta's two it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Object {
    Page,
    Instagram,
}

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    pub body: String,
    /// `X-Hub-Signature-256`.
    pub signature: String,
}

/// `sha256=` and the hex HMAC-SHA256 of the body.
#[must_use]
pub fn sign(body: &[u8]) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, APP_SECRET.as_bytes()), body);
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={hex}")
}

/// The calls of a page or account about what happened after that event, and the number of the newest.
#[must_use]
pub fn after(inside: &Inside, object: Object, place: u64, number: usize, now: i64) -> (Vec<Signed>, usize) {
    let signed = |body: Value| {
        let body = body.to_string();
        Signed { signature: sign(body.as_bytes()), body }
    };
    (bodies(inside, object, place, number, now).into_iter().map(signed).collect(), inside.world.newest())
}

fn bodies(inside: &Inside, object: Object, place: u64, number: usize, now: i64) -> Vec<Value> {
    let events: Vec<Event> = inside.world.events_after(number).into_iter().flatten().map(|(_, event)| event).collect();
    let told: Vec<(bool, Value)> = events
        .into_iter()
        .filter(|event| inside.world.said(*event).place == place)
        .filter_map(|event| one(inside, object, event))
        .collect();
    let mut calls = Vec::new();
    for changes in told.chunks(AT_ONCE) {
        let list = |of_messages: bool| {
            let found = changes.iter().filter(|(message, _)| *message == of_messages);
            found.map(|(_, change)| change.clone()).collect::<Vec<Value>>()
        };
        let (name, id) = match object {
            Object::Page => ("page", ids::page(place)),
            Object::Instagram => ("instagram", ids::account(place)),
        };
        let mut entry = Vec::new();
        for (of_messages, field) in [(false, "changes"), (true, "messaging")] {
            let changes = list(of_messages);
            if !changes.is_empty() {
                let time = if of_messages { now * 1_000 } else { now };
                entry.push(json!({"id": id, "time": time, field: changes}));
            }
        }
        calls.push(json!({"object": name, "entry": entry}));
    }
    calls
}

/// A change, and whether it is a private message.
fn one(inside: &Inside, object: Object, event: Event) -> Option<(bool, Value)> {
    let said = inside.world.said(event);
    match (object, said.kind, said.who) {
        (_, Kind::Message, Who::Person(person)) if event.what == What::New => {
            Some((true, message(said, object, person)))
        }
        // A topic of the community itself is only where comments are gathered.
        (_, Kind::Message, _) | (_, Kind::Topic, Who::Place) => None,
        (Object::Page, _, _) => Some((false, of_page(inside, said, event.what))),
        (Object::Instagram, _, _) => of_account(inside, said, event.what).map(|change| (false, change)),
    }
}

fn of_page(inside: &Inside, said: &Said, what: What) -> Value {
    let verb = match what {
        What::New => "add",
        What::Edited => "edited",
        What::Deleted => "remove",
    };
    let mut value = json!({"from": render::author(said), "verb": verb, "created_time": said.at});
    if what != What::Deleted {
        value["message"] = said.text.clone().into();
    }
    let field = match said.kind {
        Kind::Comment => {
            value["item"] = "comment".into();
            value["comment_id"] = render::comment_id(said).into();
            let under = said.under.and_then(|id| inside.world.find(said.place, id));
            let post = under.map(render::name).unwrap_or_default();
            let parent = said.answers.and_then(|id| inside.world.find(said.place, id)).map(render::comment_id);
            value["parent_id"] = parent.unwrap_or_else(|| post.clone()).into();
            value["post_id"] = post.into();
            "feed"
        }
        Kind::TopicComment => {
            value = json!({
                "item": "rating", "verb": verb, "created_time": said.at, "open_graph_story_id": render::name(said),
                "reviewer_id": value["from"]["id"], "reviewer_name": value["from"]["name"], "review_text": said.text,
                "recommendation_type": if said.id.is_multiple_of(3) { "NEGATIVE" } else { "POSITIVE" },
            });
            "ratings"
        }
        Kind::Topic => {
            value["item"] = "post".into();
            value["post_id"] = render::post_id(said).into();
            "mention"
        }
        Kind::Post | Kind::Message => {
            value["item"] = if said.who == Who::Place { "status" } else { "post" }.into();
            value["post_id"] = render::post_id(said).into();
            value["published"] = 1.into();
            "feed"
        }
    };
    json!({"field": field, "value": value})
}

/// Instagram tells of new things only.
fn of_account(inside: &Inside, said: &Said, what: What) -> Option<Value> {
    if what != What::New {
        return None;
    }
    let media = |id: u64| ids::media(said.place, id);
    match said.kind {
        Kind::Comment => {
            let whole = render::media_comment(&inside.world, said);
            let mut value = json!({
                "id": whole["id"], "text": said.text, "from": whole["from"],
                "media": {"id": media(said.under?), "media_product_type": "FEED"},
            });
            if let Some(parent) = whole.get("parent_id") {
                value["parent_id"] = parent.clone();
            }
            Some(json!({"field": "comments", "value": value}))
        }
        Kind::Topic => Some(json!({"field": "mentions", "value": {"media_id": media(said.id)}})),
        Kind::TopicComment => {
            Some(json!({"field": "mentions", "value": {"media_id": media(said.under?), "comment_id": media(said.id)}}))
        }
        Kind::Post | Kind::Message => None,
    }
}

fn message(said: &Said, object: Object, person: u64) -> Value {
    let own = if object == Object::Page { ids::page(said.place) } else { ids::account(said.place) };
    json!({
        "sender": {"id": ids::person(person)}, "recipient": {"id": own}, "timestamp": said.at * 1_000,
        "message": {"mid": format!("m_{}", ids::thing(said.place, said.id)), "text": said.text},
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Subscription {
    /// `http` only: a Molva beside it.
    url: String,
    verify_token: String,
    #[serde(default)]
    instagram: bool,
    #[serde(default = "first_place")]
    place: u64,
}

const fn first_place() -> u64 {
    1
}

/// Asks the address as Meta does before it calls it, then calls it as long as the emulator lives.
pub(super) async fn subscribe(State(sandbox): State<Sandbox>, Json(wanted): Json<Subscription>) -> Response {
    let Some(url) = Url::parse(&wanted.url).ok().filter(|url| url.scheme() == "http") else {
        let message = "(#2200) an http address is wanted, of a Molva beside it";
        return (StatusCode::BAD_REQUEST, Json(json!({"error": {"code": 2_200, "message": message}}))).into_response();
    };
    let mut asked = url.clone();
    let challenge = "1158201444";
    asked.query_pairs_mut().extend_pairs([
        ("hub.mode", "subscribe"),
        ("hub.challenge", challenge),
        ("hub.verify_token", &wanted.verify_token),
    ]);
    let answer = question::ask(&asked).await;
    if !answer.as_ref().is_some_and(|(status, body)| *status == 200 && body.trim() == challenge) {
        let title = title_of(wanted.place);
        let message = format!("(#2200) Callback verification failed for {title}: {answer:?}");
        return (StatusCode::BAD_REQUEST, Json(json!({"error": {"code": 2_200, "message": message}}))).into_response();
    }
    tokio::spawn(async move { call(sandbox, wanted, url).await });
    StatusCode::NO_CONTENT.into_response()
}

async fn call(sandbox: Sandbox, wanted: Subscription, url: Url) {
    let object = if wanted.instagram { Object::Instagram } else { Object::Page };
    let slots = Arc::new(Semaphore::new(calls::AT_ONCE));
    let target = Target { url: url.into(), proof: Some(("X-Hub-Signature-256", Proof::Signature(sign))) };
    let mut number = sandbox.inside().world.newest();
    loop {
        let now = sandbox.now();
        let told = {
            let inside = sandbox.inside();
            let from = std::mem::replace(&mut number, inside.world.newest());
            bodies(&inside, object, wanted.place, from, now)
        };
        for body in told {
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
            let (sandbox, target) = (sandbox.clone(), target.clone());
            tokio::spawn(async move {
                let _slot = slot;
                calls::until_taken(&sandbox, &body, || Some(target.clone()), |answer| answer.status == 200, |_| {})
                    .await
            });
        }
        sandbox.news(PATIENCE).await;
    }
}
