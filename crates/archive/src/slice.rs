//! A slice of time: a month of the world's clock, with an index of its own.

use std::path::{Path, PathBuf};
use std::{fmt, fs};

use molva_domain::Timestamp;
use tantivy::directory::MmapDirectory;
use tantivy::{Index, IndexReader, ReloadPolicy};

use crate::archive::Archive;
use crate::error::Error;
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

    /// Its first moment and that of the next slice.
    #[must_use]
    pub fn span(self) -> (Timestamp, Timestamp) {
        let start = |slice: Self| Timestamp::parse(&format!("{slice}-01T00:00:00Z"));
        let next = match self {
            Self { year: 9_999.., month: 12 } => None,
            Self { year, month: 12 } => start(Self { year: year + 1, month: 1 }),
            Self { year, month } => start(Self { year, month: month + 1 }),
        };
        let first = start(self).filter(|first| *first > Timestamp::EARLIEST);
        let (least, most) = (Timestamp::from_micros(i64::MIN), Timestamp::from_micros(i64::MAX));
        (first.unwrap_or(least), next.unwrap_or(most))
    }

    /// Versions of a slice lie beside each other while it is rebuilt.
    pub(crate) fn folder(self, root: &Path, version: u32) -> PathBuf {
        root.join(if version == 0 { self.to_string() } else { format!("{self}.{version}") })
    }
}

impl fmt::Display for Slice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// A slice is damaged when it looks so several times: it changes while it is looked through.
const LOOKS: usize = 3;

/// An open slice.
#[derive(Clone)]
pub(crate) struct Shelf {
    /// Grows with each rebuild.
    pub(crate) version: u32,
    pub(crate) index: Index,
    pub(crate) reader: IndexReader,
}

impl Shelf {
    /// Opens an index that must be there.
    pub(crate) fn open(root: &Path, slice: Slice, version: u32, fields: &Fields) -> tantivy::Result<Self> {
        let index = Index::open_in_dir(slice.folder(root, version))?;
        if index.schema() != fields.schema {
            return Err(tantivy::TantivyError::SchemaError("the schema is another one".to_owned()));
        }
        Self::read(index, version)
    }

    /// Begins an empty index in the place of whatever is in the folder.
    pub(crate) fn create(root: &Path, slice: Slice, version: u32, fields: &Fields) -> Result<Self, Error> {
        let folder = slice.folder(root, version);
        Archive::clear(&folder)?;
        fs::create_dir_all(&folder).map_err(Error::file("create", &folder))?;
        Self::create_in(&folder, version, fields).map_err(Error::engine("create an index", slice))
    }

    fn create_in(folder: &Path, version: u32, fields: &Fields) -> tantivy::Result<Self> {
        let directory = MmapDirectory::open(folder)?;
        let builder = Index::builder().schema(fields.schema.clone()).settings(Fields::settings());
        Self::read(builder.open_or_create(directory)?, version)
    }

    fn read(index: Index, version: u32) -> tantivy::Result<Self> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { version, index, reader })
    }

    /// Reads every file and compares it with its checksum; says what is wrong.
    pub(crate) fn damage(&self) -> Option<String> {
        (0..LOOKS).try_fold(String::new(), |_, _| match self.index.validate_checksum() {
            Ok(differ) => differ.into_iter().min().map(|file| format!("the checksum of `{}` differs", file.display())),
            // Files that were merged meanwhile are gone.
            Err(error) => Some(error.to_string()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(day: &str) -> Timestamp {
        Timestamp::parse(&format!("{day}T00:00:00Z")).expect("a time")
    }

    #[test]
    fn a_time_lies_in_its_month() {
        let slice = |text: &str| Slice::of(Timestamp::parse(text).expect("a time")).to_string();
        assert_eq!(slice("2026-03-01T00:00:00Z"), "2026-03");
        assert_eq!(slice("2026-02-28T23:59:59.999999Z"), "2026-02");
        assert_eq!(Slice::of(Timestamp::from_secs(-9_999_999_999)).to_string(), "1990-01");
        assert_eq!(Slice::parse("2026-12").map(Slice::span), Some((time("2026-12-01"), time("2027-01-01"))));
        let first = Slice::parse("1990-01").map(|slice| slice.span().0);
        assert_eq!(first, Some(Timestamp::from_micros(i64::MIN)));
        assert_eq!([Slice::parse("2026-13"), Slice::parse("2026-3"), Slice::parse("x")], [None; 3]);
    }
}
