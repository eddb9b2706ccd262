//! Files of a reply. VK names an address for each, keeps what came there under a name, and the comment or the message bears the names.
//!
//! Pictures on walls are kept for people only; what a community adds to a comment is a document, also when it is a picture.

use serde::Deserialize;
use serde_json::Value;

use super::client::{Client, Failure};
use super::reply::refused;
use crate::http::Part;
use crate::reply::upload::{certain, not_taken, put, unread};
use crate::reply::{AccountSession, Attachment, AttachmentRule, SendError, attachment};

/// Under a post or in a discussion. For documents of a private answer VK wants to know the other's number, which a comment does not tell.
pub(super) const COMMENT: AttachmentRule =
    AttachmentRule { private: false, ..AttachmentRule::new(2, 16 << 20, attachment::DOCUMENTS) };
pub(super) const MESSAGE: AttachmentRule = AttachmentRule::new(10, 16 << 20, attachment::DOCUMENTS);

/// What VK says of a file it cannot use: "upload error", "couldn't save file", a wrong photo, hash or server.
const OF_FILES: [u32; 6] = [22, 105, 118, 121, 129, 1_150];

/// Where the files come to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Where {
    Message {
        peer: u64,
    },
    /// `None`: in a person's name.
    Wall {
        community: Option<u64>,
    },
}

#[derive(Deserialize)]
struct Server {
    upload_url: String,
}

/// What the upload server answers; it is handed on as it came.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Uploaded {
    server: Value,
    photo: String,
    hash: String,
    file: String,
    error: String,
}

#[derive(Deserialize)]
struct Kept {
    id: u64,
    owner_id: i64,
    #[serde(default)]
    access_key: Option<String>,
}

#[derive(Deserialize)]
struct Document {
    doc: Kept,
}

impl Kept {
    fn name(&self, kind: &str) -> String {
        let key = self.access_key.as_deref().filter(|key| !key.is_empty()).map(|key| format!("_{key}"));
        format!("{kind}{}_{}{}", self.owner_id, self.id, key.unwrap_or_default())
    }
}

/// What a comment or message is to bear: `photo1_2,doc-1_3`; empty without files.
pub(super) async fn upload(
    client: &Client,
    account: &AccountSession,
    files: &[Attachment],
    place: Where,
) -> Result<String, SendError> {
    let mut names = Vec::with_capacity(files.len());
    for file in files {
        names.push(upload_one(client, account, file, place).await?);
    }
    Ok(names.join(","))
}

async fn upload_one(
    client: &Client,
    account: &AccountSession,
    file: &Attachment,
    place: Where,
) -> Result<String, SendError> {
    let explain = |failure: Failure| match failure {
        Failure::Refused(refused) if OF_FILES.contains(&refused.code) => not_taken("VK", &refused.message),
        failure => certain(refused(client, failure, account.now())),
    };
    // A picture that moves would stand still, and other kinds are none to VK.
    let still = matches!(file.media_type.as_str(), "image/jpeg" | "image/png");
    let as_photo = still && !matches!(place, Where::Wall { community: Some(_) });
    let (peer, group) = match place {
        Where::Message { peer } => (peer.to_string(), String::new()),
        Where::Wall { community } => (String::new(), community.map(|id| id.to_string()).unwrap_or_default()),
    };
    let (method, parameters): (&str, Vec<(&str, &str)>) = match (as_photo, place) {
        (true, Where::Message { .. }) => ("photos.getMessagesUploadServer", vec![("peer_id", &peer)]),
        (true, Where::Wall { .. }) => ("photos.getWallUploadServer", Vec::new()),
        (false, Where::Message { .. }) => ("docs.getMessagesUploadServer", vec![("type", "doc"), ("peer_id", &peer)]),
        (false, Where::Wall { .. }) => ("docs.getWallUploadServer", vec![("group_id", &group)]),
    };
    let server: Server = client.call_once(account, method, &parameters).await.map_err(explain)?;
    let part = if as_photo { "photo" } else { "file" };
    let part = Part::file(part, &file.name, &file.media_type, &file.bytes);
    let answer = put(account, "VK", &server.upload_url, &[part]).await?;
    let uploaded: Uploaded = answer.json().map_err(|error| SendError::before(error, account.now()))?;
    if !uploaded.error.is_empty() || matches!(uploaded.photo.as_str(), "[]") {
        return Err(not_taken("VK", if uploaded.error.is_empty() { "it is no picture" } else { &uploaded.error }));
    }
    if as_photo {
        let server = uploaded.server.as_str().map_or_else(|| uploaded.server.to_string(), str::to_owned);
        let parameters = [("server", &*server), ("photo", &uploaded.photo), ("hash", &uploaded.hash)];
        let method = if peer.is_empty() { "photos.saveWallPhoto" } else { "photos.saveMessagesPhoto" };
        let kept: Vec<Kept> = client.call_once(account, method, &parameters).await.map_err(explain)?;
        return kept.first().map(|kept| kept.name("photo")).ok_or_else(|| unread("VK"));
    }
    let parameters = [("file", &*uploaded.file), ("title", &file.name)];
    let kept: Document = client.call_once(account, "docs.save", &parameters).await.map_err(explain)?;
    Ok(kept.doc.name("doc"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_named_by_its_owner_and_its_key() {
        let name = |text: &str| serde_json::from_str::<Kept>(text).expect("a photo").name("photo");
        assert_eq!(name(r#"{"id":5,"owner_id":-1,"album_id":-14}"#), "photo-1_5");
        assert_eq!(name(r#"{"id":5,"owner_id":7,"access_key":"a1"}"#), "photo7_5_a1");
    }
}
