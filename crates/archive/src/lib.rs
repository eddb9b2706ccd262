//! The archive: every mention in an index that answers the query language, newest first, over the whole history.
//!
//! A view of the storage, never the truth: it follows the event log and can be thrown away and rebuilt. It knows nothing of
//! SQL, HTTP and networks, and splits no text: tokens come from `molva_text`. One [`Archive`] serves one workspace.
//!
//! Start with [`Archive`] and [`Writer`]. `schema.rs` says what stands in the index, `compile.rs` how a query becomes a search,
//! `positional.rs` how phrases and distances are proved from positions. `ask.rs` holds the questions and the answers, `figures.rs`
//! and `word_counts.rs` count what `select.rs` selects, `cache.rs` keeps what did not change, `held.rs`
//! columns that are looked up all the time.

mod among;
mod answer;
mod archive;
mod ask;
mod build;
mod cache;
mod compile;
mod document;
mod error;
mod facet;
mod facts;
mod figures;
mod function_words;
mod held;
mod manifest;
mod narrow;
mod newest;
mod occurrences;
mod opening;
mod positional;
mod relevance;
mod said;
mod sample;
mod scan;
mod schema;
mod select;
mod share;
mod similar;
mod slice;
mod slices;
mod tally;
#[cfg(test)]
mod tests;
mod tokens;
mod union;
mod vocabulary;
mod word_counts;
mod words;
mod writer;

pub use archive::Archive;
pub use ask::{
    Ask, Authors, Bucket, Cells, Counted, FacetAsk, FacetCounts, FacetValue, Figures, Filter, Found, Hit, Loud,
    NoPosition, Order, Position, Sampled, Tones, WordCount, Words,
};
pub use build::Build;
pub use document::Document;
pub use error::Error;
pub use facet::{Facet, author_key, author_value};
pub use function_words::is_function_word;
pub use slice::{Damage, Slice};
pub use writer::Writer;
