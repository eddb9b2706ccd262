//! The thin layer between repositories and drivers: one SQL text with `$1` placeholders, typed values in, typed columns out.
//!
//! Repositories are written against [`Statement`], [`Row`], [`Database`] and [`Transaction`] once; only this module knows
//! which driver runs underneath.

mod assembly;
mod bulk;
mod database;
mod value;

pub(crate) use assembly::Assembly;
pub(crate) use bulk::{Bulk, in_list, values_list};
pub(crate) use database::{Connection, Database, Transaction};
pub(crate) use value::{Columns, Row, Statement, Value};
