//! Networks that send no proof along: Odnoklassniki. The secret in the address a source is called at is the only one.

use serde_json::Value;

use super::{Delivered, Reader, Verified, WebhookError, WebhookRequest, Webhooks, key_of, key_of_body};
use crate::session::Item;
use crate::settings::Settings;

/// A network that calls an address nobody else knows.
#[derive(Clone, Copy, Debug)]
pub struct InAddress {
    /// Whether a source with these settings is called.
    pub wanted: fn(&Settings) -> bool,
    pub read: Reader,
}

impl Webhooks for InAddress {
    fn verify(&self, _settings: &Settings, request: WebhookRequest<'_>) -> Result<Verified, WebhookError> {
        let body: Value =
            serde_json::from_slice(request.body).map_err(|error| WebhookError::Malformed(error.to_string()))?;
        // A message has an id, and is sent again whole.
        let mid = body.pointer("/message/mid").and_then(Value::as_str).filter(|mid| !mid.is_empty());
        Ok(Verified::Event { key: mid.map_or_else(|| key_of_body(request.body), key_of) })
    }

    fn proves_itself(&self) -> bool {
        false
    }

    fn wanted(&self, settings: &Settings) -> bool {
        (self.wanted)(settings)
    }

    fn read(&self, delivered: &Delivered<'_>) -> Vec<Item> {
        (self.read)(delivered)
    }
}
