//! HTTP push: anybody's program hands us posts. Signature by Standard Webhooks; a body is one object, an array or NDJSON.

use molva_domain::{Secret, Timestamp};

use crate::session::Item;

/// The three headers of Standard Webhooks.
#[derive(Clone, Copy, Debug)]
pub struct SignatureHeaders<'a> {
    pub id: &'a str,
    pub timestamp: &'a str,
    pub signature: &'a str,
}

/// Why a delivery is refused whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PushError {
    #[error("header `{0}` is missing")]
    MissingHeader(&'static str),
    #[error("`webhook-timestamp` is more than five minutes off; check the sender's clock")]
    StaleTimestamp,
    #[error("`webhook-signature` does not match; check the secret")]
    BadSignature,
    #[error("the body holds more than {0} items; send smaller batches")]
    TooManyItems(usize),
    #[error("the body is empty")]
    Empty,
}

/// Checks `v1,base64(HMAC-SHA256(secret, id.timestamp.body))` in constant time. The secret is `whsec_` and base64.
pub fn verify(
    _secret: &Secret,
    _headers: SignatureHeaders<'_>,
    _body: &[u8],
    _now: Timestamp,
) -> Result<(), PushError> {
    todo!()
}

/// Signs a body, for senders and tests.
#[must_use]
pub fn sign(_secret: &Secret, _id: &str, _timestamp_s: i64, _body: &[u8]) -> String {
    todo!()
}

/// Makes a new secret, `whsec_` and 32 random bytes in base64.
#[must_use]
pub fn new_secret() -> Secret {
    todo!()
}

/// Reads a body; a broken item is a rejection with its place, the others stand. At most 10,000 items.
pub fn parse(_source_key: &str, _body: &[u8], _now: Timestamp) -> Result<Vec<Item>, PushError> {
    todo!()
}
