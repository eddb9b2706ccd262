//! What a query would bring: a look back over the kept stream and the stored posts.

use molva_domain::{Timestamp, WorkspaceId};
use molva_query::Query;
use molva_storage::StorageError;
use molva_storage::intake::MatchSpan;
use molva_storage::kept::KeptPost;

use crate::ingest::Pipeline;

#[derive(Clone, Debug)]
pub struct PreviewHit {
    pub post: KeptPost,
    pub spans: Vec<MatchSpan>,
}

#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// Newest first, at most what was asked for.
    pub hits: Vec<PreviewHit>,
    /// Posts looked at.
    pub scanned: u64,
    pub matched: u64,
    /// Arrival of the oldest post looked at.
    pub since: Option<Timestamp>,
    /// Mentions a day to expect; `None` when less than an hour of stream was seen.
    pub per_day: Option<f64>,
    /// The time limit ended the scan before its end; the figures are of what was seen.
    pub cut_short: bool,
}

impl Pipeline {
    /// Scans for at most two seconds.
    pub async fn preview(
        &self,
        _workspace: WorkspaceId,
        _query: Query,
        _limit: usize,
    ) -> Result<Preview, StorageError> {
        todo!()
    }
}
