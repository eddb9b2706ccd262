//! How VK is asked: one request at a time of a token, refusals understood, what may pass asked for again.

use std::sync::Arc;
use std::time::Duration;

use molva_domain::{Secret, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use url::Url;

use crate::error::ConnectorError;
use crate::http::{Method, Request, parse_url, shown};
use crate::line::Line;
use crate::pace::{self, Lane};
use crate::session::Session;
use crate::tries::Tries;

pub(super) const VERSION: &str = "5.199";
/// A person's token may ask three times a second, an application's five, a community's twenty.
const READER_GAP: Duration = Duration::from_millis(340);
const COMMUNITY_GAP: Duration = Duration::from_millis(52);
/// A hundred posts with all that is attached.
const MAX_BODY_BYTES: u64 = 16 << 20;
/// A request that fails is asked again so often.
const TRIES: u32 = 6;
/// Where VK asks for a longer pause, the look is given up.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// After "too many requests per second".
const SECOND: Duration = Duration::from_millis(1_100);

/// VK, asked with one token.
#[derive(Clone)]
pub(super) struct Client {
    base: Url,
    setting: &'static str,
    token: Secret,
    lane: Lane,
    gap: Duration,
}

/// What stands in an answer: the one or the other.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    response: Option<&'a RawValue>,
    #[serde(default)]
    error: Option<Refused>,
}

/// How VK refuses.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Refused {
    #[serde(rename = "error_code")]
    pub code: u32,
    #[serde(rename = "error_msg", default)]
    pub message: String,
}

/// Why a request brought nothing.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    /// VK said no.
    Refused(Refused),
    /// It is not known whether VK did what it was asked for.
    Broken(ConnectorError),
}

impl Client {
    /// With the token of that setting.
    pub(super) fn of(session: &Session, setting: &'static str) -> Result<Self, ConnectorError> {
        let token = session.settings.needed_secret(setting, "is required: VK tells nothing without a token")?;
        let base = parse_url("api_url", session.settings.text("api_url").unwrap_or("https://api.vk.com"))?;
        let own = session.settings.text("what") == Some("own") && setting == "access_token";
        Ok(Self::new(base, token.clone(), setting, own))
    }

    pub(super) fn new(base: Url, token: Secret, setting: &'static str, community: bool) -> Self {
        let lane = pace::lane(base.as_str(), token.expose());
        Self { base, setting, token, lane, gap: if community { COMMUNITY_GAP } else { READER_GAP } }
    }

