//! What Google's services have in common: how they say why not.

pub(crate) mod access;

use std::time::Duration;

use http::StatusCode;
use molva_domain::Timestamp;
use serde_json::Value;

use crate::error::ConnectorError;
use crate::http::{Response, headers};

/// Without a word of Google's, so long.
const PAUSE: Duration = Duration::from_secs(60);

/// A refusal, read.
pub(crate) struct Refusal {
    /// Google's word for it, or nothing.
    pub reason: String,
    answer: Response,
    service: &'static str,
}

impl Refusal {
    /// `service` is what was asked, for people.
    pub(crate) fn of(answer: Response, service: &'static str) -> Self {
        let told: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let text = |path: &str| told.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        let reasons = ["/error/errors/0/reason", "/error/details/0/reason", "/error/status"].map(text);
        let mut reason = reasons.into_iter().find(|reason| !reason.is_empty()).unwrap_or_default();
        // A wrong key is a bad request like others.
        if text("/error/message").starts_with("API key not valid") {
            "keyInvalid".clone_into(&mut reason);
        }
        Self { reason, answer, service }
    }

    /// What it means where the service has no meaning of its own for it.
    pub(crate) fn error(&self, now: Timestamp) -> ConnectorError {
        let service = self.service;
        match self.reason.as_str() {
            "rateLimitExceeded" | "userRateLimitExceeded" | "RESOURCE_EXHAUSTED" | "RATE_LIMIT_EXCEEDED" => {
                let wait = headers::retry_after(&self.answer.headers, now).unwrap_or(PAUSE);
                ConnectorError::RateLimited { until: Some(now.plus(wait)) }
            }
            "keyInvalid" | "keyExpired" | "API_KEY_INVALID" => {
                ConnectorError::AuthRevoked(format!("{service} does not know the key; copy it again from Google Cloud"))
            }
            "accessNotConfigured" | "SERVICE_DISABLED" => ConnectorError::Forbidden(format!(
                "{service} is not switched on in the project of the key; switch it on in Google Cloud"
            )),
            _ if self.answer.status == StatusCode::UNAUTHORIZED => {
                ConnectorError::AuthRevoked(format!("{service} does not accept the key"))
            }
            _ => headers::status_error(self.answer.status, &self.answer.headers, service, now),
        }
    }
}
