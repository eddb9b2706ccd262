//! Files of a reply, which X takes before the post that names them: pictures at once, moving ones in pieces. A file that no post names is
//! forgotten within a day. <https://docs.x.com/x-api/media/quickstart/media-upload-chunked>.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::{Ask, Client, Failure};
use super::reply::refused;
use crate::http::Part;
use crate::reply::upload::{certain, not_taken, unread};
use crate::reply::{AccountSession, Attachment, AttachmentRule, SendError, attachment};

/// Four pictures, or one that moves.
pub(super) const RULE: AttachmentRule =
    AttachmentRule { alt: Some(1_000), alone: &[MOVING], ..AttachmentRule::new(4, 5_000_000, attachment::IMAGES) };
const MOVING: &str = "image/gif";

/// Of a file that is brought in pieces.
const PIECE: usize = 2 << 20;
/// X is asked so often whether it has worked on a file, and not more often than this whatever it says.
const LOOKS: u32 = 15;
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

const UPLOAD: &str = "/2/media/upload";
const METADATA: &str = "/2/media/metadata";

/// X's description puts it into `data`; answers without that were seen.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    data: Option<Media>,
    #[serde(flatten)]
    bare: Media,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Media {
    id: String,
    processing_info: Option<Processing>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Processing {
    /// `pending`, `in_progress`, `succeeded`, `failed`.
    state: String,
    check_after_secs: u64,
    error: Option<Reason>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Reason {
    message: String,
}

/// One account that brings files.
struct Line<'a> {
    client: &'a Client,
    account: &'a AccountSession,
}

/// The ids of files, to be named by the post.
pub(super) async fn upload(
    client: &Client,
    account: &AccountSession,
    files: &[Attachment],
) -> Result<Vec<String>, SendError> {
    let line = Line { client, account };
    let mut ids = Vec::with_capacity(files.len());
    for file in files {
        let id = if file.media_type == MOVING { line.in_pieces(file).await? } else { line.at_once(file).await? };
        if let Some(alt) = &file.alt {
            let body = json!({"id": id, "metadata": {"alt_text": {"text": alt}}});
            line.ask::<Value>(&Ask::post(METADATA, METADATA, &body)).await?;
        }
        ids.push(id);
    }
    Ok(ids)
}

impl Line<'_> {
    async fn ask<T: serde::de::DeserializeOwned>(&self, ask: &Ask<'_>) -> Result<T, SendError> {
        let answer = self.client.call_once::<T>(self.account, ask).await;
        answer.map(|answer| answer.value).map_err(|failure| match &failure {
            Failure::Refused(problem) if matches!(problem.status, 400 | 413 | 415 | 422) => {
                not_taken("X", &problem.detail)
            }
            Failure::Refused(problem) if problem.status == 403 => {
                let message = format!(
                    "X does not let this account bring files ({}); connect it anew with the right `media.write`, or send the reply without files",
                    problem.detail
                );
                SendError::refused("missing_right", message)
            }
            _ => certain(refused(self.client, failure, self.account.now())),
        })
    }

    async fn media(&self, ask: &Ask<'_>) -> Result<Media, SendError> {
        let told: Told = self.ask(ask).await?;
        let media = told.data.unwrap_or(told.bare);
        if super::id::parse(&media.id).is_some() { Ok(media) } else { Err(unread("X")) }
    }

    async fn at_once(&self, file: &Attachment) -> Result<String, SendError> {
        let parts = vec![
            Part::field("media_category", "tweet_image"),
            Part::field("media_type", &file.media_type),
            Part::file("media", &file.name, &file.media_type, &file.bytes),
        ];
        let media = self.media(&Ask::form(UPLOAD, UPLOAD, parts)).await?;
        self.ready(media).await
    }

    async fn in_pieces(&self, file: &Attachment) -> Result<String, SendError> {
        let body =
            json!({"media_type": file.media_type, "media_category": "tweet_gif", "total_bytes": file.bytes.len()});
        let media = self.media(&Ask::post("/2/media/upload/initialize", "/2/media/upload/initialize", &body)).await?;
        let path = |step: &str| format!("{UPLOAD}/{}/{step}", media.id);
        for (index, piece) in file.bytes.chunks(PIECE).enumerate() {
            let (path, index) = (path("append"), index.to_string());
            let parts =
                vec![Part::field("segment_index", &index), Part::file("media", &file.name, &file.media_type, piece)];
            self.ask::<Value>(&Ask::form("/2/media/upload/:id/append", &path, parts)).await?;
        }
        let path = path("finalize");
        let ended = self.media(&Ask::post("/2/media/upload/:id/finalize", &path, &json!({}))).await?;
        self.ready(ended).await
    }

    /// Waits until X has worked on the file: a post that names one that is not ready is refused.
    async fn ready(&self, mut media: Media) -> Result<String, SendError> {
        for _ in 0..LOOKS {
            let Some(processing) = &media.processing_info else { return Ok(media.id) };
            match processing.state.as_str() {
                "succeeded" => return Ok(media.id),
                "failed" => {
                    let said = processing.error.as_ref().map_or("it cannot work on it", |error| &error.message);
                    return Err(not_taken("X", said));
                }
                _ => {}
            }
            let pause = Duration::from_secs(processing.check_after_secs.max(1)).min(LONGEST_PAUSE);
            tokio::select! {
                () = self.account.cancel.cancelled() => break,
                () = tokio::time::sleep(pause) => {}
            }
            let query = [("command", "STATUS"), ("media_id", &*media.id)];
            media = self.media(&Ask::get(UPLOAD, UPLOAD, &query)).await?;
        }
        let message = "X still works on a file; the reply is tried again".to_owned();
        Err(SendError::Later { message, until: None })
    }
}
