//! VK, API 5.199: <https://dev.vk.com/ru/reference>. Every answer is a 200, also a refusal.
//!
//! `POST` or `GET /method/NAME` with a form or a query; `GET /lp/GROUP` is the Bots Long Poll server; servers of the Callback API
//! are called.

mod board;
pub(crate) mod callback;
mod groups;
mod id;
mod long_poll;
mod messages;
mod method;
mod render;
mod search;
mod upload;
mod wall;

use std::collections::HashMap;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::sandbox::Sandbox;
use crate::searching::Search;
use crate::spoil;
use method::{Call, Refusal, Token};

/// What one needs to speak to it.
pub const KEYS: &[&str] = &[
    "access_token: user-token (a person, 3 requests a second)",
    "access_token: service-token (an application, 5 a second)",
    "access_token: community-token-1, -2, -3 (a community, 20 a second)",
    "communities: club1, club2, club3",
    "client id of VK ID: 51000001, no secret",
];

/// Whether its search would bring, by that query, something said with these words.
#[must_use]
pub fn fits(query: &str, text: &str) -> bool {
    Search::read(query, false).finds(&text.to_lowercase())
}

/// Its server.
pub fn router(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/method/{name}", get(call).post(call))
        .route("/authorize", get(id::ask).post(id::answer))
        .route("/oauth2/auth", post(id::token))
        .route("/oauth2/revoke", post(id::revoke))
        .route("/_consent", post(crate::consent::page::behave))
        .route("/upload/{kind}", post(upload::receive))
        .route("/lp/{group}", get(long_poll::check).post(long_poll::check))
        .with_state(sandbox)
}

async fn call(
    State(sandbox): State<Sandbox>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut parameters = form(query.unwrap_or_default().as_bytes());
    parameters.extend(form(&body));
    let bearer = headers.get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let token = bearer.map(str::to_owned).or_else(|| parameters.remove("access_token")).unwrap_or_default();
    let host = headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
    let now = sandbox.now();
    let second = sandbox.scaled(Duration::from_secs(1));

    let mut inside = sandbox.inside();
    inside.counts.request(&name);
    let whose = match inside.grants.who(&token, now) {
        Some(person) => person.map(Token::User),
        None => Token::of(&token),
    };
    let limit = whose.map_or(3, Token::per_second);
    if inside.limits.come(&token, limit, second).is_err() {
        inside.counts.limits_exceeded += 1;
        return refused(&Refusal::new(6, "Too many requests per second"), &name, &parameters);
    }
    let asked = Call { name, parameters, token: whose, host, now };
    let mut outcome = method::find(&asked);
    let fault = match &outcome {
        Ok(method) => inside.draw(method.faults),
        Err(_) => None,
    };
    if let Some(refusal) = fault.and_then(Refusal::of_fault) {
        if fault == Some(Fault::RateLimit) {
            inside.limits.stay_away(&token, second);
        }
        outcome = Err(refusal);
    }
    match outcome.and_then(|method| (method.run)(&mut inside, &asked, fault)) {
        Ok(value) => {
            let slow_ms = inside.faults.slow_ms;
            drop(inside);
            if asked.name == "groups.addCallbackServer" {
                callback::start(&sandbox);
            }
            sandbox.changed();
            spoil::answer(StatusCode::OK, json!({ "response": value }), fault, slow_ms)
        }
        Err(refusal) => refused(&refusal, &asked.name, &asked.parameters),
    }
}

fn refused(refusal: &Refusal, method: &str, parameters: &HashMap<String, String>) -> Response {
    let mut asked: Vec<Value> = vec![json!({ "key": "method", "value": method })];
    asked.extend(parameters.iter().map(|(key, value)| json!({ "key": key, "value": value })));
    let mut error = json!({ "error_code": refusal.code, "error_msg": refusal.message, "request_params": asked });
    if refusal.code == 14 {
        error["captcha_sid"] = json!("704712345678");
        error["captcha_img"] = json!("https://captcha.example/704712345678");
    }
    spoil::answer(StatusCode::OK, json!({ "error": error }), None, 0)
}

fn form(bytes: &[u8]) -> HashMap<String, String> {
    url::form_urlencoded::parse(bytes).into_owned().collect()
}
