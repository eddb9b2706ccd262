//! A reply as Telegram wants it asked for: a message, a picture, a document, or an album of them.

use serde_json::json;

use super::client::Client;
use crate::http::{Part, Request};
use crate::reply::{Attachment, AttachmentRule, Outgoing};

/// Pictures up to ten megabytes; what stands beside a file is its caption, which is shorter than a message.
pub(super) const RULE: AttachmentRule = AttachmentRule {
    text: Some(1_024),
    ..AttachmentRule::new(10, 10_000_000, &["image/jpeg", "image/png", "image/webp", "application/pdf"])
};

/// The one request that says a reply below a message.
pub(super) fn request(client: &Client, chat: i64, above: i64, reply: &Outgoing) -> Request {
    let text = reply.text.trim();
    let answered = json!({ "message_id": above });
    let files = &reply.attachments;
    if files.is_empty() {
        return client.request("sendMessage", &json!({ "chat_id": chat, "text": text, "reply_parameters": answered }));
    }
    // An album holds pictures or documents, not both; a picture can be a document too.
    let kind = if files.iter().all(Attachment::is_image) { "photo" } else { "document" };
    let (chat, answered) = (chat.to_string(), answered.to_string());
    let mut parts = vec![Part::field("chat_id", &chat), Part::field("reply_parameters", &answered)];
    if let [file] = files.as_slice() {
        parts.push(Part::field("caption", text));
        parts.push(Part::file(kind, &file.name, &file.media_type, &file.bytes));
        return client.form(if kind == "photo" { "sendPhoto" } else { "sendDocument" }, &parts);
    }
    let names: Vec<String> = (0..files.len()).map(|index| format!("file{index}")).collect();
    let album = names.iter().enumerate().map(|(index, name)| {
        let caption = if index == 0 { text } else { "" };
        json!({ "type": kind, "media": format!("attach://{name}"), "caption": caption })
    });
    let album = serde_json::Value::from(album.collect::<Vec<_>>()).to_string();
    parts.push(Part::field("media", &album));
    for (name, file) in names.iter().zip(files) {
        parts.push(Part::file(name, &file.name, &file.media_type, &file.bytes));
    }
    client.form("sendMediaGroup", &parts)
}
