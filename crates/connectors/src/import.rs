//! Files of posts: JSONL, CSV and XLSX, plain or gzip. Delimiter, encoding and columns are detected, shown and correctable.

use std::collections::BTreeMap;
use std::path::Path;

use molva_domain::Timestamp;

use crate::session::Item;

/// A file that cannot be read at all. The message names the place and the way out.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ImportError(pub String);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportFormat {
    Jsonl,
    Csv,
    Xlsx,
}

/// How a file is read. Made by [`inspect`], corrected by people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportPlan {
    pub format: ImportFormat,
    pub gzip: bool,
    /// WHATWG name, e.g. `utf-8`, `windows-1251`.
    pub encoding: String,
    /// CSV only.
    pub delimiter: u8,
    /// Post field -> column (CSV, XLSX) or key, dotted (JSONL). Fields: `id text title published author handle url network
    /// community language kind likes reposts comments views rating followers`.
    pub columns: BTreeMap<String, String>,
    /// `network` of posts whose row does not say.
    pub network: String,
}

/// A plan and what it would give.
#[derive(Clone, Debug)]
pub struct Inspection {
    pub plan: ImportPlan,
    /// All columns or keys seen in the head of the file.
    pub found: Vec<String>,
    /// The first rows as they would be read.
    pub sample: Vec<Item>,
    /// Fields the file does not have and how that is made up for.
    pub notes: Vec<String>,
}

/// Looks at the head of a file (1 MiB).
pub fn inspect(_path: &Path, _now: Timestamp) -> Result<Inspection, ImportError> {
    todo!()
}

/// Reads a file from a record on; blocking, for a thread of its own.
pub struct ImportReader {}

impl ImportReader {
    /// `skip_records` is the cursor of an earlier run: that many records are passed over, broken ones counted too.
    pub fn open(_path: &Path, _plan: &ImportPlan, _skip_records: u64, _now: Timestamp) -> Result<Self, ImportError> {
        todo!()
    }

    /// The next items, at most `limit`; empty at the end. Never stops at a broken record.
    pub fn next_items(&mut self, _limit: usize) -> Vec<Item> {
        todo!()
    }

    /// Records read so far, skipped ones included: the cursor.
    #[must_use]
    pub const fn records(&self) -> u64 {
        0
    }

    /// Bytes of the file consumed and its size, for progress.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        todo!()
    }
}

/// SHA-256 of size, head and tail: tells whether a file is the one whose import was cut off. Hexadecimal.
pub fn fingerprint(_path: &Path) -> Result<String, ImportError> {
    todo!()
}
