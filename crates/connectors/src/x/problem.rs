//! How X refuses: a status and a problem (RFC 9457), whose `type` ends in a word. <https://docs.x.com/x-api/fundamentals/response-codes-and-errors>.

use std::time::Duration;

use http::HeaderMap;
use molva_domain::Timestamp;
use serde::Deserialize;

use super::limits::Window;
use crate::error::ConnectorError;
use crate::http::Response;
use crate::reply::quoted;

/// After the credits were used up, somebody may have bought some.
const CREDITS: Duration = Duration::from_secs(3_600);
/// Another connection of the same application is still there, or is being taken down.
const CONNECTIONS: Duration = Duration::from_secs(30);
/// Where X says no more than "too many".
const WINDOW: Duration = Duration::from_secs(900);

/// A refusal, read.
#[derive(Clone, Debug, Default)]
pub(super) struct Problem {
    pub status: u16,
    /// The last piece of the type's address: `usage-capped`; empty when there is none.
    pub kind: String,
    /// X's own sentence, fit to stand in one of ours.
    pub detail: String,
    window: Option<Window>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    title: String,
    detail: String,
    #[serde(rename = "type")]
    kind: String,
    reason: String,
    errors: Vec<WireError>,
}

/// One of several; also what stands beside data when part of an answer is missing, and in the line that ends a stream.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WireError {
    pub title: String,
    pub detail: String,
    pub message: String,
    #[serde(rename = "type")]
    pub kind: String,
    /// What was asked for.
    pub value: String,
    pub resource_id: String,
    pub resource_type: String,
}

impl WireError {
    /// The last piece of the type's address.
    pub(super) fn word(&self) -> &str {
        word(&self.kind)
    }

    /// X's sentence.
    pub(super) fn sentence(&self) -> String {
        let all = [&self.detail, &self.message, &self.title];
        quoted(all.into_iter().find(|text| !text.is_empty()).map_or("no reason", String::as_str))
    }
}

fn word(kind: &str) -> &str {
    kind.rsplit('/').next().unwrap_or_default()
}

impl Problem {
    pub(super) fn of(answer: &Response, now: Timestamp) -> Self {
        Self::read(answer.status.as_u16(), &answer.headers, &answer.body, now)
    }

    fn read(status: u16, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Self {
        let wire: Wire = serde_json::from_slice(body).unwrap_or_default();
        // The outer sentence of a bad request only says that something is wrong.
        let inner = wire.errors.iter().map(WireError::sentence).find(|sentence| sentence != "no reason");
        let general = wire.detail.is_empty() || wire.detail.starts_with("One or more parameters");
        let outer = [wire.detail, wire.title].into_iter().find(|text| !text.is_empty());
        let detail = match (inner, outer) {
            (Some(inner), _) if general => inner,
            (_, Some(outer)) => quoted(&outer),
            (inner, None) => inner.unwrap_or_else(|| "no reason".to_owned()),
        };
        let kind = [word(&wire.kind), &wire.reason].into_iter().find(|word| !word.is_empty() && *word != "about:blank");
        let kind = kind.or_else(|| wire.errors.first().map(WireError::word)).unwrap_or_default().to_owned();
        Self { status, kind, detail, window: Window::read(headers, now) }
    }

    /// What it means for listening. `setting` is where what was asked for came from.
    pub(super) fn error(&self, setting: &'static str, now: Timestamp) -> ConnectorError {
        let said = format!("X says: {} ({})", self.detail, self.status);
        match (self.status, self.kind.as_str()) {
            (401, _) => ConnectorError::AuthRevoked(format!("{said}; make a new token in the developer console")),
            (402, _) | (_, "credits" | "credits-depleted") => {
                ConnectorError::QuotaExhausted { until: Some(now.plus(CREDITS)) }
            }
            (_, "usage-capped") => ConnectorError::QuotaExhausted { until: Some(now.plus(24 * CREDITS)) },
            (429, "streaming-connection") => ConnectorError::Transient {
                message: format!("{said}; another program listens with the same application"),
                retry_after: Some(CONNECTIONS),
            },
            (429, _) => {
                let reset = self.window.as_ref().map_or(now.plus(WINDOW), |window| window.resets_at);
                ConnectorError::RateLimited { until: Some(reset) }
            }
            (400, _) if self.detail.contains("since_id") || self.detail.contains("until_id") => {
                ConnectorError::CursorLost(said)
            }
            (400 | 422, _) => ConnectorError::invalid(setting, said),
            (403, _) => ConnectorError::Forbidden(said),
            (404, _) => ConnectorError::NotFound(said),
            (410, _) => ConnectorError::Gone(said),
            (408 | 409 | 500..=599, _) => ConnectorError::Transient { message: said, retry_after: None },
            _ => ConnectorError::Protocol(said),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

    fn problem(status: u16, body: &str) -> Problem {
        Problem::read(status, &HeaderMap::new(), body.as_bytes(), NOW)
    }

    #[test]
    fn each_refusal_has_its_kind() {
        let kind = |status, word: &str| {
            let body = format!(r#"{{"title":"T","detail":"D","type":"https://api.twitter.com/2/problems/{word}"}}"#);
            problem(status, &body).error("words", NOW).code()
        };
        let kinds = [
            kind(401, "x"),
            kind(402, "credits"),
            kind(403, "client-forbidden"),
            kind(429, "usage-capped"),
            kind(429, "streaming-connection"),
            kind(429, "x"),
            kind(400, "invalid-request"),
            kind(404, "resource-not-found"),
            kind(409, "conflict"),
            kind(503, "x"),
            kind(418, "x"),
        ];
        let expected = [
            "auth_revoked",
            "quota_exhausted",
            "forbidden",
            "quota_exhausted",
            "transient",
            "rate_limited",
            "invalid_setting",
            "not_found",
            "transient",
            "transient",
            "protocol",
        ];
        assert_eq!(kinds, expected);
    }

    #[test]
    fn the_sentence_that_says_most_is_told() {
        // From the samples: the outer sentence says nothing.
        let body = r#"{"errors":[{"parameters":{"delete":[]},"message":"JSON doesn't match expected schema"}],
            "title":"Invalid Request","detail":"One or more parameters to your request was invalid.",
            "type":"https://api.twitter.com/2/problems/invalid-request"}"#;
        let read = problem(400, body);
        assert_eq!(
            (read.kind.as_str(), read.detail.as_str()),
            ("invalid-request", "JSON doesn't match expected schema")
        );
        let old = r#"{"errors":[{"message":"'since_id' must be a tweet id created after 2026-02-22T12:00Z"}]}"#;
        assert_eq!(problem(400, old).error("words", NOW).code(), "cursor_lost");
        assert_eq!(problem(503, "<html>").detail, "no reason");
    }
}
