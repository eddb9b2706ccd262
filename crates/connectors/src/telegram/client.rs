//! How Telegram is asked, and what its refusals mean. The token stands in the address, so no message shows an address.

use std::time::Duration;

use molva_domain::{Secret, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use url::Url;

use crate::error::ConnectorError;
use crate::http::{Method, Part, Request, Response, parse_url};
use crate::session::Session;
use crate::settings::Settings;
use crate::tries::Tries;

/// A hundred updates.
const MAX_BODY_BYTES: u64 = 16 << 20;
const UPLOAD_LIMIT: Duration = Duration::from_secs(60);
const TRIES: u32 = 5;
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// The Bot API, asked with one token.
#[derive(Clone, Debug)]
pub(super) struct Client {
    base: Url,
    token: Secret,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    result: Option<&'a RawValue>,
    #[serde(flatten)]
    refused: Refused,
}

/// How Telegram refuses.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Refused {
    #[serde(rename = "error_code")]
    pub code: u16,
    pub description: String,
    pub parameters: Parameters,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Parameters {
    /// Seconds.
    pub retry_after: Option<u64>,
    /// Where a group went that became a supergroup.
    pub migrate_to_chat_id: Option<i64>,
}

/// Why a request brought nothing.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    Refused(Refused),
    /// It is not known whether Telegram did what it was asked for.
    Broken(ConnectorError),
}

impl Client {
    pub(super) fn of(settings: &Settings) -> Result<Self, ConnectorError> {
        let invalid = |message: &str| ConnectorError::invalid("bot_token", message);
        let token = settings.secret("bot_token").ok_or_else(|| invalid("is required; @BotFather gives it"))?;
        let looks_right = |token: &str| {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b":_-".contains(&byte);
            token.contains(':') && token.bytes().all(allowed)
        };
        if !looks_right(token.expose()) {
            return Err(invalid("is not written like one: 123456:ABC-DEF"));
        }
        let base = parse_url("api_url", settings.text("api_url").unwrap_or("https://api.telegram.org"))?;
        Ok(Self { base, token: token.clone() })
    }

    /// Whose messages keep their distance: the bot at its server.
    pub(super) fn lane(&self) -> &str {
        self.token.expose()
    }

    /// The request for a method with its parameters.
    pub(super) fn request(&self, method: &str, parameters: &Value) -> Request {
        self.post(method).json(parameters)
    }

    /// The request for a method that is given files.
    pub(super) fn form(&self, method: &str, parts: &[Part<'_>]) -> Request {
        self.post(method).multipart(parts).timeout(UPLOAD_LIMIT)
    }

    fn post(&self, method: &str) -> Request {
        let mut url = self.base.clone();
        url.set_path(&format!("{}/bot{}/{method}", self.base.path().trim_end_matches('/'), self.token.expose()));
        Request::new(Method::POST, url).max_body_bytes(MAX_BODY_BYTES)
    }

    /// Asks for something that needs no parameters and changes nothing; again where the failure may pass.
    pub(super) async fn ask<T: DeserializeOwned>(&self, session: &Session, method: &str) -> Result<T, ConnectorError> {
        self.ask_with(session, method, &Value::Object(serde_json::Map::new())).await
    }

    /// The same with parameters, for what may be done twice.
    pub(super) async fn ask_with<T: DeserializeOwned>(
        &self,
        session: &Session,
        method: &str,
        parameters: &Value,
    ) -> Result<T, ConnectorError> {
        let mut tries = Tries::new(TRIES, LONGEST_PAUSE).exact();
        loop {
            let answer = session.send(self.request(method, parameters)).await;
            match self.read(answer) {
                Ok(answer) => return Ok(answer),
                Err(failure) => tries.bear(session, failure.explain(session.now())).await?,
            }
        }
    }

    /// Reads an answer, whatever its status; an error names no address, because the token stands in it.
    pub(super) fn read<T: DeserializeOwned>(&self, answer: Result<Response, ConnectorError>) -> Result<T, Failure> {
        let answer = answer.map_err(|error| Failure::Broken(self.without_token(error)))?;
        let answer = answer.forget([self.token.expose()]);
        let wrong = |error: &serde_json::Error| {
            let status = answer.status.as_u16();
            let broken = if answer.status.is_server_error() {
                ConnectorError::Transient { message: format!("Telegram answered {status}"), retry_after: None }
            } else {
                ConnectorError::Protocol(format!("Telegram answered {status} without the promised JSON: {error}"))
            };
            Failure::Broken(broken)
        };
        let envelope: Envelope<'_> = serde_json::from_slice(&answer.body).map_err(|error| wrong(&error))?;
        match envelope.result {
            Some(result) => serde_json::from_str(result.get()).map_err(|error| wrong(&error)),
            None => Err(Failure::Refused(envelope.refused)),
        }
    }

    fn without_token(&self, error: ConnectorError) -> ConnectorError {
        let hide = |text: String| text.replace(self.token.expose(), "…");
        match error {
            ConnectorError::Transient { message, retry_after } => {
                ConnectorError::Transient { message: hide(message), retry_after }
            }
            ConnectorError::Protocol(message) => ConnectorError::Protocol(hide(message)),
            ConnectorError::Unreachable(message) => ConnectorError::Unreachable(hide(message)),
            ConnectorError::Blocked(message) => ConnectorError::Blocked(hide(message)),
            other => other,
        }
    }
}

impl Failure {
    /// Whether Telegram calls somebody instead of being asked.
    pub(super) fn is_of_a_webhook(&self) -> bool {
        matches!(self, Self::Refused(refused) if refused.code == 409 && refused.description.contains("webhook"))
    }

