//! The query language: parse, explain, lint, suggest, and the plain reference evaluator.
//!
//! No I/O, not async. Start with [`parse`]: the text goes through `lexer.rs`, `parser.rs` and `lint.rs` into the tree of
//! `syntax.rs`. What every operator means stands in `reference.rs`; all diagnostics stand in [`CODES`].

mod diagnostic;
mod explain;
pub mod field;
mod format;
mod lexer;
mod lint;
mod messages;
mod parser;
pub mod reference;
mod search_words;
mod suggest;
pub mod syntax;
#[cfg(test)]
mod tests;
mod values;
mod words;

use std::sync::Arc;

use molva_domain::{Language, Post};

pub use diagnostic::{CODES, Diagnostic, Severity};
pub use messages::Texts;
pub use parser::{MAX_CHARACTERS, MAX_NESTING, MAX_WORDS};
pub use suggest::{Exclusion, Suggestion, suggest};
pub use values::FIELDS;

use crate::syntax::Expr;

/// A query that parsed and may be matched. Keeps its source text and syntax tree; cheap to clone.
#[derive(Clone, Debug)]
pub struct Query {
    text: Arc<str>,
    expr: Arc<Expr>,
}

/// What [`parse`] found out.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// `None` when there are errors.
    pub query: Option<Query>,
    /// Errors first, then warnings, each by position. All of them, not just the first.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a query and looks it over.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    let mut diagnostics = Vec::new();
    let expr = parser::read(text, &mut diagnostics);
    let expr = expr.filter(|_| diagnostics.is_empty());
    if let Some(expr) = &expr {
        if expr.demands(true) {
            lint::lint(text, expr, &mut diagnostics);
        } else {
            let culprit = undemanding(expr);
            let written = text.get(culprit.span.clone()).unwrap_or_default();
            diagnostics.push(Diagnostic::error("only_exclusions", culprit.span.clone(), written));
        }
    }
    diagnostics.sort_by_key(|diagnostic| (diagnostic.severity, diagnostic.span.start, diagnostic.span.end));
    let sound = diagnostics.iter().all(|diagnostic| diagnostic.severity == Severity::Warning);
    let query = expr.filter(|_| sound).map(|expr| Query { text: text.into(), expr: Arc::new(expr) });
    Parsed { query, diagnostics }
}

/// The smallest part that lets silent posts through.
fn undemanding(expr: &Expr) -> &Expr {
    if let syntax::Node::Or(parts) = &expr.node
        && let Some(part) = parts.iter().find(|part| !part.demands(true))
    {
        return undemanding(part);
    }
    expr
}

impl Query {
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The syntax tree.
    #[must_use]
    pub fn expr(&self) -> &Expr {
        &self.expr
    }

    /// The query in one spelling: English operators, brackets only where they are needed.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.expr.canonical()
    }

    /// The query in plain words; languages other than Russian and Ukrainian read English.
    #[must_use]
    pub fn explain(&self, language: Language) -> String {
        explain::explain(&self.expr, language)
    }

    /// The plain reference evaluator: slow and obviously right.
    #[must_use]
    pub fn matches(&self, post: &Post) -> bool {
        reference::Reader::new(post).holds(&self.expr, false)
    }

    /// The smallest set of words a network's own search must be asked for so that no match is lost; `None` when there is none.
    #[must_use]
    pub fn search_words(&self) -> Option<Vec<String>> {
        search_words::search_words(&self.expr)
    }
}
