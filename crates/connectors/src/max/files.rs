//! Files of a reply: MAX names an address for each and gives a token for what came there, which the message bears.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::Client;
use super::refusal::Failure;
use super::reply::refused;
use crate::http::{Method, Part};
use crate::line::Line;
use crate::reply::upload::{certain, not_taken, put, unread};
use crate::reply::{AccountSession, Attachment, AttachmentRule, SendError, attachment};

/// A picture may have fifty megabytes and a file four gigabytes, more than Molva keeps. What is no picture to MAX goes by itself.
pub(super) const RULE: AttachmentRule = AttachmentRule {
    alone: &["application/pdf", "image/webp"],
    ..AttachmentRule::new(10, 16 << 20, attachment::DOCUMENTS)
};

/// The code of a refusal whose file is still worked on, and how long is waited before it is tried again.
pub(super) const NOT_READY: &str = "attachment.not.ready";
pub(super) const PAUSES: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(3),
    Duration::from_secs(4),
    Duration::from_secs(5),
];

#[derive(Deserialize)]
struct Address {
    url: String,
}

/// What the upload server answers, to a picture and to another file.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Uploaded {
    photos: serde_json::Map<String, Value>,
    token: String,
    error_msg: String,
    message: String,
}

/// The attachments of a message.
pub(super) async fn upload(
    client: &Client,
    account: &AccountSession,
    files: &[Attachment],
) -> Result<Vec<Value>, SendError> {
    let mut attached = Vec::with_capacity(files.len());
    for file in files {
        attached.push(upload_one(client, account, file).await?);
    }
    Ok(attached)
}

async fn upload_one(client: &Client, account: &AccountSession, file: &Attachment) -> Result<Value, SendError> {
    let kind = if RULE.alone.contains(&file.media_type.as_str()) { "file" } else { "image" };
    let line = Line::from(account);
    let asked: Result<Address, Failure> = client.once(line, Method::POST, "/uploads", &[("type", kind)], None).await;
    let address = asked.map_err(|failure| certain(refused(failure, account)))?;
    let part = Part::file("data", &file.name, &file.media_type, &file.bytes);
    let answer = put(account, "MAX", &address.url, &[part]).await?;
    let uploaded: Uploaded = answer.json().map_err(|error| SendError::before(error, account.now()))?;
    let said = [&uploaded.error_msg, &uploaded.message].into_iter().find(|said| !said.is_empty());
    if let Some(said) = said {
        return Err(not_taken("MAX", said));
    }
    let of_photo = uploaded.photos.values().find_map(|photo| photo.get("token")?.as_str());
    let token = of_photo.unwrap_or(&uploaded.token);
    if token.is_empty() {
        return Err(unread("MAX"));
    }
    Ok(json!({"type": kind, "payload": {"token": token}}))
}
