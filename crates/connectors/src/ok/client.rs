//! How OK is asked: requests signed, one at a time of a token, refusals understood, what may pass asked for again.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use md5::{Digest as _, Md5};
use molva_domain::Secret;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::refusal::{Failure, Refused};
use crate::error::ConnectorError;
use crate::http::{Method, Request, parse_url, shown};
use crate::line::Line;
use crate::pace;
use crate::session::Session;
use crate::settings::Settings;
use crate::tries::Tries;

/// A hundred topics with all that is attached.
const MAX_BODY_BYTES: u64 = 16 << 20;
/// OK names no number; slow enough for what its applications report.
const GAP: Duration = Duration::from_millis(100);
const TRIES: u32 = 6;
/// Where OK asks for a longer pause, the look is given up.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// The REST API, asked by an application in somebody's name.
#[derive(Clone, Debug)]
pub(super) struct Client {
    base: Url,
    application_key: String,
    application_secret: Secret,
    token: Secret,
}

/// The Graph API, asked in the name of a group.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    base: Url,
    token: Secret,
}

fn base(settings: &Settings) -> Result<Url, ConnectorError> {
    let mut url = parse_url("api_url", settings.text("api_url").unwrap_or("https://api.ok.ru"))?;
    url.set_query(None);
    Ok(url)
}

/// Of the names and values of a request, in the order of their names, and the secret of the session.
fn signature(parameters: &BTreeMap<&str, &str>, secret: &str) -> String {
    let mut line: String = parameters.iter().map(|(key, value)| format!("{key}={value}")).collect();
    line.push_str(secret);
    hex_md5(&line)
}

fn hex_md5(text: &str) -> String {
    let mut hex = String::with_capacity(32);
    for byte in Md5::digest(text.as_bytes()) {
        // Writing to a `String` cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

impl Client {
    pub(super) fn of(settings: &Settings) -> Result<Self, ConnectorError> {
        let secret = |name| settings.needed_secret(name, "is required").cloned();
        Ok(Self {
            base: base(settings)?,
            application_key: settings.needed("application_key", "is required")?.to_owned(),
            application_secret: secret("application_secret")?,
            token: secret("access_token")?,
        })
    }

    fn request(&self, method: &str, parameters: &[(&str, &str)]) -> Request {
        let mut signed: BTreeMap<&str, &str> =
            parameters.iter().copied().filter(|(_, value)| !value.is_empty()).collect();
        signed.extend([("application_key", &*self.application_key), ("format", "json"), ("method", method)]);
        let session_secret = hex_md5(&format!("{}{}", self.token.expose(), self.application_secret.expose()));
        let signature = signature(&signed, &session_secret);
        let mut url = self.base.clone();
        url.set_path(&format!("{}/fb.do", self.base.path().trim_end_matches('/')));
        let whole = signed.into_iter().chain([("sig", &*signature), ("access_token", self.token.expose())]);
        Request::new(Method::POST, url).form(whole).max_body_bytes(MAX_BODY_BYTES)
    }

    /// Asks for something that changes nothing; again where the failure may pass.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        session: &Session,
        method: &str,
        parameters: &[(&str, &str)],
    ) -> Result<T, ConnectorError> {
        let mut tries = Tries::new(TRIES, LONGEST_PAUSE);
        loop {
            match self.once(Line::from(session), method, parameters).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => tries.bear(session, failure.explain(session.now())).await?,
            }
        }
    }

    /// Asks once, in the token's turn.
    pub(super) async fn once<T: DeserializeOwned>(
        &self,
        line: Line<'_>,
        method: &str,
        parameters: &[(&str, &str)],
    ) -> Result<T, Failure> {
        in_turn(line, &self.base, &self.token, self.request(method, parameters)).await
    }
}

impl Graph {
    pub(super) fn of(settings: &Settings) -> Result<Self, ConnectorError> {
        let token = settings.needed_secret("group_token", "is required")?.clone();
        Ok(Self { base: base(settings)?, token })
    }

    /// Asks once; `path` is behind `/graph`. The token stands in the query: OK takes it nowhere else.
    pub(super) async fn once<T: DeserializeOwned>(
        &self,
        line: Line<'_>,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<T, Failure> {
        let mut url = self.base.clone();
        url.set_path(&format!("{}/graph{path}", self.base.path().trim_end_matches('/')));
        url.query_pairs_mut().append_pair("access_token", self.token.expose()).extend_pairs(query);
        let request = Request::new(method, url).max_body_bytes(MAX_BODY_BYTES);
        let request = if let Some(body) = body { request.json(body) } else { request };
        in_turn(line, &self.base, &self.token, request).await
    }
}

async fn in_turn<T: DeserializeOwned>(
    line: Line<'_>,
    base: &Url,
    token: &Secret,
    request: Request,
) -> Result<T, Failure> {
    let lane = pace::lane(base.as_str(), token.expose());
    let turn = line.turn(lane, GAP).await.map_err(Failure::Broken)?;
    let answer = line.send(request).await;
    let read = answer.map_err(|error| Failure::Broken(without(error, token))).and_then(|answer| {
        let answer = answer.error_for_status("OK", line.now()).map_err(Failure::Broken)?;
        read(&answer.body, &shown(&answer.url))
    });
    let too_many = matches!(&read, Err(Failure::Refused(Refused { code: 8 | 11, .. })));
    turn.end(if too_many { line.scaled(Duration::from_millis(1_100)) } else { Duration::ZERO });
    read
}

fn read<T: DeserializeOwned>(body: &[u8], shown: &str) -> Result<T, Failure> {
    let is_object = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    if is_object && let Ok(refused) = serde_json::from_slice::<Refused>(body) {
        return Err(Failure::Refused(refused));
    }
    serde_json::from_slice(body).map_err(|error| {
        let message = format!("{shown} did not answer the promised JSON: {error}");
        Failure::Broken(ConnectorError::Protocol(message))
    })
}

/// What went wrong on the way may name the address, in which the token stands.
fn without(error: ConnectorError, token: &Secret) -> ConnectorError {
    let hide = |text: String| text.replace(token.expose(), "…");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_signed_as_the_documentation_shows() {
        // An example that a client of others documents: its token, keys and signature.
        let token = "-s-84W-s3egarWUsbkq-IWTucuedzTKT8VUXIA.s4Xx8IW7";
        let secret = hex_md5(&format!("{token}ABC123DEF456GHI789JKL123"));
        assert_eq!(secret, "b1a2b89707a94624c43afae67d59274c");
        let parameters = [("method", "events.get"), ("application_key", "ABCDEFGHIGKLMNOPK"), ("format", "json")];
        assert_eq!(signature(&parameters.into_iter().collect(), &secret), "232c8eb921951c4dba9b72606f9ddb4c");
    }

    #[test]
    fn a_refusal_is_read_out_of_a_success_and_half_an_answer_is_none() {
        let refused =
            read::<Value>(br#"{"error_code":102,"error_msg":"PARAM_SESSION_EXPIRED","error_data":null}"#, "x");
        assert!(matches!(refused, Err(Failure::Refused(Refused { code: 102, .. }))));
        assert_eq!(read::<String>(br#""150000000000007""#, "x").ok(), Some("150000000000007".to_owned()));
        for broken in [&br#"{"comments":[1"#[..], b"<html>", b""] {
            assert!(matches!(read::<Value>(broken, "x"), Err(Failure::Broken(ConnectorError::Protocol(_)))));
        }
    }
}
