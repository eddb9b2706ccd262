//! Values that go in, rows that come out.

use std::sync::Arc;

use molva_domain::Timestamp;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, AssertSqlSafe, Row as _, SqlSafeStr as _, SqlStr};

use crate::{Result, StorageError};

/// One bound value; a NULL keeps its type, which PostgreSQL needs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Integer(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(Some(value))
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Self {
        Self::Integer(value)
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Self::Integer(Some(i64::try_from(value).unwrap_or(i64::MAX)))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Integer(Some(i64::from(value)))
    }
}

impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Self {
        Self::Integer(Some(value.as_micros()))
    }
}

impl From<Option<Timestamp>> for Value {
    fn from(value: Option<Timestamp>) -> Self {
        Self::Integer(value.map(Timestamp::as_micros))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(Some(without_nul(value.to_owned())))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(Some(without_nul(value)))
    }
}

impl From<Option<String>> for Value {
    fn from(value: Option<String>) -> Self {
        Self::Text(value.map(without_nul))
    }
}

impl From<Option<&str>> for Value {
    fn from(value: Option<&str>) -> Self {
        Self::Text(value.map(|text| without_nul(text.to_owned())))
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(Some(value))
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(Some(value.to_vec()))
    }
}

/// PostgreSQL cannot store U+0000 in text. Both engines get U+FFFD instead, so that they store the same.
pub(crate) fn without_nul(text: String) -> String {
    if text.as_bytes().contains(&0) { text.replace('\0', "\u{fffd}") } else { text }
}

/// A statement and its values, in the order of the placeholders.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(super) sql: SqlStr,
    pub(super) values: Vec<Value>,
}

impl Statement {
    pub(crate) fn new(sql: &'static str) -> Self {
        Self { sql: sql.into_sql_str(), values: Vec::new() }
    }

    /// For SQL put together from our own literals; values are bound, never written into it.
    pub(crate) fn assembled(sql: Arc<str>) -> Self {
        Self { sql: AssertSqlSafe(sql).into_sql_str(), values: Vec::new() }
    }

    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    pub(crate) fn bind_all(mut self, values: impl IntoIterator<Item = Value>) -> Self {
        self.values.extend(values);
        self
    }

    pub(super) fn into_sqlite(self) -> Result<(SqlStr, SqliteArguments)> {
        let mut arguments = SqliteArguments::default();
        arguments.reserve(self.values.len(), 0);
        for value in self.values {
            match value {
                Value::Integer(value) => arguments.add(value),
                Value::Text(value) => arguments.add(value),
                Value::Bytes(value) => arguments.add(value),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        Ok((self.sql, arguments))
    }

    pub(super) fn into_postgres(self) -> Result<(SqlStr, PgArguments)> {
        let mut arguments = PgArguments::default();
        arguments.reserve(self.values.len(), self.values.len() * 16);
        for value in self.values {
            match value {
                Value::Integer(value) => arguments.add(value),
                Value::Text(value) => arguments.add(value),
                Value::Bytes(value) => arguments.add(value),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        Ok((self.sql, arguments))
    }
}

/// A row of either engine.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// Reads the columns one after another, in the order of the `SELECT`.
    pub(crate) const fn columns(&self) -> Columns<'_> {
        Columns { row: self, next: 0 }
    }
}

/// A reader of one row.
pub(crate) struct Columns<'a> {
    row: &'a Row,
    next: usize,
}

macro_rules! next_column {
    ($self:ident, $type:ty) => {{
        let index = $self.next;
        $self.next += 1;
        match $self.row {
            Row::Sqlite(row) => row.try_get::<$type, _>(index),
            Row::Postgres(row) => row.try_get::<$type, _>(index),
        }
        .map_err(StorageError::from)
    }};
}

impl Columns<'_> {
    pub(crate) fn integer(&mut self) -> Result<i64> {
        next_column!(self, i64)
    }

    pub(crate) fn maybe_integer(&mut self) -> Result<Option<i64>> {
        next_column!(self, Option<i64>)
    }

    /// A counter: never negative.
    pub(crate) fn count(&mut self) -> Result<u64> {
        Ok(u64::try_from(self.integer()?).unwrap_or(0))
    }

    pub(crate) fn flag(&mut self) -> Result<bool> {
        Ok(self.integer()? != 0)
    }

    pub(crate) fn time(&mut self) -> Result<Timestamp> {
        Ok(Timestamp::from_micros(self.integer()?))
    }

    pub(crate) fn maybe_time(&mut self) -> Result<Option<Timestamp>> {
        Ok(self.maybe_integer()?.map(Timestamp::from_micros))
    }

    pub(crate) fn text(&mut self) -> Result<String> {
        next_column!(self, String)
    }

    pub(crate) fn maybe_text(&mut self) -> Result<Option<String>> {
        next_column!(self, Option<String>)
    }

    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>> {
        next_column!(self, Vec<u8>)
    }

    pub(crate) fn maybe_bytes(&mut self) -> Result<Option<Vec<u8>>> {
        next_column!(self, Option<Vec<u8>>)
    }

    /// A column that holds one of a closed set of names, or JSON: `read` says `None` when it is neither.
    pub(crate) fn parsed<T>(&mut self, what: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T> {
        let text = self.text()?;
        read(&text).ok_or_else(|| StorageError::Incompatible(format!("the database holds an unknown {what}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_becomes_the_replacement_character() {
        assert_eq!(Value::from("a\0b"), Value::Text(Some("a\u{fffd}b".to_owned())));
        assert_eq!(Value::from(Some("ok".to_owned())), Value::Text(Some("ok".to_owned())));
    }
}
