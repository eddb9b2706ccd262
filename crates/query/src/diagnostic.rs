//! What can be said about a place in a query, in the user's language.

use std::ops::Range;

use molva_domain::Language;

pub use crate::messages::CODES;

/// Something to say about a place in a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    /// Stable word for machines: `unclosed_bracket`, …; all of them stand in [`CODES`].
    pub code: &'static str,
    /// Bytes of the query text.
    pub span: Range<usize>,
    /// What to write instead of the span, when that is known.
    pub replacement: Option<String>,
    /// What the sentence is about: a word, a field, a number.
    pub subject: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

impl Diagnostic {
    pub(crate) fn error(code: &'static str, span: Range<usize>, subject: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, span, replacement: None, subject: subject.into() }
    }

    pub(crate) fn warning(code: &'static str, span: Range<usize>, subject: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, subject) }
    }

    pub(crate) fn with(mut self, replacement: impl Into<String>) -> Self {
        self.replacement = Some(replacement.into());
        self
    }

    /// One sentence: what is wrong and the way out. Languages other than Russian and Ukrainian read English.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        let Some(texts) = CODES.iter().find(|texts| texts.code == self.code) else { return self.code.to_owned() };
        let template = match language {
            Language::RUSSIAN => texts.ru,
            Language::UKRAINIAN => texts.uk,
            _ => texts.en,
        };
        template.replace("{}", &self.subject).replace("{new}", self.replacement.as_deref().unwrap_or_default())
    }
}
