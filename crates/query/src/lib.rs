//! The query language: parse, explain, lint, suggest, and the plain reference evaluator.
//!
//! No I/O, not async. Start with [`parse`].

use std::ops::Range;

use molva_domain::{Language, Post};

/// A query that parsed and may be matched. Keeps its source text and syntax tree.
#[derive(Clone, Debug)]
pub struct Query {}

/// Something to say about a place in a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    /// Stable word for machines: `unclosed_bracket`, …
    pub code: &'static str,
    /// Bytes of the query text.
    pub span: Range<usize>,
    /// What to write instead of the span, when that is known.
    pub replacement: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    Error,
    Warning,
}

impl Diagnostic {
    /// One sentence: what is wrong and the way out.
    #[must_use]
    pub fn message(&self, _language: Language) -> String {
        todo!()
    }
}

/// What [`parse`] and [`lint`] found out.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// `None` when there are errors.
    pub query: Option<Query>,
    /// Errors first, then warnings, each by position. All of them, not just the first.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a query.
#[must_use]
pub fn parse(_text: &str) -> Parsed {
    todo!()
}

impl Query {
    #[must_use]
    pub fn text(&self) -> &str {
        todo!()
    }

    /// The query in plain words, with the word forms each word stands for.
    #[must_use]
    pub fn explain(&self, _language: Language) -> String {
        todo!()
    }

    /// The plain reference evaluator: slow and obviously right.
    #[must_use]
    pub fn matches(&self, _post: &Post) -> bool {
        todo!()
    }

    /// The smallest set of words a network's own search must be asked for so that no match is lost; `None` when there is none.
    #[must_use]
    pub fn search_words(&self) -> Option<Vec<String>> {
        todo!()
    }
}

/// A first query for a brand name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub query: String,
    /// The name as people write it, in both alphabets.
    pub spellings: Vec<String>,
    /// Clauses proposed to keep noise out (job adverts, exchange rates, …), each with the reason.
    pub exclusions: Vec<Exclusion>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// As it is written in a query, without the `NOT`.
    pub clause: String,
    pub reason: &'static str,
}

/// Proposes a query for a brand, in the words of `language`.
#[must_use]
pub fn suggest(_brand: &str, _language: Language) -> Suggestion {
    todo!()
}
