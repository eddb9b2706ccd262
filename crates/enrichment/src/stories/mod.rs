//! Stories: which posts tell the same text, word for word or edited: reposts, copies with changes, cuts, quotes.
//!
//! [`Signer`] makes a small [`Signature`] of a text, a pure function that any thread may run. [`Stories`] is an index over
//! the signatures of a window of time; [`Stories::place`] says which [`StoryId`] a post belongs to. A story is the id of its
//! first post and keeps it. Memory is bounded by [`Limits`], whatever comes.
//!
//! How a post finds its story: the same words in the same order first (one look-up); otherwise the posts that share
//! the rarest pairs of neighbouring words (`postings.rs`) are compared by their words and runs of three letters
//! (`likeness.rs`), rare words counting more than common ones (`rarity.rs`); short texts must have more in common than
//! long ones. The new post must be like a text of the story *and* related to the story's first text, so that a
//! chain of small changes ends where nothing of the beginning is left.

mod alignment;
mod decisions;
mod hits;
mod index;
mod likeness;
mod postings;
mod rarity;
mod signature;
mod snapshot;
mod window;

pub use alignment::Alignment;
pub use index::{Joined, Limits, Placed, Stories};
pub use likeness::Likeness;
pub use molva_domain::StoryId;
pub use signature::{BrokenSignature, Signature, Signer, sign};
pub use snapshot::BrokenSnapshot;

#[cfg(test)]
mod tests;
