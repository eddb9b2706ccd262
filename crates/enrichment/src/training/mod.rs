//! Learns the models from labelled sets, and measures how good they are. Start with [`train`], the recipe.

mod brands;
mod calibrate;
pub mod corpora;
pub(crate) mod dice;
mod dual;
mod errands;
mod folds;
mod learn;
mod measure;
mod metrics;
mod object;
mod reading;
mod rows;
mod second;
mod smileys;
mod teacher;
mod wants;

pub use brands::Brands;
pub use learn::{Learnt, measure_only, train};
pub use second::{Alphabets, HeadsLearnt, measure_heads_only, train_heads};
pub use teacher::Teacher;

#[cfg(test)]
mod tests;
