//! Files that go with replies.

use molva_connectors as connectors;
use molva_storage::reply as stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::{Id, Time};

/// A file that goes with a reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Attachment {
    pub id: Id,
    pub name: String,
    pub media_type: String,
    /// In bytes.
    pub size: u64,
    /// What it shows, in words.
    #[schema(required)]
    pub alt: Option<String>,
    /// When the file itself was removed, some time after its reply was sent or taken back.
    #[schema(required)]
    pub removed_at: Option<Time>,
}

impl From<stored::Attachment> for Attachment {
    fn from(attachment: stored::Attachment) -> Self {
        Self {
            id: Id::of(attachment.id),
            name: attachment.name,
            media_type: attachment.media_type,
            size: attachment.size,
            alt: attachment.alt,
            removed_at: attachment.removed_at.map(Time::from),
        }
    }
}

/// Which files may go with a reply.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AttachmentRule {
    /// With one reply.
    pub most: u32,
    /// Of one file.
    pub bytes: u64,
    pub media_types: Vec<&'static str>,
    /// Longest description in characters; null: the network has none.
    #[schema(required)]
    pub alt: Option<u32>,
    /// How long the text may be beside files, in the unit of its length; null: as long as without.
    #[schema(required)]
    pub text: Option<u32>,
    /// Types of which one file goes with a reply, and no other beside it.
    pub alone: Vec<&'static str>,
    /// Whether they may go with a private answer to something public, too.
    pub private: bool,
}

impl From<connectors::AttachmentRule> for AttachmentRule {
    fn from(rule: connectors::AttachmentRule) -> Self {
        Self {
            most: rule.most,
            bytes: rule.bytes,
            media_types: rule.media_types.to_vec(),
            alt: rule.alt,
            text: rule.text,
            alone: rule.alone.to_vec(),
            private: rule.private,
        }
    }
}

/// A file that is to go with a reply.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachmentDraft {
    pub id: String,
    /// What it shows, in words, for those who do not see it.
    #[serde(default)]
    pub alt: Option<String>,
}
