//! What is asked of a homeserver.

use std::time::Duration;

use http::Method;
use serde_json::Value;

/// A question, which can be asked again as it is.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub method: Method,
    /// Pieces of the path after `_matrix`, not encoded.
    pub path: Vec<String>,
    pub query: Vec<(&'static str, String)>,
    pub body: Option<Body>,
    /// How long the server may take to answer.
    pub patience: Duration,
}

#[derive(Clone, Debug)]
pub(super) enum Body {
    Json(Value),
    Bytes { media_type: String, bytes: Vec<u8> },
}

/// Of an answer that is not waited for on purpose.
const USUAL: Duration = Duration::from_secs(30);

impl Call {
    /// Of the client-server API.
    pub(super) fn get(path: &[&str]) -> Self {
        Self::new(Method::GET, "client", "v3", path)
    }

    pub(super) fn put(path: &[&str], body: Value) -> Self {
        Self { body: Some(Body::Json(body)), ..Self::new(Method::PUT, "client", "v3", path) }
    }

    pub(super) fn post(path: &[&str], body: Value) -> Self {
        Self { body: Some(Body::Json(body)), ..Self::new(Method::POST, "client", "v3", path) }
    }

    /// Of a file, to the content repository.
    pub(super) fn upload(media_type: &str, bytes: &[u8]) -> Self {
        let body = Body::Bytes { media_type: media_type.to_owned(), bytes: bytes.to_vec() };
        Self { body: Some(body), ..Self::new(Method::POST, "media", "v3", &["upload"]) }.within(USUAL * 2)
    }

    /// What the server speaks; without a version of its own.
    pub(super) fn versions() -> Self {
        let mut call = Self::get(&[]);
        call.path = ["client", "versions"].map(str::to_owned).to_vec();
        call
    }

    fn new(method: Method, api: &str, version: &str, path: &[&str]) -> Self {
        let path = [api, version].iter().chain(path).map(|piece| (*piece).to_owned()).collect();
        Self { method, path, query: Vec::new(), body: None, patience: USUAL }
    }

    pub(super) fn with(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.query.push((key, value.into()));
        self
    }

    pub(super) const fn within(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }
}
