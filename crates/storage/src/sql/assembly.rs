//! Statements put together while a filter is read.

use std::fmt::Write as _;

use super::value::{Statement, Value};

/// SQL text of our own literals and the values bound so far.
#[derive(Debug, Default)]
pub(crate) struct Assembly {
    sql: String,
    values: Vec<Value>,
}

impl Assembly {
    pub(crate) fn push(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Adds a placeholder and its value.
    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        // Writing to a `String` cannot fail.
        let _ = write!(self.sql, "${}", self.values.len());
        self
    }

    /// Adds `(…, …)`. The list must not be empty.
    pub(crate) fn list<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        for (index, value) in values.into_iter().enumerate() {
            self.push(if index == 0 { "(" } else { ", " }).bind(value);
        }
        self.push(")")
    }

    pub(crate) fn into_statement(self) -> Statement {
        Statement::assembled(self.sql.into()).bind_all(self.values)
    }
}
