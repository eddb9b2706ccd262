//! What a post says, judged: its language, the tone towards the object of a topic, what the author wants, where in the
//! consumer cycle they stand, spam, and which posts are the same story. Each judgement can say what it rests on.
//!
//! Pure CPU: no I/O, not async, knows no network and no storage. It sees posts through the one analysis of `molva_text`.
//! [`language`] and [`stories`] run on every post, [`Enricher`] judges every mention by [`Models`]; start there.
//! `slow` is for second opinions, which are better and dearer. `features` says what a model sees of a post, [`training`] how
//! models are learnt and measured, [`workspace`] how those of one workspace learn from its people.

mod enricher;
mod explain;
mod features;
mod judgement;
pub mod language;
mod models;
pub mod slow;
pub mod stories;
pub mod training;
pub mod workspace;

pub use enricher::Enricher;
pub use explain::{Evidence, Explanation, Reason};
pub use features::Sign;
pub use judgement::{Judgement, Object, PostSigns, Span, StageScores, TextTone, ToneScores};
pub use models::{Manifest, ModelError, Models, Score, Source};

#[cfg(test)]
mod tests;
