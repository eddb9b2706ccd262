//! Many stored queries against one post, fast. Readers never wait: they hold a snapshot while queries change.
//!
//! No I/O, not async. Start with [`Matcher`].

use std::sync::Arc;

use molva_domain::{Language, Post};
use molva_query::Query;

/// The set of live queries.
#[derive(Debug, Default)]
pub struct Matcher {}

/// The set as it was at one moment.
#[derive(Debug)]
pub struct Snapshot {}

/// Buffers of one thread, reused from post to post. After [`Snapshot::matches`] it also tells what the analysis found out.
#[derive(Debug, Default)]
pub struct Scratch {}

/// A query that matched, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub query: i64,
    pub spans: Vec<Span>,
}

/// Bytes of the post's title or text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub in_title: bool,
    pub start: u32,
    pub end: u32,
}

impl Matcher {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a query or replaces the one of that id; seen by snapshots taken from now on.
    pub fn put(&self, _id: i64, _query: &Query) {
        todo!()
    }

    pub fn remove(&self, _id: i64) {
        todo!()
    }

    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        todo!()
    }
}

impl Snapshot {
    #[must_use]
    pub fn len(&self) -> usize {
        todo!()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All queries that match, in no order. Analyses the post into `scratch`.
    pub fn matches(&self, _post: &Post, _scratch: &mut Scratch) -> Vec<Hit> {
        todo!()
    }

    /// `false` only when no query can match a post of this title and text, whatever its other fields hold.
    pub fn may_match(&self, _title: &str, _text: &str, _scratch: &mut Scratch) -> bool {
        todo!()
    }
}

impl Scratch {
    /// `molva_text::content_hash` of the post last matched, at no further cost.
    #[must_use]
    pub fn content_hash(&self) -> i64 {
        todo!()
    }

    /// `molva_text::detect_language` of the post last matched.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        todo!()
    }
}
