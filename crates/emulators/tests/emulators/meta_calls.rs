//! Meta's emulator calls whoever answers its question, signs what it says, and says it again when nobody took it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::routing::get;
use molva_domain::SystemClock;
use molva_emulators::meta::calls::sign;
use molva_emulators::{Emulator, Kind, Sandbox, Saying, Who};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

/// Whoever is called: the first call is not taken.
#[derive(Clone, Default)]
struct Called {
    times: Arc<AtomicUsize>,
    taken: Arc<Mutex<Vec<Value>>>,
}

async fn question(RawQuery(query): RawQuery) -> (StatusCode, String) {
    let query = query.unwrap_or_default();
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).unwrap_or_default()
    };
    match (value("hub.verify_token").as_str(), value("hub.mode").as_str()) {
        ("right", "subscribe") => (StatusCode::OK, value("hub.challenge")),
        _ => (StatusCode::FORBIDDEN, String::new()),
    }
}

async fn call(State(called): State<Called>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let given = headers.get("x-hub-signature-256").and_then(|value| value.to_str().ok());
    if given != Some(sign(&body).as_str()) {
        return StatusCode::FORBIDDEN;
    }
    if called.times.fetch_add(1, Ordering::Relaxed) == 0 {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    called.taken.lock().expect("nobody panicked").push(serde_json::from_slice(&body).expect("JSON"));
    StatusCode::OK
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_answers_the_question_is_called_until_they_take_it() {
    let called = Called::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let router = Router::new().route("/hook", get(question).post(call)).with_state(called.clone());
    tokio::spawn(axum::serve(listener, router).into_future());

    let sandbox = Sandbox::new(Arc::new(SystemClock), 100.0);
    let emulator = Emulator::find("meta").expect("an emulator").router(sandbox.clone());
    let subscribe = async |token: &str, address: &str| {
        let body = json!({"url": address, "verify_token": token}).to_string();
        let request = Request::post("/_calls").header(header::CONTENT_TYPE, "application/json");
        emulator.clone().oneshot(request.body(Body::from(body)).expect("a request")).await.expect("an answer").status()
    };
    assert_eq!(subscribe("wrong", &address).await, StatusCode::BAD_REQUEST);
    assert_eq!(subscribe("right", "https://127.0.0.1/hook").await, StatusCode::BAD_REQUEST);
    assert_eq!(subscribe("right", &address).await, StatusCode::NO_CONTENT);

    tokio::time::sleep(Duration::from_millis(100)).await;
    let now = sandbox.now();
    let saying = Saying {
        place: 1,
        kind: Kind::Post,
        who: Who::Person(1_005),
        text: "Алло?".to_owned(),
        under: None,
        answers: None,
    };
    sandbox.inside().world.say(saying, now);
    for _ in 0..600 {
        sandbox.changed();
        tokio::time::sleep(Duration::from_millis(50)).await;
        if !called.taken.lock().expect("nobody panicked").is_empty() {
            break;
        }
    }
    let taken = called.taken.lock().expect("nobody panicked").clone();
    assert_eq!((taken.len(), called.times.load(Ordering::Relaxed)), (1, 2));
    let change = &taken[0]["entry"][0]["changes"][0];
    assert_eq!((&change["field"], &change["value"]["message"]), (&json!("feed"), &json!("Алло?")));
    assert_eq!((&taken[0]["object"], &change["value"]["verb"]), (&json!("page"), &json!("add")));
}
