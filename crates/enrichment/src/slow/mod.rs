//! Second opinions: judgements that are better and cost a thousand times as much, asked for few mentions.
//!
//! [`SecondOpinion`] is what they have in common. [`ByEncoder`] is the one that runs here: an [`Encoder`], which lives outside
//! of this crate, turns a text into a vector, and [`Heads`] learnt over words, letters and that vector judge.

mod file;
mod heads;
mod opinion;

pub use heads::Heads;
pub use opinion::{Asked, ByEncoder, OpinionError, SecondOpinion};

pub(crate) use heads::{Head, Second, Spread, YesNoHead};
pub(crate) use opinion::passage;

/// Turns texts into vectors that lie near each other where texts mean the same.
pub trait Encoder: Send + Sync {
    /// Says which one it is: two with the same name give the same vectors.
    fn name(&self) -> &str;

    /// Numbers in a vector.
    fn width(&self) -> usize;

    /// One vector of unit length a text, in the same order.
    ///
    /// # Errors
    /// When it cannot work; the same texts would fail again.
    fn encode(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EncodeFailed>;
}

/// Why texts could not be encoded, without a word of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeFailed(pub String);

impl std::fmt::Display for EncodeFailed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for EncodeFailed {}

#[cfg(test)]
mod tests;
