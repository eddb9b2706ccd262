//! Consent on Reddit: <https://github.com/reddit-archive/reddit/wiki/OAuth2>. A code that is no good is told in an answer that is
//! otherwise good; a refresh token that is none, with a bare 400.

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::refusal;
use crate::consent::page::{Fields, Page};
use crate::consent::{Given, Proof};
use crate::rest::{Call, Told};
use crate::sandbox::{Inside, Sandbox};

const PAGE: Page = Page {
    title: "Reddit",
    path: "/api/v1/authorize",
    client: "reddit-app",
    prefix: "eyJ.reddit",
    separator: " ",
    lasting: ("duration", "permanent"),
    people: &[(1_001, "u/person1001"), (1_002, "u/person1002"), (1_003, "u/person1003")],
};

pub(super) async fn ask(Query(asked): Query<Fields>) -> Response {
    PAGE.ask(&asked)
}

pub(super) async fn answer(State(sandbox): State<Sandbox>, body: Bytes) -> Response {
    PAGE.answer(&sandbox, &body)
}

/// A code for tokens.
pub(super) fn exchange(inside: &mut Inside, call: &Call) -> Told {
    let proof = Proof {
        client: PAGE.client,
        redirect: call.text("redirect_uri"),
        verifier: call.text("code_verifier"),
        device: "",
    };
    match inside.grants.exchange(call.text("code"), &proof, call.now) {
        Ok(given) => told(given),
        Err(_) => Told::ok(json!({"error": "invalid_grant"})),
    }
}

/// A refresh token for an access token.
pub(super) fn renew(inside: &mut Inside, call: &Call) -> Told {
    let lost = inside.grants.manner.lose > 0;
    inside.grants.manner.lose = inside.grants.manner.lose.saturating_sub(1);
    match inside.grants.renew_lasting(call.text("refresh_token"), PAGE.client, call.now) {
        _ if lost => refusal(StatusCode::BAD_GATEWAY, "Bad Gateway"),
        // Reddit repeats the refresh token here.
        Ok(given) => told(Given { lasting: true, ..given }),
        Err(_) => refusal(StatusCode::BAD_REQUEST, "Bad Request"),
    }
}

/// What is not known is given up all the same.
pub(super) fn revoke(inside: &mut Inside, call: &Call) -> Told {
    inside.grants.take_back(call.text("token"));
    Told::new(StatusCode::NO_CONTENT, Value::Null)
}

fn told(given: Given) -> Told {
    let Given { access, refresh, life_s, scope, lasting, .. } = given;
    let mut body = json!({"access_token": access, "token_type": "bearer", "expires_in": life_s, "scope": scope});
    if lasting {
        body["refresh_token"] = refresh.into();
    }
    Told::ok(body)
}