    /// What it means for listening.
    pub(super) fn explain(self, now: Timestamp) -> ConnectorError {
        let refused = match self {
            Self::Refused(refused) => refused,
            Self::Broken(error) => return error,
        };
        let words: String = refused.description.chars().take(200).collect();
        let said = format!("Telegram says: {words}");
        match refused.code {
            401 | 404 => ConnectorError::AuthRevoked(format!(
                "{said}; check the bot's token with @BotFather (/mybots, API Token)"
            )),
            403 => ConnectorError::Forbidden(said),
            409 if words.contains("webhook") => {
                ConnectorError::Forbidden(format!("{said}; give Molva a bot of its own, or remove the webhook"))
            }
            409 => ConnectorError::Transient {
                message: format!("another program asks for what this bot hears; {said}"),
                retry_after: Some(Duration::from_secs(30)),
            },
            429 => {
                let wait = Duration::from_secs(refused.parameters.retry_after.unwrap_or(30));
                ConnectorError::RateLimited { until: Some(now.plus(wait)) }
            }
            500..=599 => ConnectorError::Transient { message: said, retry_after: None },
            _ => ConnectorError::Protocol(said),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, StatusCode};

    use super::*;

    fn client() -> Client {
        let base = Url::parse("https://api.telegram.org").expect("an address");
        Client { base, token: Secret::new("12:s3cret") }
    }

    fn read(status: u16, body: &str) -> Result<u8, ConnectorError> {
        let response = Response {
            status: StatusCode::from_u16(status).expect("a status"),
            headers: HeaderMap::new(),
            url: Url::parse("https://api.telegram.org/bot12:s3cret/getMe").expect("an address"),
            moved_to: None,
            body: body.as_bytes().to_vec(),
        };
        client().read(Ok(response)).map_err(|failure| failure.explain(Timestamp::from_secs(100)))
    }

    #[test]
    fn each_refusal_has_its_kind_and_the_wait_it_asks_for() {
        assert_eq!(read(200, r#"{"ok":true,"result":7,"later":1}"#), Ok(7));
        let kind = |status: u16, description: &str| {
            let body = format!(r#"{{"ok":false,"error_code":{status},"description":"{description}"}}"#);
            read(status, &body).map_err(|error| error.code())
        };
        assert_eq!(kind(401, "Unauthorized"), Err("auth_revoked"));
        assert_eq!(kind(409, "Conflict: terminated by other getUpdates request"), Err("transient"));
        assert_eq!(kind(409, "Conflict: can't use getUpdates method while webhook is active"), Err("forbidden"));
        assert_eq!((kind(403, "Forbidden"), kind(400, "Bad Request")), (Err("forbidden"), Err("protocol")));
        let limited = r#"{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":5}}"#;
        assert_eq!(read(429, limited), Err(ConnectorError::RateLimited { until: Some(Timestamp::from_secs(105)) }));
        assert_eq!(read(502, "<html>").map_err(|error| error.code()), Err("transient"));
        assert_eq!(read(200, r#"{"ok":true,"resu"#).map_err(|error| error.code()), Err("protocol"));
    }

    #[test]
    fn no_error_shows_the_token() {
        let broken = ConnectorError::Transient {
            message: "https://api.telegram.org/bot12:s3cret/getMe did not answer in time".to_owned(),
            retry_after: None,
        };
        let error = client().read::<u8>(Err(broken)).map_err(|failure| failure.explain(Timestamp::from_secs(0)));
        assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
        assert!(!format!("{:?}", client()).contains("s3cret"));
    }
}
