//! Many stored queries against one post, fast. Readers never wait: they hold a snapshot while queries change.
//!
//! No I/O, not async. Start with [`Matcher`]. A query is compiled (`compile.rs`) to code (`code.rs`) and posted under the
//! rarest words it demands (`anchor.rs`, `index.rs`); a post's words select the queries worth running (`lookup.rs`), which
//! are then run on the places of their words (`evaluate.rs`, `places.rs`). The plain evaluator of `molva_query`
//! gives the same answers.

mod anchor;
mod atoms;
mod code;
mod compile;
mod cost;
mod dictionary;
mod evaluate;
mod frequency;
mod index;
mod lists;
mod lookup;
mod matcher;
mod meter;
mod occurrences;
mod places;
mod snapshot;
mod symbol;
#[cfg(test)]
mod tests;
mod witnesses;

pub use cost::{Cost, CostClass};
pub use matcher::Matcher;
pub use meter::Metered;
pub use snapshot::{Scratch, Snapshot};

/// A query that matched, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub query: i64,
    /// The words that made it match, by place; title first. Empty when only fields were asked for.
    pub spans: Vec<Span>,
}

/// Bytes of the post's title or text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub in_title: bool,
    pub start: u32,
    pub end: u32,
}
