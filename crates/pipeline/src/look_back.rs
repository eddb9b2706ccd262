//! Looking at one kept post with a query: cheaply at its text first, at the whole record only when that may match.

use molva_matcher::{Scratch, Snapshot};
use molva_storage::intake::MatchSpan;
use molva_storage::kept::{KeptBlock, KeptPost};

use crate::ingest::match_span;

/// A kept post that matched.
pub(crate) struct Found {
    pub(crate) post: KeptPost,
    pub(crate) spans: Vec<MatchSpan>,
}

/// `snapshot` holds the one query that is looked for. A record that cannot be decoded counts as no match; the scan reports it.
pub(crate) fn look_at(block: &KeptBlock, index: usize, snapshot: &Snapshot, scratch: &mut Scratch) -> Option<Found> {
    let (title, text) = block.text(index);
    if !snapshot.may_match(title, text, scratch) {
        return None;
    }
    let post = block.post(index).ok()?;
    let hit = snapshot.matches(&post.post, scratch).into_iter().next()?;
    Some(Found { post, spans: hit.spans.into_iter().map(match_span).collect() })
}
