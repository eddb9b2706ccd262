//! What is asked and what is answered.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use molva_domain::{Secret, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use url::Url;

use super::multipart::{self, Part};
use super::{explain, headers, shown, timed_out, too_long};
use crate::error::ConnectorError;

/// What is shorter stands in answers by chance.
const SHORTEST_SECRET: usize = 6;

/// A request, built by its methods.
#[derive(Clone, Debug)]
pub struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Vec<u8>>,
    pub(super) timeout: Option<Duration>,
    pub(super) read_timeout: Option<Duration>,
    pub(super) max_body_bytes: Option<u64>,
    /// A key was given that no header may hold: sent without it, the request would be another one.
    pub(super) unsendable_key: bool,
}

impl Request {
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    #[must_use]
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: None,
            timeout: None,
            read_timeout: None,
            max_body_bytes: None,
            unsendable_key: false,
        }
    }

    /// Sets a header; a value that no header may hold is left out.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// Sets a header that no other host sees and no log shows. With a key that no header may hold nothing is sent.
    #[must_use]
    pub fn secret_header(self, name: &'static str, secret: &Secret) -> Self {
        self.sensitive(HeaderName::from_static(name), secret.expose())
    }

    /// `Authorization: Bearer`.
    #[must_use]
    pub fn bearer(self, token: &Secret) -> Self {
        self.authorization(&format!("Bearer {}", token.expose()))
    }

    /// `Authorization: Basic`.
    #[must_use]
    pub fn basic(self, login: &str, password: &Secret) -> Self {
        self.authorization(&format!("Basic {}", STANDARD.encode(format!("{login}:{}", password.expose()))))
    }

    fn authorization(self, value: &str) -> Self {
        self.sensitive(AUTHORIZATION, value)
    }

    fn sensitive(mut self, name: HeaderName, value: &str) -> Self {
        // Letters beyond ASCII may be sent, and every server reads them otherwise: no key has them, and who sees one has copied it wrong.
        match HeaderValue::from_str(value).ok().filter(|_| value.is_ascii()) {
            Some(mut value) => {
                value.set_sensitive(true);
                self.headers.insert(name, value);
            }
            None => self.unsendable_key = true,
        }
        self
    }

    /// A JSON body and its type.
    #[must_use]
    pub fn json<T: Serialize>(mut self, body: &T) -> Self {
        self.body = serde_json::to_vec(body).ok();
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self
    }

    /// A body as a web form sends it (`application/x-www-form-urlencoded`) and its type.
    #[must_use]
    pub fn form<'a>(mut self, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.body = Some(body.into_bytes());
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        self
    }

    /// A form with files (`multipart/form-data`) and its type.
    #[must_use]
    pub fn multipart(self, parts: &[Part<'_>]) -> Self {
        let (media_type, body) = multipart::encode(parts);
        self.bytes(&media_type, body)
    }

    /// A body as it is, and its type.
    #[must_use]
    pub fn bytes(mut self, media_type: &str, body: Vec<u8>) -> Self {
        self.body = Some(body);
        if let Ok(media_type) = HeaderValue::from_str(media_type) {
            self.headers.insert(CONTENT_TYPE, media_type);
        }
        self
    }

    /// Whole request; the client's own limit otherwise.
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Longest silence; the client's own limit otherwise. A stream with a slow heartbeat needs a longer one.
    #[must_use]
    pub const fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = Some(timeout);
        self
    }

    #[must_use]
    pub const fn max_body_bytes(mut self, bytes: u64) -> Self {
        self.max_body_bytes = Some(bytes);
        self
    }

    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// Values of headers that no log may show, whole and without the word before them.
    pub(super) fn secrets(&self) -> Vec<String> {
        let sensitive = self.headers.values().filter(|value| value.is_sensitive());
        let values = sensitive.filter_map(|value| value.to_str().ok());
        values.map(|value| value.rsplit(' ').next().unwrap_or(value).to_owned()).collect()
    }

    /// Drops what another host must not see.
    pub(super) fn forget_secrets(&mut self) {
        let sensitive: Vec<_> =
            self.headers.iter().filter(|(_, value)| value.is_sensitive()).map(|(name, _)| name.clone()).collect();
        for name in sensitive.into_iter().chain([AUTHORIZATION, COOKIE]) {
            self.headers.remove(name);
        }
    }
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// Where it came from after redirects.
    pub url: Url,
    /// The new address when the first redirects were permanent (301, 308).
    pub moved_to: Option<Url>,
    /// Decompressed.
    pub body: Vec<u8>,
}

impl Response {
    /// Itself when the status is a success.
    ///
    /// # Errors
    /// What the status means, see [`headers::status_error`]. `what` names the thing asked for: `the feed`.
    pub fn error_for_status(self, what: &str, now: Timestamp) -> Result<Self, ConnectorError> {
        if self.status.is_success() {
            Ok(self)
        } else {
            Err(headers::status_error(self.status, &self.headers, what, now))
        }
    }

    /// Takes secrets out of a failure that repeats what it was asked with: sentences of failures are shown to people.
    #[must_use]
    pub(crate) fn forget<'a>(mut self, secrets: impl IntoIterator<Item = &'a str>) -> Self {
        if !self.status.is_success() {
            for secret in secrets.into_iter().filter(|secret| secret.len() >= SHORTEST_SECRET) {
                self.body = without(&self.body, secret.as_bytes());
            }
        }
        self
    }

    /// Reads the body as JSON.
    ///
    /// # Errors
    /// `Protocol`, with the place where it stops being what was promised.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, ConnectorError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            ConnectorError::Protocol(format!("{} did not answer the promised JSON: {error}", shown(&self.url)))
        })
    }

    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        headers::text(&self.headers, name)
    }
}

/// An answer whose body is still to be read.
#[derive(Debug)]
pub struct OpenResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub url: Url,
    pub moved_to: Option<Url>,
    answer: reqwest::Response,
    idle: Duration,
}

impl OpenResponse {
    pub(super) fn new(mut answer: reqwest::Response, url: Url, moved_to: Option<Url>, idle: Duration) -> Self {
        let headers = std::mem::take(answer.headers_mut());
        Self { status: answer.status(), headers, url, moved_to, answer, idle }
    }

    /// The next bytes, decompressed; `None` at the end.
    ///
    /// # Errors
    /// `Transient` after a silence longer than allowed or a broken connection.
    pub async fn chunk(&mut self) -> Result<Option<Vec<u8>>, ConnectorError> {
        match timeout(self.idle, self.answer.chunk()).await {
            Ok(Ok(chunk)) => Ok(chunk.map(|bytes| bytes.to_vec())),
            Ok(Err(error)) => Err(explain(&error, &self.url)),
            Err(_) => Err(timed_out(&shown(&self.url), self.idle)),
        }
    }

    /// Ends early when the server says how long its answer is and that is too long.
    pub(super) fn refuse_longer_than(&self, max_body_bytes: u64) -> Result<(), ConnectorError> {
        let declared = headers::text(&self.headers, "content-length").and_then(|length| length.parse::<u64>().ok());
        if declared.is_some_and(|length| length > max_body_bytes) {
            Err(too_long(&self.url, max_body_bytes))
        } else {
            Ok(())
        }
    }
}

/// The bytes with dots where `part` stood.
fn without(bytes: &[u8], part: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, after)) = rest.split_first() {
        if let Some(behind) = rest.strip_prefix(part) {
            kept.extend_from_slice("…".as_bytes());
            rest = behind;
        } else {
            kept.push(first);
            rest = after;
        }
    }
    kept
}
