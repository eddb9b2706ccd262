//! How MAX refuses, and what that means for listening.

use std::time::Duration;

use molva_domain::Timestamp;
use serde::Deserialize;

use crate::error::ConnectorError;
use crate::http::{Response, headers};

/// After a refusal for coming too often that names no wait.
const USUAL_WAIT: Duration = Duration::from_secs(2);

/// An answer that is no success.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Refused {
    pub status: u16,
    /// `verify.token`, `too.many.requests`, …; empty when there is none.
    pub code: String,
    pub message: String,
    pub retry_after: Option<Duration>,
}

/// Why a request brought nothing.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    Refused(Refused),
    /// It is not known whether MAX did what it was asked for.
    Broken(ConnectorError),
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    code: String,
    message: String,
}

impl Refused {
    pub(super) fn read(answer: &Response, now: Timestamp) -> Self {
        let wire: Wire = serde_json::from_slice(&answer.body).unwrap_or_default();
        let retry_after = headers::retry_after(&answer.headers, now);
        Self { status: answer.status.as_u16(), code: wire.code, message: wire.message, retry_after }
    }

    /// What MAX said, fit to stand in a sentence of ours.
    pub(super) fn words(&self) -> String {
        let words: String = self.message.chars().take(200).collect();
        match (words.is_empty(), self.code.is_empty()) {
            (true, _) => format!("MAX answered {}", self.status),
            (false, true) => format!("MAX says: {words}"),
            (false, false) => format!("MAX says: {words} ({})", self.code),
        }
    }

    fn explain(&self, now: Timestamp) -> ConnectorError {
        let said = self.words();
        match (self.status, self.code.as_str()) {
            (_, "attachment.not.ready") => ConnectorError::Transient { message: said, retry_after: Some(USUAL_WAIT) },
            (401, _) => ConnectorError::AuthRevoked(format!(
                "{said}; take the bot's token anew on business.max.ru (Chat-bots, Integration)"
            )),
            (403, _) => ConnectorError::Forbidden(said),
            (404, _) => ConnectorError::NotFound(said),
            (405, _) => {
                ConnectorError::Forbidden(format!("{said}; give Molva a bot of its own, or remove its subscription"))
            }
            (429, _) => ConnectorError::RateLimited { until: Some(now.plus(self.retry_after.unwrap_or(USUAL_WAIT))) },
            (408 | 500..=599, _) => ConnectorError::Transient { message: said, retry_after: self.retry_after },
            _ => ConnectorError::Protocol(said),
        }
    }
}

impl Failure {
    /// What it means for listening.
    pub(super) fn explain(self, now: Timestamp) -> ConnectorError {
        match self {
            Self::Refused(refused) => refused.explain(now),
            Self::Broken(error) => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_its_kind_and_the_wait_it_asks_for() {
        let now = Timestamp::from_secs(100);
        let kind = |status: u16, code: &str| {
            let refused = Refused { status, code: code.to_owned(), message: "x".to_owned(), retry_after: None };
            Failure::Refused(refused).explain(now).code()
        };
        let kinds = [
            kind(400, "proto.payload"),
            kind(400, "attachment.not.ready"),
            kind(401, "verify.token"),
            kind(403, "chat.denied"),
            kind(404, "not.found"),
            kind(405, ""),
            kind(429, "too.many.requests"),
            kind(503, "service.unavailable"),
        ];
        let expected = [
            "protocol",
            "transient",
            "auth_revoked",
            "forbidden",
            "not_found",
            "forbidden",
            "rate_limited",
            "transient",
        ];
        assert_eq!(kinds, expected);
        let told = Refused { status: 429, retry_after: Some(Duration::from_secs(5)), ..Refused::default() };
        let until = ConnectorError::RateLimited { until: Some(Timestamp::from_secs(105)) };
        assert_eq!(Failure::Refused(told).explain(now), until);
    }
}
