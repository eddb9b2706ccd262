//! OAuth 2.0 with PKCE: the page where an account agrees, and the place for tokens. <https://docs.x.com/resources/fundamentals/authentication/oauth-2-0/authorization-code>.

use std::collections::HashMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use url::Url;

use super::X;
use super::tweets::username;
use crate::consent::{Agreed, Given, Proof};
use crate::world::PLACES;

/// The one application there is; it has no secret, or this one.
const CLIENT: (&str, &str) = ("emulator-client", "emulator-secret");
/// X knows no devices.
const DEVICE: &str = "";

type Fields = HashMap<String, String>;

fn form(body: &[u8]) -> Fields {
    url::form_urlencoded::parse(body).into_owned().collect()
}

/// `GET /i/oauth2/authorize`: an account is asked.
pub(super) async fn ask(Query(asked): Query<Fields>) -> Response {
    let one = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
    let wrong = [
        (one("client_id") != CLIENT.0, "client_id"),
        (one("response_type") != "code", "response_type"),
        (one("code_challenge_method") != "S256", "code_challenge_method"),
        (one("code_challenge").len() != 43, "code_challenge"),
        (one("state").is_empty(), "state"),
        (!one("scope").contains("tweet.read"), "scope"),
        (Url::parse(one("redirect_uri")).is_err(), "redirect_uri"),
    ];
    if let Some((_, name)) = wrong.iter().find(|(wrong, _)| *wrong) {
        return (StatusCode::BAD_REQUEST, Html(format!("<!doctype html><p>{name} is wrong"))).into_response();
    }
    let escaped = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let hidden: String = ["redirect_uri", "state", "code_challenge"]
        .iter()
        .map(|name| format!("<input type=hidden name={name} value=\"{}\">", escaped(one(name))))
        .collect();
    let accounts: String =
        (1..=PLACES).map(|id| format!("<button name=person value={id}>@{}</button> ", username(id))).collect();
    let scope = escaped(one("scope"));
    Html(format!(
        "<!doctype html><html lang=en><title>X</title><h1>Sandbox of X</h1><p>Molva asks for: {scope}</p>\
         <form method=post action=/i/oauth2/authorize>{hidden}{accounts}<button name=person value=0>No</button></form>"
    ))
    .into_response()
}

/// `POST /i/oauth2/authorize`: the answer, and back.
pub(super) async fn answer(State(x): State<X>, body: Bytes) -> Response {
    let answer = form(&body);
    let one = |name: &str| answer.get(name).map(String::as_str).unwrap_or_default();
    let Ok(mut back) = Url::parse(one("redirect_uri")) else { return StatusCode::BAD_REQUEST.into_response() };
    let account = one("person").parse().ok().filter(|id| (1..=PLACES).contains(id));
    let at = x.sandbox.now();
    let code = account.map(|person| {
        x.sandbox.inside().grants.agree(Agreed {
            prefix: "vk2",
            client: CLIENT.0.to_owned(),
            redirect: one("redirect_uri").to_owned(),
            challenge: one("code_challenge").to_owned(),
            device: DEVICE.to_owned(),
            person,
            at,
            ..Agreed::default()
        })
    });
    let (name, value) = code.as_deref().map_or(("error", "access_denied"), |code| ("code", code));
    back.query_pairs_mut().append_pair(name, value).append_pair("state", one("state"));
    Redirect::to(back.as_str()).into_response()
}

/// Which application asks: by its secret, or by its name where it has none.
fn client(headers: &HeaderMap, form: &Fields) -> Option<String> {
    let Some(basic) = headers.get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Basic ")) else {
        return form.get("client_id").cloned();
    };
    let pair = String::from_utf8(STANDARD.decode(basic).ok()?).ok()?;
    (pair == format!("{}:{}", CLIENT.0, CLIENT.1)).then(|| CLIENT.0.to_owned())
}

/// `POST /2/oauth2/token`: a code or a refresh token for tokens.
pub(super) async fn token(State(x): State<X>, headers: HeaderMap, body: Bytes) -> Response {
    let form = form(&body);
    let one = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let now = x.sandbox.now();
    let mut inside = x.sandbox.inside();
    inside.counts.request(&format!("oauth2/{}", one("grant_type")));
    let given = match (client(&headers, &form), one("grant_type")) {
        (None, _) => Err("invalid_client"),
        (Some(client), "authorization_code") => {
            let (redirect, verifier) = (one("redirect_uri"), one("code_verifier"));
            let proof = Proof { client: &client, redirect, verifier, device: DEVICE };
            inside.grants.exchange(one("code"), &proof, now).map_err(|_| "invalid_grant")
        }
        (Some(client), "refresh_token") => {
            inside.grants.renew(one("refresh_token"), &client, DEVICE, now).map_err(|_| "invalid_grant")
        }
        _ => Err("unsupported_grant_type"),
    };
    match given {
        Ok(Given { access, refresh, life_s, .. }) => Json(json!({
            "token_type": "bearer", "expires_in": life_s, "access_token": access, "refresh_token": refresh,
            "scope": "tweet.write users.read tweet.read media.write offline.access",
        }))
        .into_response(),
        Err(error) => {
            let told = json!({"error": error, "error_description": "Value passed for the token was invalid."});
            (StatusCode::BAD_REQUEST, Json(told)).into_response()
        }
    }
}

/// `POST /2/oauth2/revoke`.
pub(super) async fn revoke(State(x): State<X>, body: Bytes) -> Response {
    let form = form(&body);
    let mut inside = x.sandbox.inside();
    inside.counts.request("oauth2/revoke");
    let revoked = form.get("token").is_some_and(|token| inside.grants.take_back(token));
    Json(json!({ "revoked": revoked })).into_response()
}
