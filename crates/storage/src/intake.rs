//! Where batches become truth: posts, mentions, kept stream, ledger, cursor and events in one transaction.
//!
//! A crash at any line leaves either all of a batch or none of it. See `kept` for how a file takes part in a transaction.

use molva_domain::{Post, Rejection, SourceId, Tally, Timestamp, TopicId, Urn, WorkspaceId};

use crate::kept::KeptPost;
use crate::source::Lease;
use crate::{Result, Storage};

/// Where a topic's query matched, byte offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatchSpan {
    /// In the title rather than the text.
    pub in_title: bool,
    pub start: u32,
    pub end: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicMatch {
    pub topic: TopicId,
    pub spans: Vec<MatchSpan>,
}

#[derive(Clone, Debug)]
pub struct PreparedPost {
    pub post: Post,
    /// Equal for posts that say the same words; see `molva_text`.
    pub content_hash: i64,
    /// Empty: the post goes to the kept stream.
    pub matches: Vec<TopicMatch>,
}

#[derive(Clone, Debug)]
pub enum PreparedItem {
    Post(Box<PreparedPost>),
    Rejected(Rejection),
    /// The network says that the post is gone: its text is hidden. Not counted as received.
    Deleted(Urn),
}

/// What a source delivered at once, matched.
#[derive(Clone, Debug)]
pub struct PreparedBatch {
    pub workspace: WorkspaceId,
    pub source: SourceId,
    /// When given, the batch is refused with `LeaseLost` unless the lease still holds.
    pub lease: Option<Lease>,
    pub items: Vec<PreparedItem>,
    /// The source's cursor after this batch.
    pub cursor: Option<String>,
    /// A push delivery's id: a delivery that was stored before counts nothing and answers the first tally.
    pub delivery: Option<String>,
    pub received_at: Timestamp,
}

impl Storage {
    /// Stores all batches in one transaction and says how each ended. A batch that cannot be stored for a reason of its own
    /// (lease lost, source deleted) gets its error and does not disturb the others.
    pub async fn store(&self, _batches: Vec<PreparedBatch>) -> Result<Vec<Result<Tally>>> {
        todo!()
    }

    /// Adds mentions of one topic for posts of the kept stream; moves them from unmatched to stored in the ledger.
    /// Posts stored already only gain the mention. Returns how many mentions are new.
    pub async fn store_backfill(
        &self,
        _workspace: WorkspaceId,
        _topic: TopicId,
        _posts: Vec<(KeptPost, Vec<MatchSpan>)>,
    ) -> Result<u64> {
        todo!()
    }
}
