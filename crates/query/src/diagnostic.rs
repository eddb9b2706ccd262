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
    /// What it is compared with: another part of the query, the name of a list. Empty for most.
    pub other: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

impl Diagnostic {
    pub(crate) fn error(code: &'static str, span: Range<usize>, subject: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, span, replacement: None, subject: subject.into(), other: String::new() }
    }

    pub(crate) fn warning(code: &'static str, span: Range<usize>, subject: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, subject) }
    }

    pub(crate) fn beside(mut self, other: impl Into<String>) -> Self {
        self.other = other.into();
        self
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
        let new = self.replacement.as_deref().unwrap_or_default();
        fill(template, &[("{}", &self.subject), ("{other}", &self.other), ("{new}", new)])
    }
}

/// A template with its gaps filled; what is filled in is not looked at again.
pub(crate) fn fill(template: &str, gaps: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    'next: while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        for (gap, text) in gaps {
            if let Some(after) = rest.strip_prefix(gap) {
                out.push_str(text);
                rest = after;
                continue 'next;
            }
        }
        out.push('{');
        rest = &rest[1..];
    }
    out + rest
}
