//! Consent on Google's page: <https://developers.google.com/identity/protocols/oauth2/web-server>. Rights can be left out there, and a
//! refresh token comes only where `access_type=offline` is asked for.

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::consent::page::{Fields, Page};
use crate::consent::{Given, Proof};
use crate::google::CLIENT;
use crate::rest::{Call, Told};
use crate::sandbox::{Inside, Sandbox};

const PAGE: Page = Page {
    title: "Google",
    path: "/o/oauth2/v2/auth",
    client: CLIENT.0,
    prefix: "ya29",
    separator: " ",
    lasting: ("access_type", "offline"),
    people: &[(1_001, "Channel 1001"), (1_002, "Channel 1002"), (1_003, "Channel 1003")],
};

pub(super) async fn ask(Query(asked): Query<Fields>) -> Response {
    PAGE.ask(&asked)
}

pub(super) async fn answer(State(sandbox): State<Sandbox>, body: Bytes) -> Response {
    PAGE.answer(&sandbox, &body)
}

/// A code, or the refresh token of a consent, for tokens; `None` for other questions.
pub(super) fn give(inside: &mut Inside, call: &Call) -> Option<Told> {
    let (kind, refresh) = (call.text("grant_type"), call.text("refresh_token"));
    let given = match kind {
        "authorization_code" => {
            let (redirect, verifier) = (call.text("redirect_uri"), call.text("code_verifier"));
            let proof = Proof { client: CLIENT.0, redirect, verifier, device: "" };
            inside.grants.exchange(call.text("code"), &proof, call.now)
        }
        "refresh_token" if refresh.starts_with(PAGE.prefix) => inside.grants.renew_lasting(refresh, CLIENT.0, call.now),
        _ => return None,
    };
    inside.counts.request(&format!("oauth2/{kind}"));
    let no = |word: &str, words: &str| {
        Told::new(StatusCode::BAD_REQUEST, json!({"error": word, "error_description": words}))
    };
    if (call.text("client_id"), call.text("client_secret")) != CLIENT {
        let told = json!({"error": "invalid_client", "error_description": "The provided client secret is invalid."});
        return Some(Told::new(StatusCode::UNAUTHORIZED, told));
    }
    Some(match given {
        Ok(Given { access, refresh, life_s, scope, lasting, .. }) => {
            let mut told =
                json!({"access_token": access, "expires_in": life_s - 1, "token_type": "Bearer", "scope": scope});
            if lasting {
                told["refresh_token"] = refresh.into();
            }
            Told::ok(told)
        }
        Err(_) if kind == "refresh_token" => no("invalid_grant", "Token has been expired or revoked."),
        Err(_) => no("invalid_grant", "Malformed auth code."),
    })
}

pub(super) fn revoke(inside: &mut Inside, call: &Call) -> Told {
    inside.counts.request("oauth2/revoke");
    if inside.grants.take_back(call.text("token")) {
        return Told::ok(json!({}));
    }
    let told = json!({"error": "invalid_token", "error_description": "Token expired or revoked"});
    Told::new(StatusCode::BAD_REQUEST, told)
}
