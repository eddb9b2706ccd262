//! The language a post is written in.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An ISO 639-1 code, two lower-case letters (`ru`, `uk`, `en`, …).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Language([u8; 2]);

impl Language {
    pub const RUSSIAN: Self = Self(*b"ru");
    pub const UKRAINIAN: Self = Self(*b"uk");
    pub const ENGLISH: Self = Self(*b"en");

    /// Reads the first part of a BCP 47 tag: `en-GB` is English. `None` for anything without a two-letter code.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        match primary.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Some(Self([a.to_ascii_lowercase(), b.to_ascii_lowercase()]))
            }
            _ => None,
        }
    }

    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
