//! What Google's services have in common: how people let us in, and how they say why not.

pub(crate) mod access;

use std::time::Duration;

use http::StatusCode;
use molva_domain::Timestamp;
use serde_json::Value;
use url::Url;

use crate::error::ConnectorError;
use crate::http::{Response, headers};
use crate::oauth::{Endpoints, beside};
use crate::settings::Localized;

/// Without a word of Google's, so long.
const PAUSE: Duration = Duration::from_secs(60);

pub(crate) const CONSOLE: &str = "https://console.cloud.google.com/auth/clients";
pub(crate) const STEPS: Localized = Localized {
    en: "In your Google Cloud project: Google Auth Platform, Clients, Create client, Web application, with this redirect address; copy client id and secret. Under Audience publish the app, or access ends after a week.",
    ru: "В проекте Google Cloud: «Google Auth Platform» → «Clients» → «Create client» → «Web application» с этим адресом возврата; скопируйте идентификатор и секрет. В разделе «Audience» опубликуйте приложение, иначе доступ кончается через неделю.",
    uk: "У проєкті Google Cloud: «Google Auth Platform» → «Clients» → «Create client» → «Web application» із цією адресою повернення; скопіюйте ідентифікатор і секрет. У розділі «Audience» опублікуйте застосунок, інакше доступ закінчується за тиждень.",
};

/// People agree on `accounts.google.com`, tokens are given at that address; a sandbox is both. Only `access_type=offline` brings a
/// refresh token, and only with `prompt=consent` to somebody who agreed before.
pub(crate) fn endpoints(tokens: Url) -> Endpoints {
    let own = tokens.host_str() == Some("oauth2.googleapis.com");
    let mut authorize = beside(&tokens, "/o/oauth2/v2/auth");
    if own {
        // A name of Google's; it can always be put there.
        let _ = authorize.set_host(Some("accounts.google.com"));
    }
    Endpoints {
        revoke: Some(beside(&tokens, "/revoke")),
        issuer: own.then(|| "https://accounts.google.com".to_owned()),
        with: &[("access_type", "offline"), ("prompt", "consent")],
        ..Endpoints::new(authorize, tokens)
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_agree_at_google_and_a_sandbox_is_both() {
        let of = |tokens: &str| {
            let ends = endpoints(Url::parse(tokens).expect("an address"));
            [ends.authorize.to_string(), ends.token.to_string(), ends.revoke.expect("a place").to_string()]
        };
        let google = [
            "https://accounts.google.com/o/oauth2/v2/auth",
            "https://oauth2.googleapis.com/token",
            "https://oauth2.googleapis.com/revoke",
        ];
        assert_eq!(of("https://oauth2.googleapis.com/token"), google);
        let sandbox = ["http://127.0.0.1:9/o/oauth2/v2/auth", "http://127.0.0.1:9/token", "http://127.0.0.1:9/revoke"];
        assert_eq!(of("http://127.0.0.1:9/token"), sandbox);
    }
}
