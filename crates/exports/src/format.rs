use std::io::{self, Write};
use std::path::Path;

use crate::csv::Csv;
use crate::jsonl::Jsonl;
use crate::parquet::Parquet;
use crate::table::{Block, Table};
use crate::xlsx::Xlsx;

/// A file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    Csv,
    Xlsx,
    Jsonl,
    Parquet,
}

impl Format {
    pub const ALL: [Self; 4] = [Self::Csv, Self::Xlsx, Self::Jsonl, Self::Parquet];

    /// Reads `csv`, `xlsx`, `jsonl`, `parquet`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }

    /// Its name, which is the end of a file's name too.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
        }
    }

    /// For the `Content-Type` of an answer.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Jsonl => "application/jsonl; charset=utf-8",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// Begins a file. Temporary files lie in `scratch` without a name, so that they go when the program does.
    ///
    /// # Errors
    /// When `out` cannot be written, or a temporary file cannot be made.
    pub fn open<'a>(
        self,
        table: Table,
        out: impl Write + Send + 'a,
        scratch: &Path,
    ) -> io::Result<Box<dyn Output + 'a>> {
        Ok(match self {
            Self::Csv => Box::new(Csv::open(table, out)?),
            Self::Xlsx => Box::new(Xlsx::open(table, out, scratch)?),
            Self::Jsonl => Box::new(Jsonl::open(table, out)),
            Self::Parquet => Box::new(Parquet::open(table, out)?),
        })
    }
}

/// A file that is being written.
pub trait Output {
    /// Adds rows. Formats may hold some back, never more than a bounded part.
    ///
    /// # Errors
    /// When the file, or a temporary one, cannot be written.
    fn write(&mut self, rows: Block) -> io::Result<()>;

    /// Writes what was held back and the end of the file; without it the file is not whole.
    ///
    /// # Errors
    /// As [`Output::write`].
    fn finish(self: Box<Self>) -> io::Result<()>;
}
