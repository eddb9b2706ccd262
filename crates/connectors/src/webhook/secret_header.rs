//! Networks that send a secret along: Telegram's `X-Telegram-Bot-Api-Secret-Token`, MAX's `X-Max-Bot-Api-Secret`.

use serde::Deserialize;

use super::{
    Delivered, Reader, Verified, WebhookError, WebhookRequest, Webhooks, header, key_of, key_of_body, same, secret,
};
use crate::session::Item;
use crate::settings::Settings;

/// A network that sends a secret in a header.
#[derive(Clone, Copy, Debug)]
pub struct SecretHeader {
    /// Name of the header, in lower case.
    pub header: &'static str,
    /// Setting that holds the secret.
    pub secret: &'static str,
    /// Whether the body has a number of its own, `update_id`, which grows by one with each event.
    pub numbered: bool,
    pub read: Reader,
}

impl SecretHeader {
    /// Telegram: the `secret_token` of `setWebhook`; events are told by `update_id`.
    #[must_use]
    pub const fn telegram(read: Reader) -> Self {
        Self { header: "x-telegram-bot-api-secret-token", secret: "webhook_secret", numbered: true, read }
    }

    /// MAX: the `secret` of a subscription.
    #[must_use]
    pub const fn max(read: Reader) -> Self {
        Self { header: "x-max-bot-api-secret", secret: "webhook_secret", numbered: false, read }
    }
}

#[derive(Deserialize)]
struct Numbered {
    update_id: i64,
}

impl Webhooks for SecretHeader {
    fn verify(&self, settings: &Settings, request: WebhookRequest<'_>) -> Result<Verified, WebhookError> {
        if !same(secret(settings, self.secret)?, header(request.headers, self.header)?) {
            return Err(WebhookError::Forged);
        }
        if !self.numbered {
            return Ok(Verified::Event { key: key_of_body(request.body) });
        }
        let update: Numbered =
            serde_json::from_slice(request.body).map_err(|error| WebhookError::Malformed(error.to_string()))?;
        Ok(Verified::Event { key: key_of(&update.update_id.to_string()) })
    }

    fn shared_secret(&self) -> Option<&'static str> {
        Some(self.secret)
    }

    fn read(&self, delivered: &Delivered<'_>) -> Vec<Item> {
        (self.read)(delivered)
    }
}
