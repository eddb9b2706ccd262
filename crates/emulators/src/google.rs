//! What Google's services share: how they give tokens and how they say no.

use std::collections::HashMap;

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::rest::{Call, Told};
use crate::world::{FIRST_PERSON, PEOPLE, PLACES};

pub(crate) const CLIENT: (&str, &str) = ("google-client", "google-secret");
/// The robot whose key may ask.
pub(crate) const ROBOT: &str = "robot@project.example";

/// Tokens that were given, and to whom; 0 is the robot.
#[derive(Default)]
pub(crate) struct Grants {
    given: HashMap<String, u64>,
    last: u64,
}

pub(crate) fn no(status: StatusCode, domain: &str, reason: &str, words: &str) -> Told {
    let errors = json!([{"message": words, "domain": domain, "reason": reason}]);
    Told::new(status, json!({"error": {"code": status.as_u16(), "message": words, "errors": errors}}))
}

pub(crate) fn unauthorized() -> Told {
    let words = "Request had invalid authentication credentials.";
    let mut told = no(StatusCode::UNAUTHORIZED, "global", "authError", words);
    told.body["error"]["status"] = "UNAUTHENTICATED".into();
    told
}

impl Grants {
    /// By the refresh token of a person, or of a community.
    pub(crate) fn refresh(&mut self, call: &Call, scope: &str) -> Told {
        if (call.text("client_id"), call.text("client_secret")) != CLIENT {
            return Told::new(StatusCode::UNAUTHORIZED, json!({"error": "invalid_client"}));
        }
        let person = call.text("refresh_token").strip_prefix("refresh-").and_then(|person| person.parse().ok());
        let known = |one: &u64| (1..=PLACES).contains(one) || (FIRST_PERSON..FIRST_PERSON + PEOPLE).contains(one);
        let person = person.filter(known);
        match person.filter(|_| call.text("grant_type") == "refresh_token") {
            Some(person) => self.give(person, scope),
            None => Told::new(
                StatusCode::BAD_REQUEST,
                json!({"error": "invalid_grant", "error_description": "Token has been expired or revoked."}),
            ),
        }
    }

    /// By what a service account signed. Who has the key is not proved here, only what it says.
    pub(crate) fn assertion(&mut self, call: &Call, scope: &str) -> Told {
        let claims = claims(call.text("assertion")).unwrap_or_default();
        let lasts = claims["exp"].as_i64().unwrap_or(0) - claims["iat"].as_i64().unwrap_or(0);
        let asked = claims["scope"].as_str().is_some_and(|asked| asked.split(' ').any(|one| one == scope));
        if claims["iss"] == ROBOT && asked && (1..=3_600).contains(&lasts) && claims["aud"].is_string() {
            return self.give(0, scope);
        }
        let body = json!({"error": "invalid_grant", "error_description": "Invalid JWT Signature."});
        Told::new(StatusCode::BAD_REQUEST, body)
    }

    fn give(&mut self, whom: u64, scope: &str) -> Told {
        self.last += 1;
        let token = format!("ya29.token-{}", self.last);
        self.given.insert(token.clone(), whom);
        Told::ok(json!({"access_token": token, "expires_in": 3_599, "token_type": "Bearer", "scope": scope}))
    }

    pub(crate) fn whose(&self, call: &Call) -> Option<u64> {
        self.given.get(call.authorization("bearer")?).copied()
    }

    pub(crate) fn forget(&mut self, call: &Call) {
        if let Some(token) = call.authorization("bearer") {
            self.given.remove(token);
        }
    }
}

/// What a signed token says.
pub(crate) fn claims(token: &str) -> Option<Value> {
    let said = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(said.trim_end_matches('=')).ok()?).ok()
}
