//! Many rows in one statement.
//!
//! Rows go in chunks of a few fixed sizes, so that each statement has only a handful of texts and stays prepared.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::database::Transaction;
use super::value::{Row, Statement, Value};
use crate::Result;

/// Rows of one statement, largest first; what is left after the first goes in the next.
const CHUNKS: [usize; 5] = [256, 64, 16, 4, 1];

/// Texts made so far, by head, tail and number of rows.
static TEXTS: LazyLock<Mutex<HashMap<(&'static str, &'static str, usize), Arc<str>>>> = LazyLock::new(Mutex::default);

fn text(head: &'static str, tail: &'static str, rows: usize, make: impl FnOnce() -> String) -> Arc<str> {
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(texts.entry((head, tail, rows)).or_insert_with(|| make().into()))
}

/// A statement whose `VALUES` has one group of placeholders for each row.
pub(crate) struct Bulk {
    /// Up to and with `VALUES`; head and tail together tell statements apart.
    pub(crate) head: &'static str,
    /// One row: `$1`… are the shared values, `?` the row's own, in order.
    pub(crate) row: &'static str,
    pub(crate) tail: &'static str,
}

impl Bulk {
    /// Runs it for all rows; `values` are the rows' own values, one row after another.
    pub(crate) async fn execute(
        &self,
        transaction: &mut Transaction,
        shared: &[Value],
        values: Vec<Value>,
    ) -> Result<u64> {
        let mut changed = 0;
        for statement in self.statements(shared, values) {
            changed += transaction.execute(statement).await?;
        }
        Ok(changed)
    }

    /// The same, with what `RETURNING` answers.
    pub(crate) async fn all(
        &self,
        transaction: &mut Transaction,
        shared: &[Value],
        values: Vec<Value>,
    ) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        for statement in self.statements(shared, values) {
            rows.extend(transaction.all(statement).await?);
        }
        Ok(rows)
    }

    fn statements(&self, shared: &[Value], values: Vec<Value>) -> Vec<Statement> {
        let width = self.row.matches('?').count().max(1);
        let mut left = values.len() / width;
        let mut values = values.into_iter();
        let mut statements = Vec::new();
        for size in CHUNKS {
            while left >= size {
                left -= size;
                let sql = text(self.head, self.tail, size, || self.assemble(shared.len(), size));
                let own = values.by_ref().take(size * width);
                statements.push(Statement::assembled(sql).bind_all(shared.iter().cloned().chain(own)));
            }
        }
        statements
    }

    fn assemble(&self, shared: usize, rows: usize) -> String {
        let mut sql = String::from(self.head);
        let mut number = shared;
        for row in 0..rows {
            sql.push_str(if row == 0 { " " } else { ", " });
            for (index, part) in self.row.split('?').enumerate() {
                if index > 0 {
                    number += 1;
                    // Writing to a `String` cannot fail.
                    let _ = write!(sql, "${number}");
                }
                sql.push_str(part);
            }
        }
        sql.push(' ');
        sql.push_str(self.tail);
        sql
    }
}

/// Statements that ask for many keys: `head` ends before the list, which is filled up with its last key to a fixed length.
/// Placeholders of the list begin after the shared values.
pub(crate) fn in_list(head: &'static str, tail: &'static str, shared: &[Value], keys: Vec<Value>) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut keys = keys.into_iter().peekable();
    while keys.peek().is_some() {
        let mut chunk: Vec<Value> = keys.by_ref().take(CHUNKS[0]).collect();
        let size = CHUNKS.into_iter().rev().find(|size| *size >= chunk.len()).unwrap_or(CHUNKS[0]);
        if let Some(last) = chunk.last().cloned() {
            chunk.resize(size, last);
        }
        let sql = text(head, tail, size, || {
            let list: Vec<String> = (1..=size).map(|number| format!("${}", shared.len() + number)).collect();
            format!("{head} ({}) {tail}", list.join(", "))
        });
        statements.push(Statement::assembled(sql).bind_all(shared.iter().cloned().chain(chunk)));
    }
    statements
}

#[cfg(test)]
mod tests {
    use super::*;

    const BULK: Bulk = Bulk { head: "INSERT INTO t VALUES", row: "($1, ?, 0, ?)", tail: "RETURNING a" };

    #[test]
    fn rows_are_split_in_fixed_sizes_and_no_value_is_lost() {
        let values: Vec<Value> = (0..2 * 21).map(|number| Value::from(number as i64)).collect();
        let statements = BULK.statements(&[Value::from(7_i64)], values);
        let sizes: Vec<usize> = statements.iter().map(|statement| statement.values.len()).collect();
        assert_eq!(sizes, [1 + 32, 1 + 8, 1 + 2]);
        assert_eq!(statements[2].sql.as_str(), "INSERT INTO t VALUES ($1, $2, 0, $3) RETURNING a");
    }

    #[test]
    fn a_list_is_filled_up_with_its_last_key() {
        let keys = (1..=3).map(|number| Value::from(number as i64)).collect();
        let statements = in_list("SELECT a FROM t WHERE w = $1 AND k IN", "ORDER BY a", &[Value::from(9_i64)], keys);
        assert_eq!(statements.len(), 1);
        assert_eq!(statements[0].sql.as_str(), "SELECT a FROM t WHERE w = $1 AND k IN ($2, $3, $4, $5) ORDER BY a");
        assert_eq!(statements[0].values[3..], [Value::from(3_i64), Value::from(3_i64)]);
    }
}
