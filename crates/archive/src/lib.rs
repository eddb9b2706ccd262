//! The archive: every mention in an index that answers the query language, newest first, over the whole history.
//!
//! A view of the storage, never the truth: it follows the event log and can be thrown away and rebuilt. It knows nothing of
//! SQL, HTTP and networks, and splits no text: tokens come from `molva_text`. One [`Archive`] serves one workspace.
//!
//! Start with [`Archive`] and [`Writer`]. `schema.rs` says what stands in the index, `compile.rs` how a query becomes a search,
//! `positional.rs` how phrases and distances are proved from positions.

mod archive;
mod build;
mod compile;

mod document;
mod error;
mod facts;
mod manifest;
mod newest;
mod occurrences;
mod opening;
mod positional;
mod scan;
mod schema;
mod slice;
#[cfg(test)]
mod tests;
mod tokens;
mod union;
mod words;
mod writer;

pub use archive::{Archive, Counted, Filter, Found, Hit, Order};
pub use build::Build;
pub use document::Document;
pub use error::Error;
pub use slice::{Damage, Slice};
pub use writer::Writer;
