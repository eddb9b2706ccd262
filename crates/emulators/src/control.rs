//! How a test, or a person at a terminal, moves an emulator: JSON over HTTP, beside the network's own addresses.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use crate::counts::Counts;
use crate::faults::Faults;
use crate::sandbox::Sandbox;
use crate::world::{FIRST_PERSON, Kind, Saying, Seed, Who};

pub(crate) fn router(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/_faults", post(set_faults).get(faults))
        .route("/_seed", post(seed))
        .route("/_say", post(say))
        .route("/_edit", post(edit))
        .route("/_delete", post(delete))
        .route("/_forget", post(forget))
        .route("/_counts", get(counts))
        .with_state(sandbox)
}

async fn set_faults(State(sandbox): State<Sandbox>, Json(faults): Json<Faults>) -> Json<Faults> {
    sandbox.inside().faults = faults.clone();
    Json(faults)
}

async fn faults(State(sandbox): State<Sandbox>) -> Json<Faults> {
    Json(sandbox.inside().faults.clone())
}

async fn seed(State(sandbox): State<Sandbox>, Json(seed): Json<Seed>) -> Response {
    let now = sandbox.now();
    let items = {
        let mut inside = sandbox.inside();
        inside.world.seed(&seed, now);
        inside.world.all().count()
    };
    sandbox.changed();
    Json(json!({ "items": items })).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Say {
    place: u64,
    kind: Kind,
    text: String,
    /// Without, somebody; `0` is the community itself.
    person: Option<u64>,
    under: Option<u64>,
    answers: Option<u64>,
}

async fn say(State(sandbox): State<Sandbox>, Json(say): Json<Say>) -> Response {
    let who = match say.person {
        Some(0) => Who::Place,
        person => Who::Person(person.unwrap_or(FIRST_PERSON)),
    };
    let Say { place, kind, text, under, answers, .. } = say;
    let now = sandbox.now();
    let id = sandbox.inside().world.say(Saying { place, kind, who, text, under, answers }, now);
    sandbox.changed();
    Json(json!({ "id": id })).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    place: u64,
    id: u64,
    text: Option<String>,
}

async fn edit(State(sandbox): State<Sandbox>, Json(change): Json<Change>) -> Response {
    let now = sandbox.now();
    let text = change.text.unwrap_or_default();
    let done = sandbox.inside().world.edit(change.place, change.id, &text, now);
    sandbox.changed();
    found(done)
}

async fn delete(State(sandbox): State<Sandbox>, Json(change): Json<Change>) -> Response {
    let done = sandbox.inside().world.delete(change.place, change.id);
    sandbox.changed();
    found(done)
}

async fn forget(State(sandbox): State<Sandbox>) -> Response {
    sandbox.inside().world.forget();
    sandbox.changed();
    found(true)
}

async fn counts(State(sandbox): State<Sandbox>) -> Json<Counts> {
    Json(sandbox.inside().counts.clone())
}

fn found(done: bool) -> Response {
    if done { StatusCode::NO_CONTENT.into_response() } else { StatusCode::NOT_FOUND.into_response() }
}
