//! VK ID: the page where people agree, and the place for tokens (OAuth 2.1, PKCE, `device_id`).

use std::collections::HashMap;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde_json::{Value, json};
use url::Url;

use super::render;
use crate::consent::{Agreed, Given, Proof};
use crate::sandbox::Sandbox;
use crate::world::FIRST_PERSON;

/// The one application there is.
const CLIENT: &str = "51000001";
/// As VK ID demands of `state`.
const SHORTEST_STATE: usize = 32;
/// People who may be signed in on the page.
const PEOPLE: u64 = 3;

type Fields = HashMap<String, String>;

/// `GET /authorize`: a person is asked.
pub(super) async fn ask(Query(asked): Query<Fields>) -> Response {
    let one = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
    let wrong = [
        (one("client_id") != CLIENT, "client_id"),
        (one("response_type") != "code", "response_type"),
        (one("code_challenge_method") != "S256", "code_challenge_method"),
        (one("code_challenge").len() != 43, "code_challenge"),
        (one("state").len() < SHORTEST_STATE, "state"),
        (Url::parse(one("redirect_uri")).is_err(), "redirect_uri"),
    ];
    if let Some((_, name)) = wrong.iter().find(|(wrong, _)| *wrong) {
        return (StatusCode::BAD_REQUEST, Html(format!("<!doctype html><p>{name} is wrong"))).into_response();
    }
    let hidden: String = ["redirect_uri", "state", "code_challenge"]
        .iter()
        .map(|name| format!("<input type=hidden name={name} value=\"{}\">", escaped(one(name))))
        .collect();
    let people: String = (FIRST_PERSON..FIRST_PERSON + PEOPLE)
        .map(|person| {
            let user = render::user(person);
            let name = escaped(user["first_name"].as_str().unwrap_or_default());
            format!("<button name=person value={person}>{name} ({person})</button> ")
        })
        .collect();
    let scope = escaped(one("scope"));
    Html(format!(
        "<!doctype html><html lang=en><title>VK ID</title><h1>Sandbox of VK ID</h1><p>Molva asks for: {scope}</p>\
         <form method=post action=/authorize>{hidden}{people}<button name=person value=0>No</button></form>"
    ))
    .into_response()
}

/// `POST /authorize`: the person's answer, who is sent back with it.
pub(super) async fn answer(State(sandbox): State<Sandbox>, body: Bytes) -> Response {
    let answer = super::form(&body);
    let one = |name: &str| answer.get(name).map(String::as_str).unwrap_or_default();
    let Ok(mut back) = Url::parse(one("redirect_uri")) else { return StatusCode::BAD_REQUEST.into_response() };
    let person = one("person").parse().unwrap_or(0);
    if person == 0 {
        back.query_pairs_mut().append_pair("error", "access_denied").append_pair("state", one("state"));
        return Redirect::to(back.as_str()).into_response();
    }
    let device = format!("device-{person}");
    let agreed = Agreed {
        prefix: "vk2",
        client: CLIENT.to_owned(),
        redirect: one("redirect_uri").to_owned(),
        challenge: one("code_challenge").to_owned(),
        device: device.clone(),
        person,
        at: sandbox.now(),
        ..Agreed::default()
    };
    let code = sandbox.inside().grants.agree(agreed);
    back.query_pairs_mut()
        .append_pair("code", &code)
        .append_pair("type", "code_v2")
        .append_pair("state", one("state"))
        .append_pair("device_id", &device);
    Redirect::to(back.as_str()).into_response()
}

/// `POST /oauth2/auth`: a code or a refresh token for tokens.
pub(super) async fn token(State(sandbox): State<Sandbox>, body: Bytes) -> Response {
    let form = super::form(&body);
    let one = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let now = sandbox.now();
    let (given, slow, lost) = {
        let mut inside = sandbox.inside();
        inside.counts.request(&format!("oauth2/{}", one("grant_type")));
        match one("grant_type") {
            "authorization_code" => {
                let proof = Proof {
                    client: one("client_id"),
                    redirect: one("redirect_uri"),
                    verifier: one("code_verifier"),
                    device: one("device_id"),
                };
                (inside.grants.exchange(one("code"), &proof, now).map_err(|_| "invalid_grant"), 0, false)
            }
            "refresh_token" => {
                let given = inside.grants.renew(one("refresh_token"), one("client_id"), one("device_id"), now);
                let manner = &mut inside.grants.manner;
                let lost = manner.lose > 0;
                manner.lose = manner.lose.saturating_sub(1);
                (given.map_err(|_| "invalid_grant"), manner.slow_ms, lost)
            }
            _ => (Err("unsupported_grant_type"), 0, false),
        }
    };
    tokio::time::sleep(Duration::from_millis(slow)).await;
    if lost {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    match given {
        Ok(Given { access, refresh, life_s, person, .. }) => Json(json!({
            "access_token": access, "refresh_token": refresh, "id_token": "…", "token_type": "Bearer",
            "expires_in": life_s, "user_id": person, "state": one("state"), "scope": "vkid.personal_info wall groups",
        }))
        .into_response(),
        Err(error) => {
            let told: Value = json!({"error": error, "error_description": "code or token is used, old or another's"});
            (StatusCode::BAD_REQUEST, Json(told)).into_response()
        }
    }
}

/// `POST /oauth2/revoke`.
pub(super) async fn revoke(State(sandbox): State<Sandbox>, body: Bytes) -> Json<Value> {
    let form = super::form(&body);
    let mut inside = sandbox.inside();
    inside.counts.request("oauth2/revoke");
    let done = form.get("access_token").is_some_and(|token| inside.grants.take_back(token));
    Json(json!({"response": i32::from(done)}))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}
