//! Files of a reply, which a server takes before the reply that names them.

use std::time::Duration;

use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use super::account::{Account, said};
use super::reply::refusal;
use crate::http::{Part, Response};
use crate::reply::{Attachment, AttachmentRule, SendError, attachment};

/// What servers take unless their owners changed it.
pub(super) const RULE: AttachmentRule =
    AttachmentRule { alt: Some(1_500), ..AttachmentRule::new(4, 16 << 20, attachment::IMAGES) };
/// A server that works on a file is asked so often whether it is ready.
const LOOKS: u32 = 15;
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);
const UPLOAD_LIMIT: Duration = Duration::from_secs(60);

#[derive(Deserialize)]
struct Media {
    id: String,
}

/// Their ids, to be named by the reply. Nothing of the reply is handed over yet: a file without one is forgotten by the server.
pub(super) async fn upload(account: &Account<'_>, files: &[Attachment]) -> Result<Vec<Value>, SendError> {
    let mut ids = Vec::with_capacity(files.len());
    for file in files {
        ids.push(upload_one(account, file).await?.into());
    }
    Ok(ids)
}

async fn upload_one(account: &Account<'_>, file: &Attachment) -> Result<String, SendError> {
    let before = |error| SendError::before(error, account.session.now());
    let mut parts = vec![Part::file("file", &file.name, &file.media_type, &file.bytes)];
    parts.extend(file.alt.as_deref().map(|alt| Part::field("description", alt)));
    let upload = |path| account.request(Method::POST, path, &[]).timeout(UPLOAD_LIMIT).multipart(&parts);
    let mut answer = account.session.send(upload("api/v2/media")).await.map_err(before)?;
    // Older servers know the first version alone, which answers when the file is ready.
    if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED) {
        answer = account.session.send(upload("api/v1/media")).await.map_err(before)?;
    }
    if !answer.status.is_success() {
        return Err(refused(account, &answer));
    }
    let media: Media = answer.json().map_err(before)?;
    if answer.status == StatusCode::ACCEPTED {
        ready(account, &media.id).await?;
    }
    Ok(media.id)
}

/// Waits until the server has worked on the file: one that is not ready makes it refuse the reply.
async fn ready(account: &Account<'_>, id: &str) -> Result<(), SendError> {
    for _ in 0..LOOKS {
        let asked = account.ask(&format!("api/v1/media/{id}"), &[]).await;
        let answer = asked.map_err(|error| SendError::before(error, account.session.now()))?;
        match answer.status {
            StatusCode::PARTIAL_CONTENT | StatusCode::ACCEPTED => {}
            status if status.is_success() => return Ok(()),
            _ => return Err(refused(account, &answer)),
        }
        tokio::select! {
            () = account.session.cancel.cancelled() => break,
            () = tokio::time::sleep(BETWEEN_LOOKS) => {}
        }
    }
    let message = format!("{} still works on a file; the reply is tried again", account.host);
    Err(SendError::Later { message, until: None })
}

fn refused(account: &Account<'_>, answer: &Response) -> SendError {
    match answer.status {
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::BAD_REQUEST => {
            let said = said(answer);
            SendError::refused(
                "attachment",
                format!("{} does not take a file ({said}); send another one", account.host),
            )
        }
        StatusCode::NOT_FOUND => {
            SendError::refused("attachment", format!("{} takes no files; send the reply without them", account.host))
        }
        // Nothing was said yet, so that nothing can be unsure.
        _ => match refusal(account, answer) {
            SendError::Unsure { message } => SendError::Later { message, until: None },
            other => other,
        },
    }
}
