//! Who gets a token, and whose one is.

use std::collections::HashMap;

use axum::http::StatusCode;
use serde_json::json;

use super::{consent, refusal};
use crate::rest::{Call, Told};
use crate::sandbox::Inside;
use crate::world::{FIRST_PERSON, PEOPLE};

/// `reddit-app:reddit-secret`
const CLIENT: &str = "Basic cmVkZGl0LWFwcDpyZWRkaXQtc2VjcmV0";

/// Tokens that were given, and to whom: nobody is the app itself.
#[derive(Default)]
pub(super) struct Tokens {
    given: HashMap<String, Option<u64>>,
    last: u64,
}

impl Tokens {
    pub(super) fn give(&mut self, inside: &mut Inside, call: &Call) -> Told {
        inside.counts.request(&format!("oauth2/{}", call.text("grant_type")));
        if call.header("authorization") != CLIENT {
            return refusal(StatusCode::UNAUTHORIZED, "Unauthorized");
        }
        let person = match call.text("grant_type") {
            "authorization_code" => return consent::exchange(inside, call),
            "refresh_token" => return consent::renew(inside, call),
            "client_credentials" => None,
            // A wrong password is told in an answer that is otherwise good.
            "password" => match person(call.text("username")) {
                Some(person) if call.text("password") == format!("password-{person}") => Some(person),
                _ => return Told::ok(json!({"error": "invalid_grant"})),
            },
            _ => return Told::new(StatusCode::BAD_REQUEST, json!({"error": "unsupported_grant_type"})),
        };
        self.last += 1;
        let token = format!("token-{}", self.last);
        self.given.insert(token.clone(), person);
        Told::ok(json!({"access_token": token, "token_type": "bearer", "expires_in": 86_400, "scope": "*"}))
    }

    /// `None` when the token is not good.
    pub(super) fn whose(&self, call: &Call) -> Option<Option<u64>> {
        self.given.get(call.authorization("bearer")?).copied()
    }

    pub(super) fn forget(&mut self, call: &Call) {
        if let Some(token) = call.authorization("bearer") {
            self.given.remove(token);
        }
    }
}

/// The number of a person.
pub(super) fn person(name: &str) -> Option<u64> {
    let number: u64 = name.strip_prefix("person")?.parse().ok()?;
    (FIRST_PERSON..FIRST_PERSON + PEOPLE).contains(&number).then_some(number)
}
