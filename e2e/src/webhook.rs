//! A sender of Standard Webhooks, written from the specification: `v1,base64(HMAC-SHA256(secret, id.timestamp.body))`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::{RequestBuilder, Response, StatusCode};
use ring::hmac;

use crate::api::Tally;

/// Sends to one push source.
#[derive(Debug)]
pub struct Webhook {
    http: reqwest::Client,
    address: String,
    secret: String,
    key: hmac::Key,
    sent: AtomicU64,
}

impl Webhook {
    /// # Errors
    /// When the secret is not `whsec_` and base64.
    pub fn new(http: reqwest::Client, address: &str, secret: &str) -> anyhow::Result<Self> {
        let encoded = secret.strip_prefix("whsec_").context("the secret does not begin with `whsec_`")?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, &BASE64_STANDARD.decode(encoded)?);
        Ok(Self { http, address: address.to_owned(), secret: secret.to_owned(), key, sent: AtomicU64::new(0) })
    }

    /// The same source after a restart on another port.
    #[must_use]
    pub fn moved_to(mut self, base: &str) -> Self {
        if let Some(path) = self.address.find("/api/") {
            self.address = format!("{base}{}", &self.address[path..]);
        }
        self
    }

    /// Where it is sent to.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// As it was shown once. Tests look for it where it must not be.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// The request for a body, signed; `id` is the delivery's, `age` how long ago it says it was sent.
    pub fn request(&self, id: &str, age: Duration, body: String) -> RequestBuilder {
        #[expect(clippy::disallowed_methods, reason = "a sender has no clock but the machine's")]
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let timestamp = now.saturating_sub(age).as_secs();
        let signature = hmac::sign(&self.key, format!("{id}.{timestamp}.{body}").as_bytes());
        self.http
            .post(&self.address)
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp.to_string())
            .header("webhook-signature", format!("v1,{}", BASE64_STANDARD.encode(signature)))
            .header("content-type", "application/json")
            .body(body)
    }

    /// Sends a body once.
    ///
    /// # Errors
    /// When the connection fails.
    pub async fn send(&self, body: String) -> anyhow::Result<Response> {
        let id = format!("msg_{}_{}", std::process::id(), self.sent.fetch_add(1, Ordering::Relaxed));
        Ok(self.request(&id, Duration::ZERO, body).send().await?)
    }

    /// Sends a body that must be taken; waits and sends again while the store is busy.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn deliver(&self, body: String) -> anyhow::Result<Tally> {
        loop {
            let answer = self.send(body.clone()).await?;
            if answer.status() == StatusCode::SERVICE_UNAVAILABLE {
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
            let (status, text) = (answer.status(), answer.text().await?);
            anyhow::ensure!(status == StatusCode::ACCEPTED, "the push was answered {status}: {text}");
            return Tally::read(&serde_json::from_str(&text)?);
        }
    }
}
