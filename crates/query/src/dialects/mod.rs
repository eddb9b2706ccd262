//! Queries of other products in our language, with a note for everything that could not be carried over unchanged.

use std::ops::Range;

use molva_domain::Language;

use crate::Spoken;

/// Whose language a query is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Brandwatch,
    YouScan,
    Talkwalker,
    Meltwater,
}

impl Dialect {
    pub const ALL: &'static [Self] = &[Self::Brandwatch, Self::YouScan, Self::Talkwalker, Self::Meltwater];

    /// Stable name, lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Brandwatch => "brandwatch",
            Self::YouScan => "youscan",
            Self::Talkwalker => "talkwalker",
            Self::Meltwater => "meltwater",
        }
    }

    /// The dialect of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|dialect| dialect.name() == name)
    }
}

/// A foreign query in our language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Empty when nothing could be carried over.
    pub query: String,
    /// By place.
    pub notes: Vec<Note>,
}

/// Something that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Bytes of the foreign query.
    pub span: Range<usize>,
    /// The foreign text at the span.
    pub written: String,
    pub severity: NoteSeverity,
    pub(crate) text: &'static Spoken,
    pub(crate) new: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteSeverity {
    /// It is not in the result.
    Lost,
    /// It is in the result and means something else there.
    Changed,
}

impl NoteSeverity {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Changed => "changed",
        }
    }
}

impl Note {
    /// One sentence. Languages other than Russian and Ukrainian read English.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        self.text.in_language(language).replace("{new}", &self.new).replace("{}", &self.written)
    }
}

/// Rewrites a query of another product.
#[must_use]
pub fn import(_dialect: Dialect, text: &str) -> Import {
    Import { query: text.to_owned(), notes: Vec::new() }
}
