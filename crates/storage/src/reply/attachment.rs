//! Files that go with replies: taken before the reply is written, bound to it when it is, sent from here.

use std::time::Duration;

use molva_domain::{Actor, AttachmentId, ReplyId, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};

use super::Reply;
use crate::event::write_actor;
use crate::sql::{Statement, Transaction};
use crate::{Result, Storage, StorageError};

/// Files of one person that no reply has taken yet.
pub const MAX_PENDING_ATTACHMENTS: u32 = 40;
/// A file that no reply has taken by then is forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(86_400);

/// A file, without what stands in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub id: AttachmentId,
    pub name: String,
    pub media_type: String,
    /// In bytes.
    pub size: u64,
    /// What it shows, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
    /// When what stood in it went; see [`Storage::forget_reply_files`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<Timestamp>,
}

#[derive(Clone, PartialEq, Eq)]
pub struct NewAttachment {
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

impl Storage {
    /// Keeps a file for a reply that is being written, and forgets those whose replies were never written. `Full` at
    /// [`MAX_PENDING_ATTACHMENTS`].
    pub async fn create_attachment(
        &self,
        workspace: WorkspaceId,
        owner: Actor,
        new: NewAttachment,
    ) -> Result<Attachment> {
        let now = self.now();
        let (kind, owner) = write_actor(owner);
        let mut transaction = self.begin().await?;
        let old = "DELETE FROM attachment WHERE workspace_id = $1 AND reply_id IS NULL AND created_at < $2";
        let old = Statement::new(old).bind(workspace.0).bind(now.minus(FORGOTTEN_AFTER));
        transaction.execute(old).await?;
        let pending = "SELECT COUNT(id) FROM attachment WHERE workspace_id = $1 AND reply_id IS NULL AND owner_kind = $2 \
             AND COALESCE(owner_id, 0) = $3";
        let pending = Statement::new(pending).bind(workspace.0).bind(kind).bind(owner.unwrap_or(0));
        let count = transaction.optional(pending).await?.map_or(Ok(0), |row| row.columns().count())?;
        if count >= u64::from(MAX_PENDING_ATTACHMENTS) {
            return Err(StorageError::Full { what: "attachment", most: MAX_PENDING_ATTACHMENTS });
        }
        let kept = Attachment {
            id: self.ids().next(),
            name: new.name,
            media_type: new.media_type,
            size: new.bytes.len() as u64,
            alt: None,
            removed_at: None,
        };
        let statement = Statement::new(
            "INSERT INTO attachment (id, workspace_id, owner_kind, owner_id, name, media_type, size, body, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        );
        let statement = statement.bind(kept.id.0).bind(workspace.0).bind(kind).bind(owner).bind(kept.name.as_str());
        let statement = statement.bind(kept.media_type.as_str()).bind(kept.size).bind(new.bytes).bind(now);
        transaction.execute(statement).await?;
        transaction.commit().await?;
        Ok(kept)
    }

    pub async fn attachment(&self, workspace: WorkspaceId, id: AttachmentId) -> Result<Option<Attachment>> {
        let statement =
            Statement::new("SELECT name, media_type, size FROM attachment WHERE workspace_id = $1 AND id = $2");
        let row = self.database().optional(statement.bind(workspace.0).bind(id.0)).await?;
        row.map(|row| {
            let mut columns = row.columns();
            let (name, media_type, size) = (columns.text()?, columns.text()?, columns.count()?);
            Ok(Attachment { id, name, media_type, size, alt: None, removed_at: None })
        })
        .transpose()
    }

    /// What stands in it.
    pub async fn attachment_bytes(&self, workspace: WorkspaceId, id: AttachmentId) -> Result<Option<Vec<u8>>> {
        let statement = Statement::new("SELECT body FROM attachment WHERE workspace_id = $1 AND id = $2");
        let row = self.database().optional(statement.bind(workspace.0).bind(id.0)).await?;
        row.map(|row| row.columns().bytes()).transpose()
    }

    /// Takes back a file that no reply has taken, of whoever brought it; whether there was one.
    pub async fn delete_attachment(&self, workspace: WorkspaceId, owner: Actor, id: AttachmentId) -> Result<bool> {
        let (kind, owner) = write_actor(owner);
        let statement = Statement::new(
            "DELETE FROM attachment WHERE workspace_id = $1 AND id = $2 AND reply_id IS NULL AND owner_kind = $3 \
             AND COALESCE(owner_id, 0) = $4",
        );
        let mut transaction = self.begin().await?;
        let statement = statement.bind(workspace.0).bind(id.0).bind(kind).bind(owner.unwrap_or(0));
        let gone = transaction.execute(statement).await?;
        transaction.commit().await?;
        Ok(gone == 1)
    }

    /// What goes with a reply, in its order, with what stands in each.
    pub async fn attachments_of(&self, reply: &Reply) -> Result<Vec<(Attachment, Vec<u8>)>> {
        let mut files = Vec::with_capacity(reply.attachments.len());
        for attachment in &reply.attachments {
            let missing = || StorageError::Missing { what: "attachment", name: attachment.id.to_string() };
            let bytes = self.attachment_bytes(reply.workspace, attachment.id).await?.ok_or_else(missing)?;
            files.push((attachment.clone(), bytes));
        }
        Ok(files)
    }
}

/// Gives files to the reply that names them. `Missing` when one is not there, is another person's or was taken by another reply.
pub(super) async fn bind(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    owner: Actor,
    reply: ReplyId,
    wanted: Vec<(AttachmentId, Option<String>)>,
) -> Result<Vec<Attachment>> {
    let (kind, owner) = write_actor(owner);
    let mut bound = Vec::with_capacity(wanted.len());
    for (id, alt) in wanted {
        let statement = Statement::new(
            "UPDATE attachment SET reply_id = $5 WHERE workspace_id = $1 AND id = $2 AND reply_id IS NULL \
             AND owner_kind = $3 AND COALESCE(owner_id, 0) = $4 RETURNING name, media_type, size",
        );
        let statement = statement.bind(workspace.0).bind(id.0).bind(kind).bind(owner.unwrap_or(0)).bind(reply.0);
        let missing = || StorageError::Missing { what: "attachment", name: id.to_string() };
        let row = transaction.optional(statement).await?.ok_or_else(missing)?;
        let mut columns = row.columns();
        let (name, media_type, size) = (columns.text()?, columns.text()?, columns.count()?);
        bound.push(Attachment { id, name, media_type, size, alt, removed_at: None });
    }
    Ok(bound)
}

/// As the reply's row keeps it; `None`: nothing.
pub(super) fn write(attachments: &[Attachment]) -> Result<Option<String>> {
    if attachments.is_empty() {
        return Ok(None);
    }
    let json = serde_json::to_string(attachments);
    json.map(Some).map_err(|error| StorageError::Incompatible(format!("attachments cannot be written: {error}")))
}

pub(super) fn read(json: Option<&str>) -> Result<Vec<Attachment>> {
    let read = json.map_or_else(|| Ok(Vec::new()), serde_json::from_str);
    read.map_err(|error| StorageError::Incompatible(format!("the attachments of a reply cannot be read: {error}")))
}
