//! The kept stream: posts that matched no topic, for a bounded window, so that previews and new topics can look back.
//!
//! Append-only segments of compressed blocks. A block holds two columns, texts and records, compressed apart, so that a scan
//! decodes a record only when its text may match. The database holds each segment's committed length; what lies behind it
//! in the file is the rest of a transaction that never was, and is cut off at the next append.

use std::ops::ControlFlow;
use std::time::Duration;

use molva_domain::{Post, SourceId, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};

use crate::{Result, Storage};

/// How much is kept: whichever limit is met first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptLimits {
    pub max_age: Duration,
    pub max_bytes: u64,
}

impl Default for KeptLimits {
    fn default() -> Self {
        Self { max_age: Duration::from_secs(3 * 24 * 3_600), max_bytes: 2 << 30 }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptPost {
    /// Raw id of the source that brought it.
    pub source: i64,
    pub content_hash: i64,
    pub post: Post,
}

impl KeptPost {
    #[must_use]
    pub const fn source(&self) -> SourceId {
        SourceId(self.source)
    }
}

/// One decompressed block.
#[derive(Debug)]
pub struct KeptBlock {}

impl KeptBlock {
    #[must_use]
    pub fn len(&self) -> usize {
        todo!()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Title (empty when there is none) and text, without decoding the record.
    #[must_use]
    pub fn text(&self, _index: usize) -> (&str, &str) {
        todo!()
    }

    pub fn post(&self, _index: usize) -> Result<KeptPost> {
        todo!()
    }
}

/// What is kept just now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeptStatus {
    pub posts: u64,
    /// Compressed, on disk.
    pub bytes: u64,
    /// Arrival of the oldest and newest.
    pub oldest: Option<Timestamp>,
    pub newest: Option<Timestamp>,
}

impl Storage {
    pub async fn kept_status(&self, _workspace: WorkspaceId) -> Result<KeptStatus> {
        todo!()
    }

    /// Newest blocks first, on `threads` blocking threads; `visit` sees each block once and stops the scan with `Break`.
    /// Damaged blocks are skipped and counted in the answer.
    pub async fn scan_kept<F>(&self, _workspace: WorkspaceId, _threads: usize, _visit: F) -> Result<u64>
    where
        F: Fn(&KeptBlock) -> ControlFlow<()> + Send + Sync + 'static,
    {
        todo!()
    }

    /// Drops whole segments past the limits. Called by a timer; returns the bytes freed.
    pub async fn expire_kept(&self, _workspace: WorkspaceId) -> Result<u64> {
        todo!()
    }
}
