//! Who gets a token, and whose one is.

use std::collections::HashMap;

use axum::http::{HeaderMap, StatusCode};
use serde_json::json;

use super::{Answer, refusal};
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
    pub(super) fn give(&mut self, headers: &HeaderMap, form: &HashMap<String, String>) -> Answer {
        let said = headers.get("authorization").and_then(|value| value.to_str().ok());
        if said != Some(CLIENT) {
            return refusal(StatusCode::UNAUTHORIZED, "Unauthorized");
        }
        let text = |name: &str| form.get(name).map_or("", String::as_str);
        let person = match text("grant_type") {
            "client_credentials" => None,
            // A wrong password is told in an answer that is otherwise good.
            "password" => match person(text("username")) {
                Some(person) if text("password") == format!("password-{person}") => Some(person),
                _ => return (StatusCode::OK, json!({"error": "invalid_grant"})),
            },
            _ => return (StatusCode::BAD_REQUEST, json!({"error": "unsupported_grant_type"})),
        };
        self.last += 1;
        let token = format!("token-{}", self.last);
        self.given.insert(token.clone(), person);
        let told = json!({"access_token": token, "token_type": "bearer", "expires_in": 86_400, "scope": "*"});
        (StatusCode::OK, told)
    }

    /// `None` when the token is not good.
    pub(super) fn whose(&self, headers: &HeaderMap) -> Option<Option<u64>> {
        self.given.get(bearer(headers)?).copied()
    }

    pub(super) fn forget(&mut self, headers: &HeaderMap) {
        if let Some(token) = bearer(headers) {
            self.given.remove(token);
        }
    }
}

/// Clients write the word either way.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (word, token) = headers.get("authorization")?.to_str().ok()?.split_once(' ')?;
    word.eq_ignore_ascii_case("bearer").then_some(token)
}

/// The number of a person.
pub(super) fn person(name: &str) -> Option<u64> {
    let number: u64 = name.strip_prefix("person")?.parse().ok()?;
    (FIRST_PERSON..FIRST_PERSON + PEOPLE).contains(&number).then_some(number)
}
