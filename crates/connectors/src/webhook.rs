//! Networks that call us: proving that a call is theirs, answering their questions, and reading what they bring.
//!
//! A call is proved over its raw bytes, in constant time, before anything in it is believed. What was proved has a key by which
//! it is known again: a network repeats a call whose answer it did not get, and so may whoever recorded one. The receiver keeps
//! the raw call durably, answers, and has it [read](Webhooks::read) afterwards.
//!
//! A connector that is called returns one of these from [`crate::Connector::webhooks`], with its own function for reading:
//! [`SignedBody`] (Discourse, Meta, X), [`VkCallback`], [`SecretHeader`] (Telegram, MAX), [`InAddress`] (Odnoklassniki). [`address`] makes up where it is called.

pub mod address;
mod in_address;
mod secret_header;
mod signed_body;
mod vk_callback;

use http::HeaderMap;
use molva_domain::{Secret, Timestamp};
use ring::hmac;

pub use in_address::InAddress;
pub use secret_header::SecretHeader;
pub use signed_body::{Challenge, Encoding, SignedBody};
pub use vk_callback::VkCallback;

use crate::connector::BoxFuture;
use crate::digest;
use crate::error::ConnectorError;
use crate::session::{Item, Session};
use crate::settings::{Localized, Settings};

/// Longest body of a call.
pub const MAX_BODY_BYTES: usize = 1 << 20;
/// Longest id of an event that is taken as its key; a longer one is hashed.
const MAX_KEY_BYTES: usize = 128;

/// A call as it came.
#[derive(Clone, Copy, Debug)]
pub struct WebhookRequest<'a> {
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

/// A call that was proved to be the network's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verified {
    /// Something to keep and read. Whatever comes again under this key has come before.
    Event { key: String },
    /// A question, answered on the spot.
    Question(Answer),
}

/// What a network wants to hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub content_type: &'static str,
    pub body: String,
}

impl Answer {
    #[must_use]
    pub fn text(body: impl Into<String>) -> Self {
        Self { content_type: "text/plain; charset=utf-8", body: body.into() }
    }

    fn json(value: &serde_json::Value) -> Self {
        Self { content_type: "application/json", body: value.to_string() }
    }
}

/// Why a call is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// Nobody has set up what calls are proved with, so that none can be.
    #[error("setting `{0}` is empty, so that no call can be proved; set it and send again")]
    NotSetUp(&'static str),
    #[error("header `{0}` is missing")]
    MissingHeader(&'static str),
    /// Signature, secret or group are not ours.
    #[error("the call cannot be proved to be the network's; check the secret on both sides")]
    Forged,
    #[error("the call is not as the network promises: {0}")]
    Malformed(String),
}

/// A kept call, when it is read.
#[derive(Clone, Copy, Debug)]
pub struct Delivered<'a> {
    /// Unique name of the source, part of URNs where the network has no ids of its own.
    pub source_key: &'a str,
    pub settings: &'a Settings,
    pub body: &'a [u8],
    /// When it reached us.
    pub at: Timestamp,
}

/// How a connector reads a call: into as many items as it holds, none when it says nothing of posts.
pub type Reader = fn(&Delivered<'_>) -> Vec<Item>;

/// A network that calls us.
pub trait Webhooks: Send + Sync {
    /// Proves a call. Pure: no clock, no storage, no network.
    ///
    /// # Errors
    /// Why it is refused.
    fn verify(&self, settings: &Settings, request: WebhookRequest<'_>) -> Result<Verified, WebhookError>;

    /// Answers the question a network asks by `GET` before it sends anything; `query` is the raw query string.
    ///
    /// # Errors
    /// `Malformed` where a network asks nothing of the kind.
    fn question(&self, _settings: &Settings, _query: &str) -> Result<Answer, WebhookError> {
        Err(WebhookError::Malformed("this network asks nothing by GET".to_owned()))
    }

    /// What a network wants to hear when an event was kept, and when it was kept before.
    fn thanks(&self) -> Answer {
        Answer::text("ok")
    }

    /// The setting that holds what Molva itself makes up where nobody entered it, and both sides must know.
    fn shared_secret(&self) -> Option<&'static str> {
        None
    }

    /// Whether a call proves by itself whose it is. Where it does not, the secret in the address is the only proof.
    fn proves_itself(&self) -> bool {
        true
    }

    /// Whether a source with these settings wants to be called, where it could also ask.
    fn wanted(&self, _settings: &Settings) -> bool {
        true
    }

    /// What a person does on the network so that it calls: where to paste address and secret, which events to choose. `None` where the
    /// connector does it all.
    fn guide(&self, _settings: &Settings) -> Option<Localized> {
        None
    }

    /// Asks the network for what reading these calls of one source needs beside them, as the names of authors. Given a few seconds; calls
    /// are read without it when it fails.
    fn prepare<'a>(
        &'a self,
        _session: &'a Session,
        _calls: &'a [Delivered<'a>],
    ) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async { Ok(()) })
    }

    /// Reads an event that was kept. Broken ones become rejections.
    fn read(&self, delivered: &Delivered<'_>) -> Vec<Item>;
}

/// The secret of that name.
fn secret<'a>(settings: &'a Settings, name: &'static str) -> Result<&'a Secret, WebhookError> {
    settings.secret(name).ok_or(WebhookError::NotSetUp(name))
}

/// Whether two secrets are the same, in a time that tells nothing of where they differ.
fn same(ours: &Secret, theirs: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, ours.expose().as_bytes());
    let tag = hmac::sign(&key, ours.expose().as_bytes());
    hmac::verify(&key, theirs.as_bytes(), tag.as_ref()).is_ok()
}

fn header<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, WebhookError> {
    let value = headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    value.filter(|value| !value.is_empty()).ok_or(WebhookError::MissingHeader(name))
}

/// A key from an id the network gives.
fn key_of(id: &str) -> String {
    let plain = id.len() <= MAX_KEY_BYTES && id.bytes().all(|byte| byte.is_ascii_graphic());
    if plain { format!("id:{id}") } else { format!("sha256:{}", digest::hex(&[id], 32)) }
}

/// A key from the body itself, where the network gives no id that is proved together with it.
fn key_of_body(body: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, body);
    let hex: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

#[cfg(test)]
mod tests;
