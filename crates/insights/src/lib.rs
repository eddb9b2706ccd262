//! The five questions: is it said of us and how much, how often, where, by whom and of what; what is understood of it; and how far
//! the answers can be trusted.
//!
//! It reads the archive, and what its caller read from the storage; it knows no SQL and no HTTP and asks no clock. Its functions are
//! synchronous and keep a core busy: callers run them on threads of their own. Start with [`definitions`], the one table of every
//! figure; each question is a file; [`calendar`] turns periods into buckets of somebody's time zone.

pub mod authors;
pub mod calendar;
pub mod collection;
pub mod definitions;
pub mod estimate;
pub mod measure;
pub mod phrases;
pub mod places;
pub mod reason;
pub mod rhythm;
mod selected;
pub mod trust;
pub mod understanding;
pub mod volume;
pub mod words;

pub use selected::{Selected, Stretch};

/// Why a question was not answered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Archive(#[from] molva_archive::Error),
    #[error(transparent)]
    TooManyBuckets(#[from] calendar::TooManyBuckets),
}

pub(crate) type Result<T> = std::result::Result<T, Error>;
