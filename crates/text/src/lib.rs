//! The one analysis of text that everything shares: the matcher, the archive, near-duplicates and models see the same tokens.
//!
//! No I/O, not async, knows no network. [`Analysis`] cuts a post into [`Token`]s; [`normalise`] says what the normal form of
//! a word is; [`forms`] says which forms are one word. Start with `analysis.rs`.

pub mod analysis;
mod fingerprint;
pub mod forms;
pub mod hash;
pub mod language;
mod letters;
pub mod normalise;
mod sentences;
mod signs;
mod word;

pub use analysis::{Analysis, Probe, TITLE_GAP, Token, TokenKind, normal_form};
pub use forms::WordForms;
pub use hash::{Key, KeySpace, PrefixFilter};
pub use normalise::{append_plain_letters, normalise, normalise_cased, normalise_plain};

use molva_domain::Language;

/// A key that is equal for posts that say the same words: normalised tokens without links, mentions and `RT @name:` heads.
/// Zero when there is nothing to compare (fewer than three words); zero never groups.
#[must_use]
pub fn content_hash(title: Option<&str>, text: &str) -> i64 {
    let mut analysis = Analysis::default();
    analysis.run(title.unwrap_or_default(), text, &PrefixFilter::default());
    analysis.content_hash()
}

/// The language by its alphabet and runs of letters; `None` when nothing speaks for one.
#[must_use]
pub fn detect_language(text: &str) -> Option<Language> {
    let mut analysis = Analysis::default();
    analysis.run("", text, &PrefixFilter::default());
    analysis.language("", text)
}

#[cfg(test)]
mod tests;
