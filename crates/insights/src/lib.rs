//! The five questions: is it said of us, how much, how often, where, by whom and of what; and how far the answers can be trusted.
//!
//! It reads the archive and what its caller read from the storage; it knows no SQL, no HTTP and asks no clock. Start with
//! [`definitions`], the one table of every figure, then [`calendar`], which turns periods into buckets of somebody's time zone.

pub mod calendar;
pub mod definitions;
pub mod trust;
