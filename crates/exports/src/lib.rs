//! Exports: a table of any length as CSV, XLSX, JSONL or Parquet, written while it is read.
//!
//! Everything that is exported is a [`Table`] and a stream of [`Block`]s; `csv.rs`, `jsonl.rs`, `xlsx.rs` and `parquet.rs` write
//! them, each in bounded memory and without a limit on rows. `mentions.rs` makes the table of mentions, `figures.rs` those of
//! the figures. [`write()`] brings rows and writer together; [`chunks()`] turns what is written into pieces for a network.
//! The crate keeps the libraries of the formats away from the rest of the program. It knows neither HTTP nor SQL.

mod chunks;
mod csv;
mod failure;
mod format;
mod jsonl;
mod mentions;
mod parquet;
mod pump;
mod table;
#[cfg(test)]
mod tests;
mod time;
mod xlsx;

pub use chrono_tz::Tz;
pub use chunks::{ChunkReader, ChunkWriter, Ending, chunks};
pub use failure::Failure;
pub use format::{Format, Output};
pub use mentions::{MentionRows, Names, mention_columns};
pub use pump::{RowReader, Rows, rows, write};
pub use table::{Block, Cell, Column, Kind, Note, Table};
pub use time::{day, local, start_of_day, zone};
pub use xlsx::ROWS_OF_A_SHEET;
