//! What a reply may say, and when it may go out.

use std::time::Duration;

use axum::http::StatusCode;
use molva_connectors::{Localized, ReplyRule};
use molva_domain::Timestamp;

use crate::locale::{Message, text as said};
use crate::problem::{FieldProblem, Problem};

/// Whatever a network allows.
const MAX_BYTES: usize = 64 << 10;
const MAX_AHEAD: Duration = Duration::from_secs(366 * 24 * 3_600);

/// The text as it is sent: without blanks around it, not empty, not longer than the network allows, which may be less beside files.
pub(super) fn check(
    text: &str,
    greeting: Option<&str>,
    rule: &ReplyRule,
    beside_files: Option<u32>,
) -> Result<String, Problem> {
    let text = text.trim();
    let bare = greeting.and_then(|greeting| text.strip_prefix(greeting.trim())).unwrap_or(text);
    if bare.trim().is_empty() {
        return Err(wrong("empty", EMPTY));
    }
    let mut length = rule.length;
    length.limit = beside_files.map_or(length.limit, |most| most.min(length.limit));
    let measured = length.measure(text);
    if measured.over || text.len() > MAX_BYTES {
        let over = if measured.used > measured.limit {
            Message::with(TOO_LONG, [&measured.used.to_string(), &measured.limit.to_string()])
        } else {
            let most = rule.length.bytes.map_or(MAX_BYTES, |bytes| bytes as usize);
            Message::with(TOO_MANY_BYTES, [&text.len().to_string(), &most.to_string()])
        };
        return Err(wrong("too_long", over));
    }
    Ok(text.to_owned())
}

/// A time a person named; one that is over is now.
pub(super) fn send_after(named: &str, now: Timestamp) -> Result<Timestamp, Problem> {
    match Timestamp::parse(named) {
        Some(at) if at <= now.plus(MAX_AHEAD) => Ok(at.max(now)),
        _ => Err(Problem::field("send_after", "invalid_value", SEND_AFTER)),
    }
}

fn wrong(code: &'static str, message: impl Into<Message>) -> Problem {
    let message = message.into();
    let field = FieldProblem { field: "text".to_owned(), code, message: message.clone() };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, message).with_errors(vec![field])
}

const EMPTY: Localized =
    said("says nothing; write something", "ничего не сказано; напишите", "нічого не сказано; напишіть");
const TOO_LONG: Localized = said(
    "is too long: {0} of {1} as the network counts; shorten it",
    "слишком длинно: {0} из {1}, как считает сеть; сократите",
    "задовго: {0} із {1}, як рахує мережа; скоротіть",
);
const TOO_MANY_BYTES: Localized = said(
    "is too long: {0} of {1} bytes; shorten it",
    "слишком длинно: {0} из {1} байт; сократите",
    "задовго: {0} із {1} байтів; скоротіть",
);
const SEND_AFTER: Localized = said(
    "is a time within the next year, as 2027-03-01T09:30:00Z",
    "время в пределах ближайшего года, например 2027-03-01T09:30:00Z",
    "час у межах найближчого року, наприклад 2027-03-01T09:30:00Z",
);
