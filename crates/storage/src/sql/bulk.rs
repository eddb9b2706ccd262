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

/// Head, tail, number of rows, whether for PostgreSQL.
type Shape = (&'static str, &'static str, usize, bool);

/// Texts made so far.
static TEXTS: LazyLock<Mutex<HashMap<Shape, Arc<str>>>> = LazyLock::new(Mutex::default);

fn text(shape: Shape, make: impl FnOnce() -> String) -> Arc<str> {
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(texts.entry(shape).or_insert_with(|| make().into()))
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
        for statement in self.statements(transaction.is_postgres(), shared, values) {
            changed += transaction.execute(statement).await?;
        }
        Ok(changed)
    }

    /// The same, with what its `RETURNING` gives.
    pub(crate) async fn all(
        &self,
        transaction: &mut Transaction,
        shared: &[Value],
        values: Vec<Value>,
    ) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        for statement in self.statements(transaction.is_postgres(), shared, values) {
            rows.extend(transaction.all(statement).await?);
        }
        Ok(rows)
    }

    fn statements(&self, postgres: bool, shared: &[Value], values: Vec<Value>) -> Vec<Statement> {
        let width = self.row.matches('?').count().max(1);
        let mut left = values.len() / width;
        let mut values = values.into_iter();
        let mut statements = Vec::new();
        for size in CHUNKS {
            while left >= size {
                left -= size;
                let own = size * width;
                let sql = text((self.head, self.tail, size, postgres), || {
                    let rows = vec![self.row; size].join(", ");
                    number(&format!("{} {rows} {}", self.head, self.tail), own, postgres)
                });
                statements.push(statement(sql, values.by_ref().take(own), own, shared));
            }
        }
        statements
    }
}

/// Statements that ask for many keys: `head` ends before the list, which is filled up with its last key to a fixed length.
pub(crate) fn in_list(
    postgres: bool,
    head: &'static str,
    tail: &'static str,
    shared: &[Value],
    keys: Vec<Value>,
) -> Vec<Statement> {
    listed(postgres, (head, tail), shared, keys, |size| vec!["?"; size].join(", "))
}

/// The same with the keys as rows: `head (VALUES (…), (…)) tail`.
pub(crate) fn values_list(
    postgres: bool,
    head: &'static str,
    tail: &'static str,
    shared: &[Value],
    keys: Vec<Value>,
) -> Vec<Statement> {
    listed(postgres, (head, tail), shared, keys, |size| format!("VALUES {}", vec!["(?)"; size].join(", ")))
}

fn listed(
    postgres: bool,
    (head, tail): (&'static str, &'static str),
    shared: &[Value],
    keys: Vec<Value>,
    list: impl Fn(usize) -> String,
) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut keys = keys.into_iter().peekable();
    while keys.peek().is_some() {
        let mut chunk: Vec<Value> = keys.by_ref().take(CHUNKS[0]).collect();
        let size = CHUNKS.into_iter().rev().find(|size| *size >= chunk.len()).unwrap_or(CHUNKS[0]);
        if let Some(last) = chunk.last().cloned() {
            chunk.resize(size, last);
        }
        let sql =
            text((head, tail, size, postgres), || number(&format!("{head} ({}) {tail}", list(size)), size, postgres));
        statements.push(statement(sql, chunk.into_iter(), size, shared));
    }
    statements
}

/// Own values first, then the shared ones: see [`number`].
fn statement(sql: Arc<str>, own: impl Iterator<Item = Value>, count: usize, shared: &[Value]) -> Statement {
    let mut values = Vec::with_capacity(count + shared.len());
    values.extend(own);
    values.extend_from_slice(shared);
    Statement::assembled(sql).bind_all(values)
}

/// Numbers the placeholders of a template: `?` from one, `$1`… behind the last of them.
///
/// SQLite keeps the `?` as they are: it finds a numbered placeholder by walking a list of all of them, once for every value bound,
/// and thousands of values make that most of the work.
fn number(template: &str, own: usize, postgres: bool) -> String {
    let mut sql = String::with_capacity(template.len() + own * 5);
    let (mut seen, mut characters) = (0, template.chars());
    while let Some(character) = characters.next() {
        let placeholder = match character {
            '?' if postgres => {
                seen += 1;
                seen
            }
            '$' => own + characters.next().and_then(|digit| digit.to_digit(10)).map_or(0, |digit| digit as usize),
            other => {
                sql.push(other);
                continue;
            }
        };
        // Writing to a `String` cannot fail.
        let _ = write!(sql, "${placeholder}");
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    const BULK: Bulk = Bulk { head: "INSERT INTO t VALUES", row: "($1, ?, 0, ?)", tail: "RETURNING a" };

    fn numbers(range: std::ops::Range<i64>) -> Vec<Value> {
        range.map(Value::from).collect()
    }

    #[test]
    fn rows_are_split_in_fixed_sizes_and_no_value_is_lost() {
        let statements = BULK.statements(true, &[Value::from(7_i64)], numbers(0..2 * 21));
        let sizes: Vec<usize> = statements.iter().map(|statement| statement.values.len()).collect();
        assert_eq!(sizes, [32 + 1, 8 + 1, 2 + 1]);
        assert_eq!(statements[2].sql.as_str(), "INSERT INTO t VALUES ($3, $1, 0, $2) RETURNING a");
        assert_eq!(statements[2].values, [40_i64, 41, 7].map(Value::from));
    }

    #[test]
    fn sqlite_counts_the_placeholders_of_rows_itself() {
        let statements = BULK.statements(false, &[Value::from(7_i64)], numbers(0..8));
        assert_eq!(
            statements[0].sql.as_str(),
            "INSERT INTO t VALUES ($9, ?, 0, ?), ($9, ?, 0, ?), ($9, ?, 0, ?), ($9, ?, 0, ?) RETURNING a"
        );
    }

    #[test]
    fn a_list_is_filled_up_with_its_last_key() {
        let head = "SELECT a FROM t WHERE w = $1 AND k IN";
        let statements = in_list(true, head, "ORDER BY a", &[Value::from(9_i64)], numbers(1..4));
        assert_eq!(statements.len(), 1);
        assert_eq!(statements[0].sql.as_str(), "SELECT a FROM t WHERE w = $5 AND k IN ($1, $2, $3, $4) ORDER BY a");
        assert_eq!(statements[0].values, [1_i64, 2, 3, 3, 9].map(Value::from));
    }
}
