//! The truth: posts, mentions, topics, sources, the ledger, the event log, users. SQL lives here and nowhere else.
//!
//! One SQL text runs on SQLite (embedded, the default) and PostgreSQL; the few statements that differ stand side by side.
//! Posts that matched nothing go to the kept stream, compressed segments on disk ([`kept`]).
//! This crate knows no network, no HTTP and no query language. Start with [`intake`]: it is where a batch becomes truth.

pub mod account;
pub mod annotation;
pub mod audit;
pub mod event;
pub mod intake;
pub mod kept;
pub mod ledger;
pub mod list;
pub mod mention;
pub mod model;
pub mod oauth;
pub mod open;
pub mod refresh;
pub mod reply;
pub mod rotation;
pub mod second;
pub mod source;
pub mod story;
pub mod thread;
pub mod token;
pub mod topic;
pub mod user;
pub mod version;
pub mod view;
pub mod webhook;
pub mod workspace;

mod data_dir;
mod error;
mod journal;
mod migrate;
mod page;
#[cfg(test)]
mod plans;
mod post;
mod seal;
mod secret;
mod sql;
mod urn_key;

pub use error::StorageError;
pub use open::{Storage, StorageOptions};

/// What every call of this crate returns.
pub type Result<T> = std::result::Result<T, StorageError>;
