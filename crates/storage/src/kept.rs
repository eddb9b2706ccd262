//! The kept stream: posts that matched no topic, for a bounded window, so that previews and new topics can look back.
//!
//! Append-only segments of compressed blocks. A block holds two columns, texts and records, compressed apart, so that a scan
//! decodes a record only when its text may match. The database holds each segment's committed length; what lies behind it
//! in the file is the rest of a transaction that never was, and is cut off at the next append.
//!
//! Posts that come a few at a time wait as rows (`kept_pending`) until there are enough of them for a block.
//! [`append`] writes, [`scan`] reads, [`expire`] drops, [`block`] and [`segment`] are the file format.

use std::time::Duration;

use molva_domain::{Post, SourceId, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};

use crate::sql::Statement;
use crate::{Result, Storage};

mod append;
mod block;
mod expire;
mod record;
mod scan;
mod segment;

pub(crate) use append::Unmatched;
pub use block::KeptBlock;
pub(crate) use expire::{arrival_hour, place};

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
    pub async fn kept_status(&self, workspace: WorkspaceId) -> Result<KeptStatus> {
        // Sums of BIGINT are NUMERIC in PostgreSQL.
        let statement = Statement::new(
            "SELECT CAST(COALESCE(SUM(posts), 0) AS BIGINT), CAST(COALESCE(SUM(length), 0) AS BIGINT), \
             MIN(first_at), MAX(last_at) FROM kept_segment WHERE workspace_id = $1 \
             UNION ALL SELECT COUNT(id), CAST(COALESCE(SUM(LENGTH(record)), 0) AS BIGINT), MIN(at), MAX(at) \
             FROM kept_pending WHERE workspace_id = $1",
        );
        let mut status = KeptStatus::default();
        for row in self.database().all(statement.bind(workspace.0)).await? {
            let mut columns = row.columns();
            status.posts += columns.count()?;
            status.bytes += columns.count()?;
            let (oldest, newest) = (columns.maybe_time()?, columns.maybe_time()?);
            status.oldest = [status.oldest, oldest].into_iter().flatten().min();
            status.newest = [status.newest, newest].into_iter().flatten().max();
        }
        Ok(status)
    }
}
