//! English: words and rules.

mod brands;
mod chatter;
mod everyone;
mod words;

pub(crate) use words::VOCABULARY;
