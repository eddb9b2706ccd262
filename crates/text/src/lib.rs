//! The one analysis of text that everything shares: the matcher, the archive, near-duplicates and models see the same tokens.
//!
//! No I/O, not async, knows no network.

use molva_domain::Language;

/// A key that is equal for posts that say the same words: normalised tokens without links, mentions and `RT @name:` heads.
/// Zero when there is nothing to compare (fewer than three words); zero never groups.
#[must_use]
pub fn content_hash(_title: Option<&str>, _text: &str) -> i64 {
    todo!()
}

/// The language by letter evidence and short words; `None` when nothing speaks for one.
#[must_use]
pub fn detect_language(_text: &str) -> Option<Language> {
    todo!()
}
