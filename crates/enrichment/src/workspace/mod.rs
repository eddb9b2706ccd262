//! What a workspace's people taught: a small linear correction on top of the shipped models.
//!
//! The correction hears the words of a post and what the shipped models say of it, and moves their odds. Where it has learnt
//! nothing it moves nothing. Each head (tone, every intent, spam, stage) is taken on its own, and only when it is better on
//! mentions that it did not learn from: see [`train`]. One head more for each topic says how likely a post is about its object,
//! learnt from what was kept and binned.
//!
//! Corrections teach. Mentions drawn at random for blind labelling measure, and never teach: what they say of figures would no
//! longer hold of a model that has seen them.

mod compare;
mod correction;
mod decide;
mod file;
mod fit;
mod heard;
mod learn;
mod parts;
mod relevance;
mod report;
mod rows;
mod scores;

use molva_domain::{Language, Stage, Tone};

use crate::judgement::{PostSigns, Span};
pub use correction::Correction;
pub(crate) use heard::{DENSE, Heard};
pub use learn::{Trained, train};
pub use report::{Counts, HeadReport, PartScore, Report, Verdict, Why};

/// Where an example comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Somebody set it in a list: mostly because the machine was wrong.
    Correction,
    /// Drawn at random and labelled blind. Measures, never teaches.
    Audit,
    /// Nobody changed anything: the machine is taken to be right, with less weight.
    Left,
}

/// A mention with what people say of it.
#[derive(Clone, Debug)]
pub struct Example {
    /// Stays with the mention for ever: it decides whether it teaches or measures.
    pub key: i64,
    pub topic: i64,
    pub title: String,
    pub text: String,
    pub language: Option<Language>,
    pub signs: PostSigns,
    pub own: Vec<Span>,
    pub others: Vec<Span>,
    pub origin: Origin,
    pub said: Said,
}

/// What people say of a mention; `None` where they say nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub tone: Option<Tone>,
    /// One bit each in the order of the intents; that of spam does not count.
    pub intents: Option<u16>,
    /// `Some(None)`: at no stage.
    pub stage: Option<Option<Stage>>,
    pub spam: Option<bool>,
    /// It is about the object of its topic.
    pub relevant: Option<bool>,
}

/// Whether a mention measures rather than teaches: a fifth of all, whatever is said of them, for ever the same.
#[must_use]
pub const fn is_held_out(key: i64) -> bool {
    mix(key).is_multiple_of(5)
}

/// A number that has nothing to do with the order of keys.
pub(crate) const fn mix(key: i64) -> u64 {
    let mut dice = crate::training::dice::Dice::new(key.cast_unsigned());
    dice.next()
}

#[cfg(test)]
mod tests;
