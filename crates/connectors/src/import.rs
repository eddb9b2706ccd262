//! Files of posts: JSONL, CSV and XLSX, plain or gzip. Delimiter, encoding and columns are detected, shown and correctable.
//!
//! [`inspect`] looks at the head of a file and makes an [`ImportPlan`]; a person may correct it; [`ImportReader`] reads by
//! it. Every record ends in exactly one item: a post, or a rejection that names the line (`line 12` of the file, `row 12`
//! of a sheet). Memory stays bounded whatever the file holds: a record is at most [`MAX_RECORD_BYTES`].
//!
//! A record without an id is named by a hash of its content, author and time, so that reading the file again makes
//! duplicates and nothing else. Short numbers (`1`, `2`, …) in files of an unknown network are row numbers rather than ids
//! and take part in that hash only.

mod assign;
mod bytes;
mod cell;
mod connector;
mod date;
mod delimited;
mod field;
mod inspection;
mod jsonl;
mod lines;
mod mapper;
mod reader;
#[cfg(test)]
mod tests;
mod workbook;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use ring::digest;

use crate::session::Item;

pub use connector::FileImport;
pub(crate) use date::moment_of_integer;
pub use inspection::{inspect, inspect_as};
pub use reader::ImportReader;

/// Longest record read: a line of JSONL, a row of a table.
pub const MAX_RECORD_BYTES: usize = 4 << 20;

/// `network` of posts when neither the file nor a person says.
pub const UNKNOWN_NETWORK: &str = "import";

/// Bytes of head and tail that the fingerprint covers.
const FINGERPRINT_BYTES: u64 = 64 << 10;

/// A file that cannot be read at all. The message names the place and the way out.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ImportError(pub String);

/// What a file is, whatever its name says.
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
    /// Whether the first row of a CSV or XLSX file names the columns. Without one they are called `1`, `2`, `3`, …
    pub header: bool,
    /// XLSX only; `None` reads the first sheet.
    pub sheet: Option<String>,
    /// Post field -> column (CSV, XLSX) or key, dotted (JSONL). Fields: `id text title published author handle url network
    /// community language kind likes reposts comments views rating followers`.
    pub columns: BTreeMap<String, String>,
    /// `network` of posts whose row does not say. On `x` and `twitter` a text that starts with `RT @name:` is a repost.
    pub network: String,
}

/// What a person knows better than [`inspect`]; everything else is found out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corrections {
    pub encoding: Option<String>,
    pub delimiter: Option<u8>,
    pub header: Option<bool>,
    pub sheet: Option<String>,
    /// Post field -> column, for some fields.
    pub columns: BTreeMap<String, String>,
    pub network: Option<String>,
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

/// SHA-256 of size, head and tail: tells whether a file is the one whose import was cut off. Hexadecimal.
pub fn fingerprint(path: &Path) -> Result<String, ImportError> {
    let failed = |error| cannot_read(path, &error);
    let mut file = File::open(path).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(&size.to_le_bytes());
    let mut buffer = Vec::new();
    for start in [0, size.saturating_sub(FINGERPRINT_BYTES)] {
        buffer.clear();
        file.seek(SeekFrom::Start(start)).map_err(failed)?;
        Read::by_ref(&mut file).take(FINGERPRINT_BYTES).read_to_end(&mut buffer).map_err(failed)?;
        context.update(&buffer);
    }
    Ok(hexadecimal(context.finish().as_ref()))
}

fn cannot_read(path: &Path, error: &std::io::Error) -> ImportError {
    ImportError(format!("cannot read `{}`: {error}", path.display()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        for digit in [byte >> 4, byte & 15] {
            out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
        out
    })
}
