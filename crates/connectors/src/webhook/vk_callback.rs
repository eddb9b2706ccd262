//! VK's Callback API: the secret stands in the body, beside the group and the event's id.
//!
//! `{"type": …, "event_id": …, "v": …, "group_id": …, "object": …, "secret": …}`. The question `"type": "confirmation"` is answered
//! with the string VK shows in the settings of the group; everything else with `ok`.

use serde::Deserialize;

use super::{
    Answer, Delivered, Reader, Verified, WebhookError, WebhookRequest, Webhooks, key_of, key_of_body, same, secret,
};
use crate::session::Item;
use crate::settings::Settings;

/// A group that calls us.
#[derive(Clone, Copy, Debug)]
pub struct VkCallback {
    /// Setting that holds the secret key of the callback server.
    pub secret: &'static str,
    /// Setting that holds the number of the group, without a minus.
    pub group: &'static str,
    /// Setting that holds the string to be returned.
    pub confirmation: &'static str,
    pub read: Reader,
}

impl VkCallback {
    /// With the settings `callback_secret`, `group_id` and `callback_confirmation`.
    #[must_use]
    pub const fn new(read: Reader) -> Self {
        Self { secret: "callback_secret", group: "group_id", confirmation: "callback_confirmation", read }
    }
}

/// What has to be read to know who calls; the secret is compared before anything else is looked at.
#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "type")]
    kind: String,
    group_id: u64,
    #[serde(default)]
    event_id: Option<String>,
    #[serde(default)]
    secret: Option<String>,
}

impl Webhooks for VkCallback {
    fn verify(&self, settings: &Settings, request: WebhookRequest<'_>) -> Result<Verified, WebhookError> {
        let ours = secret(settings, self.secret)?;
        let envelope: Envelope =
            serde_json::from_slice(request.body).map_err(|error| WebhookError::Malformed(error.to_string()))?;
        let known = settings.text(self.group).map(|group| group.trim_start_matches('-'));
        let same_group = known == Some(&*envelope.group_id.to_string());
        // VK asks for the confirmation before a secret has been entered there, and then with it.
        let same_secret = match &envelope.secret {
            Some(theirs) => same(ours, theirs),
            None => envelope.kind == "confirmation",
        };
        if !(same_group && same_secret) {
            return Err(WebhookError::Forged);
        }
        if envelope.kind == "confirmation" {
            let text = settings.text(self.confirmation).ok_or(WebhookError::NotSetUp(self.confirmation))?;
            return Ok(Verified::Question(Answer::text(text)));
        }
        // Older versions of the API have no ids.
        let key = envelope.event_id.as_deref().filter(|id| !id.is_empty()).map(key_of);
        Ok(Verified::Event { key: key.unwrap_or_else(|| key_of_body(request.body)) })
    }

    fn shared_secret(&self) -> Option<&'static str> {
        Some(self.secret)
    }

    fn read(&self, delivered: &Delivered<'_>) -> Vec<Item> {
        (self.read)(delivered)
    }
}
