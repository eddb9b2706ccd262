//! The one shape of everything that is exported.

use chrono_tz::Tz;
use molva_domain::Timestamp;

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Real,
    Time,
    Flag,
    /// Several texts: an array where the format has arrays, else one text with commas between.
    List,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Lower-case ASCII and `_`; never changes. Heading of the formats that programs read: CSV, JSONL, Parquet.
    pub id: &'static str,
    /// In the reader's language; heading of XLSX.
    pub heading: String,
    pub kind: Kind,
}

/// One line of what is said about an export: its selection, its period, a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Lower-case ASCII and `_`: key of the metadata of a Parquet file, with `molva.` before it.
    pub id: String,
    /// In the reader's language; left column of the XLSX sheet *About*.
    pub title: String,
    pub text: String,
}

/// What is exported, but for its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Lower-case ASCII: `mentions`, `rhythm`, ….
    pub id: &'static str,
    /// Name of the XLSX sheet, in the reader's language.
    pub name: String,
    /// Name of the XLSX sheet of the notes, in the reader's language.
    pub about_name: String,
    pub columns: Vec<Column>,
    pub notes: Vec<Note>,
    /// Times are written in it where the format shows them to people: CSV (with the offset) and XLSX.
    pub zone: Tz,
}

/// One value. What does not fit the kind of its column is a fault of whoever made the row, and is written as empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Unknown, or not there; never the same as zero or an empty text.
    #[default]
    Nothing,
    Text(String),
    Integer(i64),
    Real(f64),
    Time(Timestamp),
    Flag(bool),
    List(Vec<String>),
}

impl Cell {
    /// Bytes of text it holds.
    pub(crate) fn text_bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::List(texts) => texts.iter().map(String::len).sum(),
            Self::Nothing | Self::Integer(_) | Self::Real(_) | Self::Time(_) | Self::Flag(_) => 0,
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Timestamp> for Cell {
    fn from(time: Timestamp) -> Self {
        Self::Time(time)
    }
}

impl From<Vec<String>> for Cell {
    fn from(texts: Vec<String>) -> Self {
        Self::List(texts)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Into::into)
    }
}

/// Some rows, one after the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    cells: Vec<Cell>,
    rows: usize,
}

impl Block {
    /// Adds a row; it has as many cells as the table has columns.
    pub fn push(&mut self, row: impl IntoIterator<Item = Cell>) {
        self.cells.extend(row);
        self.rows += 1;
    }

    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Every row, as a slice of its cells.
    pub fn rows(&self) -> impl Iterator<Item = &[Cell]> {
        let width = self.cells.len().checked_div(self.rows).unwrap_or(0);
        self.cells.chunks_exact(width.max(1))
    }

    /// Every cell, row after row.
    pub(crate) fn into_cells(self) -> impl Iterator<Item = Cell> {
        self.cells.into_iter()
    }
}
