//! How a homeserver refuses, and what that means for listening.

use std::time::Duration;

use molva_domain::Timestamp;
use serde::Deserialize;

use crate::error::ConnectorError;
use crate::http::{Response, headers};
use crate::reply::quoted;

/// Longest wait a server may ask for.
const LONGEST_WAIT_MS: f64 = 86_400_000.0;

/// An answer that is no success.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Refused {
    pub status: u16,
    /// `M_FORBIDDEN`, `M_UNKNOWN_TOKEN`, …; empty when there is none.
    pub code: String,
    words: String,
    pub wait: Option<Duration>,
    /// The token has ended; the session is kept for the next.
    pub soft_logout: bool,
}

/// Why a request brought nothing.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    Refused(Refused),
    /// It is not known whether the server did what it was asked for.
    Broken(ConnectorError),
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    errcode: String,
    error: String,
    retry_after_ms: Option<f64>,
    soft_logout: bool,
}

impl Refused {
    pub(super) fn read(answer: &Response, now: Timestamp) -> Self {
        let wire: Wire = serde_json::from_slice(&answer.body).unwrap_or_default();
        let told = wire.retry_after_ms.filter(|wait| wait.is_finite() && *wait >= 0.0);
        let told = told.map(|wait| Duration::from_secs_f64((wait.min(LONGEST_WAIT_MS) / 1_000.0).max(0.0)));
        let header = headers::retry_after(&answer.headers, now);
        let code = wire.errcode.chars().filter(|c| c.is_ascii_alphanumeric() || "_.".contains(*c)).take(60).collect();
        Self {
            status: answer.status.as_u16(),
            code,
            words: quoted(&wire.error),
            // The header is rounded up to seconds; the longer of the two is kept to.
            wait: told.max(header),
            soft_logout: wire.soft_logout,
        }
    }

    /// What the server said, fit to stand in a sentence of ours.
    pub(super) fn said(&self) -> String {
        match (self.words.is_empty(), self.code.is_empty()) {
            (true, true) => format!("it answered {}", self.status),
            (true, false) => self.code.clone(),
            (false, true) => self.words.clone(),
            (false, false) => format!("{}, {}", self.words, self.code),
        }
    }

    /// Whether the token, not the question, is refused.
    pub(super) fn is_of_the_token(&self) -> bool {
        self.status == 401
            || matches!(
                self.code.as_str(),
                "M_UNKNOWN_TOKEN" | "M_MISSING_TOKEN" | "M_USER_DEACTIVATED" | "M_USER_SUSPENDED" | "M_USER_LOCKED"
            )
    }

    pub(super) fn token_words(&self, host: &str) -> String {
        let said = self.said();
        match self.code.as_str() {
            "M_USER_DEACTIVATED" | "M_USER_SUSPENDED" | "M_USER_LOCKED" => {
                format!("{host} has closed the account ({said}); ask whoever runs the server")
            }
            _ => format!("{host} does not take the access token ({said}); log in anew and give the new token"),
        }
    }

    pub(super) fn explain(&self, host: &str, now: Timestamp) -> ConnectorError {
        let said = self.said();
        match self.status {
            _ if self.is_of_the_token() && self.soft_logout && self.code == "M_UNKNOWN_TOKEN" => {
                ConnectorError::AuthExpired
            }
            _ if self.is_of_the_token() => ConnectorError::AuthRevoked(self.token_words(host)),
            _ if self.code == "M_LIMIT_EXCEEDED" => self.limited(now),
            429 => self.limited(now),
            // Whoever runs the server pays for so many users or so much; that may change.
            _ if self.code == "M_RESOURCE_LIMIT_EXCEEDED" => ConnectorError::Transient {
                message: format!("{host} has reached a limit of its own ({said})"),
                retry_after: self.wait,
            },
            403 => ConnectorError::Forbidden(format!("{host} does not allow it ({said})")),
            404 => ConnectorError::NotFound(format!("{host} does not know it ({said})")),
            400 => ConnectorError::CursorLost(format!("{host} does not take the place it once named ({said})")),
            408 | 421 | 425 | 500..=599 => {
                ConnectorError::Transient { message: format!("{host} failed ({said})"), retry_after: self.wait }
            }
            _ => ConnectorError::Protocol(format!("{host}: {said}")),
        }
    }

    fn limited(&self, now: Timestamp) -> ConnectorError {
        ConnectorError::RateLimited { until: self.wait.map(|wait| now.plus(wait)) }
    }
}

impl Failure {
    /// What it means for listening.
    pub(super) fn explain(self, host: &str, now: Timestamp) -> ConnectorError {
        match self {
            Self::Refused(refused) => refused.explain(host, now),
            Self::Broken(error) => error,
        }
    }

    /// Whether the server said that it does not have it, or does not show it.
    pub(super) const fn is_not_there(&self) -> bool {
        matches!(self, Self::Refused(Refused { status: 404 | 403 | 400, .. }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_its_kind_and_the_wait_it_asks_for() {
        let now = Timestamp::from_secs(100);
        let kind = |status: u16, code: &str, soft_logout: bool| {
            let refused = Refused { status, code: code.to_owned(), soft_logout, ..Refused::default() };
            refused.explain("m.example", now).code()
        };
        assert_eq!(kind(401, "M_UNKNOWN_TOKEN", true), "auth_expired");
        assert_eq!(kind(401, "M_UNKNOWN_TOKEN", false), "auth_revoked");
        assert_eq!(kind(401, "M_USER_LOCKED", true), "auth_revoked");
        assert_eq!(kind(403, "M_USER_DEACTIVATED", false), "auth_revoked");
        assert_eq!(kind(403, "M_FORBIDDEN", false), "forbidden");
        assert_eq!(kind(403, "M_RESOURCE_LIMIT_EXCEEDED", false), "transient");
        assert_eq!(kind(404, "M_NOT_FOUND", false), "not_found");
        assert_eq!(kind(400, "M_UNKNOWN", false), "cursor_lost");
        assert_eq!([kind(502, "", false), kind(302, "", false)], ["transient", "protocol"]);
        let limited = Refused { status: 429, wait: Some(Duration::from_millis(2_500)), ..Refused::default() };
        let until = Some(now.plus(Duration::from_millis(2_500)));
        assert_eq!(limited.explain("m.example", now), ConnectorError::RateLimited { until });
    }
}
