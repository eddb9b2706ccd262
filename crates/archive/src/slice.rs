//! A slice of time: a month of the world's clock, with an index of its own.

use std::fmt;
use std::path::{Path, PathBuf};

use molva_domain::Timestamp;
use tantivy::directory::MmapDirectory;
use tantivy::{Index, IndexReader, ReloadPolicy};

use crate::schema::Fields;

/// A month in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slice {
    year: u16,
    month: u8,
}

/// A slice that cannot be searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    pub slice: Slice,
    pub reason: String,
}

impl Slice {
    /// The month of a time; times before 1990 count as its first month.
    #[must_use]
    pub fn of(at: Timestamp) -> Self {
        let at = at.max(Timestamp::EARLIEST);
        at.to_rfc3339().get(..7).and_then(Self::parse).unwrap_or(Self { year: 9_999, month: 12 })
    }

    /// `2026-03`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let slice = Self { year: year.parse().ok()?, month: month.parse().ok()? };
        (slice.to_string() == text && (1..=12).contains(&slice.month)).then_some(slice)
    }

    pub(crate) fn folder(self, root: &Path) -> PathBuf {
        root.join(self.to_string())
    }
}

impl fmt::Display for Slice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// An open slice.
#[derive(Clone)]
pub(crate) struct Shelf {
    pub(crate) index: Index,
    pub(crate) reader: IndexReader,
}

impl Shelf {
    /// Opens an index that must be there.
    pub(crate) fn open(folder: &Path, fields: &Fields) -> tantivy::Result<Self> {
        let index = Index::open_in_dir(folder)?;
        if index.schema() != fields.schema {
            return Err(tantivy::TantivyError::SchemaError("the schema is another one".to_owned()));
        }
        Self::read(index)
    }

    pub(crate) fn create(folder: &Path, fields: &Fields) -> tantivy::Result<Self> {
        let directory = MmapDirectory::open(folder)?;
        let builder = Index::builder().schema(fields.schema.clone()).settings(Fields::settings());
        Self::read(builder.open_or_create(directory)?)
    }

    fn read(index: Index) -> tantivy::Result<Self> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { index, reader })
    }

    /// Reads every file and compares it with its checksum; names the first that differs.
    pub(crate) fn verify(&self) -> tantivy::Result<Option<PathBuf>> {
        Ok(self.index.validate_checksum()?.into_iter().min())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_lies_in_its_month() {
        let slice = |text: &str| Slice::of(Timestamp::parse(text).expect("a time")).to_string();
        assert_eq!(slice("2026-03-01T00:00:00Z"), "2026-03");
        assert_eq!(slice("2026-02-28T23:59:59.999999Z"), "2026-02");
        assert_eq!(Slice::of(Timestamp::from_secs(-9_999_999_999)).to_string(), "1990-01");
        assert_eq!([Slice::parse("2026-13"), Slice::parse("2026-3"), Slice::parse("x")], [None; 3]);
    }
}