    /// Asks, again where the failure may pass. For methods that change nothing.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        session: &Session,
        method: &str,
        parameters: &[(&str, &str)],
    ) -> Result<T, ConnectorError> {
        let mut tries = Tries::new(TRIES, LONGEST_PAUSE).exact();
        loop {
            match self.call_once(session, method, parameters).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => tries.bear(session, self.error(failure, session.now())).await?,
            }
        }
    }

    /// Asks once.
    pub(super) async fn call_once<T: DeserializeOwned>(
        &self,
        line: impl Into<Line<'_>>,
        method: &str,
        parameters: &[(&str, &str)],
    ) -> Result<T, Failure> {
        let line = line.into();
        let mut url = self.base.clone();
        url.set_path(&format!("/method/{method}"));
        url.set_query(None);
        let form: Vec<(&str, &str)> =
            parameters.iter().copied().filter(|(_, value)| !value.is_empty()).chain([("v", VERSION)]).collect();
        let request = Request::new(Method::POST, url).form(form).bearer(&self.token).max_body_bytes(MAX_BODY_BYTES);
        let turn = line.turn(Arc::clone(&self.lane), self.gap).await.map_err(Failure::Broken)?;
        let answer = line.send(request).await;
        let read = answer.map_err(Failure::Broken).and_then(|answer| {
            let answer = answer.error_for_status("VK", line.now()).map_err(Failure::Broken)?;
            read(&answer.body, &shown(&answer.url))
        });
        let too_many = matches!(&read, Err(Failure::Refused(refused)) if refused.code == 6);
        turn.end(if too_many { line.scaled(SECOND) } else { Duration::ZERO });
        read
    }

    /// What it means that a request brought nothing.
    pub(super) fn error(&self, failure: Failure, now: Timestamp) -> ConnectorError {
        match failure {
            Failure::Refused(refused) => self.explain(&refused, now),
            Failure::Broken(error) => error,
        }
    }

    /// What a refusal means.
    pub(super) fn explain(&self, refused: &Refused, now: Timestamp) -> ConnectorError {
        let words = refused.message.chars().take(200).collect::<String>();
        let said = format!("VK says: {words} (error {})", refused.code);
        match refused.code {
            // "Method is unavailable with group auth", or with a service token.
            27 | 28 if words.contains("unavailable with") => {
                ConnectorError::invalid(self.setting, format!("is a token of the wrong kind for this; {said}"))
            }
            4 | 5 | 27 | 28 => ConnectorError::AuthRevoked(format!("{said}; make a new token")),
            6 => ConnectorError::RateLimited { until: Some(now.plus(SECOND)) },
            9 => ConnectorError::RateLimited { until: Some(now.plus(Duration::from_secs(60))) },
            29 => ConnectorError::QuotaExhausted { until: Some(now.plus(Duration::from_secs(3_600))) },
            1 | 10 | 32 | 36 | 43 => ConnectorError::Transient { message: said, retry_after: None },
            // Nothing else is let through either until that is done.
            14 | 17 | 24 | 25 => ConnectorError::AuthRevoked(format!(
                "{said}; the owner of the token must open VK and prove to be a person"
            )),
            7 | 15 | 20 | 21 | 23 | 30 | 200..=214 => ConnectorError::Forbidden(said),
            18 | 19 | 37 => ConnectorError::Gone(said),
            100 | 104 | 113 | 125 => ConnectorError::NotFound(format!("{said}; check the names")),
            _ => ConnectorError::Protocol(said),
        }
    }
}

fn read<T: DeserializeOwned>(body: &[u8], shown: &str) -> Result<T, Failure> {
    let wrong = |error: serde_json::Error| {
        Failure::Broken(ConnectorError::Protocol(format!("{shown} did not answer the promised JSON: {error}")))
    };
    let envelope: Envelope<'_> = serde_json::from_slice(body).map_err(wrong)?;
    match (envelope.response, envelope.error) {
        (_, Some(refused)) => Err(Failure::Refused(refused)),
        (Some(response), None) => serde_json::from_str(response.get()).map_err(wrong),
        (None, None) => {
            let message = format!("{shown} answered neither a response nor an error");
            Err(Failure::Broken(ConnectorError::Protocol(message)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_its_kind() {
        let base = Url::parse("https://api.vk.com").expect("an address");
        let client = Client::new(base, Secret::new("t"), "access_token", false);
        let kind = |code, message: &str| {
            client.explain(&Refused { code, message: message.to_owned() }, Timestamp::from_secs(0)).code()
        };
        let kinds = [1, 5, 6, 9, 10, 14, 15, 17, 18, 27, 29, 100, 212, 900].map(|code| kind(code, ""));
        let expected = [
            "transient",
            "auth_revoked",
            "rate_limited",
            "rate_limited",
            "transient",
            "auth_revoked",
            "forbidden",
            "auth_revoked",
            "gone",
            "auth_revoked",
            "quota_exhausted",
            "not_found",
            "forbidden",
            "protocol",
        ];
        assert_eq!(kinds, expected);
        let wrong_kind = kind(27, "Group authorization failed: method is unavailable with group auth.");
        assert_eq!(wrong_kind, "invalid_setting");
    }

    #[test]
    fn a_refusal_is_read_out_of_a_success_and_half_an_answer_is_none() {
        let refused =
            read::<u8>(br#"{"error":{"error_code":15,"error_msg":"Access denied","request_params":[]}}"#, "x");
        assert!(matches!(refused, Err(Failure::Refused(Refused { code: 15, .. }))));
        assert_eq!(read::<u8>(br#"{"response":7,"later":{}}"#, "x").ok(), Some(7));
        for broken in [&br#"{"response":[1"#[..], b"{}", b"<html>"] {
            assert!(matches!(read::<u8>(broken, "x"), Err(Failure::Broken(ConnectorError::Protocol(_)))));
        }
    }
}
