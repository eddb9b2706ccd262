//! Files of a message: OK names an address for each and a token, which the message bears; of a picture the token comes with the answer to
//! the upload. <https://apiok.ru/en/dev/graph_api/methods/graph.user/graph.user.fileUploadUrl/get>.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::Graph;
use super::refusal::Failure;
use super::reply::refused;
use crate::http::{Method, Part};
use crate::line::Line;
use crate::reply::upload::{certain, not_taken, put, unread};
use crate::reply::{AccountSession, Attachment, AttachmentRule, SendError, attachment};
use crate::settings::Localized;

pub(super) const RULE: AttachmentRule = AttachmentRule::new(5, 16 << 20, attachment::DOCUMENTS);

/// The method that comments has a place for attachments, but what is to stand in it is written nowhere.
pub(super) const NOT_IN_TOPICS: Localized = Localized {
    en: "Odnoklassniki lets programs add files to messages only, not to comments; add them in the original.",
    ru: "Одноклассники разрешают программам прикладывать файлы только к сообщениям, а не к комментариям; приложите их в оригинале.",
    uk: "Однокласники дозволяють програмам додавати файли лише до повідомлень, а не до коментарів; додайте їх в оригіналі.",
};

/// OK works on a file that is no picture for "a couple of seconds" and knows no word for that it has not ended.
const WORK: Duration = Duration::from_secs(2);

#[derive(Deserialize)]
struct Address {
    url: String,
    #[serde(default)]
    token: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Uploaded {
    photos: serde_json::Map<String, Value>,
    error_code: u32,
    error_msg: String,
}

/// The attachments of a message.
pub(super) async fn upload(
    graph: &Graph,
    account: &AccountSession,
    files: &[Attachment],
) -> Result<Vec<Value>, SendError> {
    let mut attached = Vec::with_capacity(files.len());
    for file in files {
        attached.push(upload_one(graph, account, file).await?);
    }
    if attached.iter().any(|one| one["type"] == "FILE") {
        tokio::select! {
            () = account.cancel.cancelled() => {}
            () = tokio::time::sleep(WORK) => {}
        }
    }
    Ok(attached)
}

async fn upload_one(graph: &Graph, account: &AccountSession, file: &Attachment) -> Result<Value, SendError> {
    let kind = if matches!(file.media_type.as_str(), "image/jpeg" | "image/png") { "IMAGE" } else { "FILE" };
    let line = Line::from(account);
    let asked: Result<Address, Failure> =
        graph.once(line, Method::GET, "/me/fileUploadUrl", &[("type", kind)], None).await;
    let address = asked.map_err(|failure| certain(refused(failure, account)))?;
    let part = Part::file("pic1", &file.name, &file.media_type, &file.bytes);
    let answer = put(account, "OK", &address.url, &[part]).await?;
    if kind == "FILE" {
        // Its answer is empty or no JSON; the token came with the address.
        let token = Some(address.token).filter(|token| !token.is_empty()).ok_or_else(|| unread("OK"))?;
        return Ok(json!({"type": kind, "payload": {"token": token}}));
    }
    let uploaded: Uploaded = answer.json().map_err(|error| SendError::before(error, account.now()))?;
    if uploaded.error_code > 0 {
        return Err(not_taken("OK", &uploaded.error_msg));
    }
    let token = uploaded.photos.values().find_map(|photo| photo.get("token")?.as_str());
    let token = token.ok_or_else(|| unread("OK"))?;
    Ok(json!({"type": kind, "payload": {"token": token}}))
}
