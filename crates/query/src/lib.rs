//! The query language: parse, explain, lint, suggest, and the plain reference evaluator.
//!
//! No I/O, not async. Start with [`parse`]: the text goes through `lexer.rs`, `parser.rs` and `lint.rs` into the tree of
//! `syntax.rs`. What every operator means stands in `reference.rs`; all diagnostics stand in [`CODES`].

mod canonical;
mod clauses;
mod diagnostic;
pub mod dialects;
mod explain;
pub mod field;
mod fields;
mod format;
mod judgement;
mod lexer;
mod lint;
mod lists;
mod messages;
mod nearest;
mod parser;
pub mod places;
pub mod reference;
mod search_words;
mod sign;
mod sought;
mod suggest;
pub mod syntax;
#[cfg(test)]
mod tests;
mod values;
mod words;

use std::sync::Arc;

use molva_domain::{Language, Post, Sought};

pub use clauses::{Clause, Role};
pub use diagnostic::{CODES, Diagnostic, Severity};
pub use fields::{FIELDS, FieldAbout, FieldStage, OPERATORS, OperatorAbout, Spoken};
pub use lists::{KnownLists, List, ListKind, ListProblem, Lists, MAX_LIST_NAME, NoLists, check_list};
pub use messages::Texts;
pub use parser::{MAX_CHARACTERS, MAX_NESTING, MAX_WORDS};
pub use search_words::{SearchWord, SearchWords};
pub use sign::{SignKind, each_sign};
pub use suggest::{Exclusion, Suggestion, suggest};

use crate::field::Judgement;
use crate::syntax::{Expr, Node};

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
    /// Errors first, then warnings, each by position. All of them, not just the first; at most [`MAX_DIAGNOSTICS`].
    pub diagnostics: Vec<Diagnostic>,
}

/// Most diagnostics told of one query: nobody reads more.
pub const MAX_DIAGNOSTICS: usize = 500;

/// What a query is read for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Posts as they arrive: fields that are known only later are refused.
    #[default]
    Topic,
    /// Stored mentions: routing, alerts, views, reports, archive search. Every field may be used.
    Mentions,
}

/// How a query is read.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    pub scope: Scope,
    pub lists: &'a dyn Lists,
}

/// Reads a topic's query that uses no lists, and looks it over.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    parse_with(text, &Reading { scope: Scope::Topic, lists: &NoLists })
}

/// Reads a query and looks it over.
#[must_use]
pub fn parse_with(text: &str, reading: &Reading<'_>) -> Parsed {
    read(text, reading, true)
}

/// As [`parse_with`], for a query that nobody is about to correct: it is not looked over, so that there are no warnings.
#[must_use]
pub fn parse_quietly(text: &str, reading: &Reading<'_>) -> Parsed {
    read(text, reading, false)
}

fn read(text: &str, reading: &Reading<'_>, looked_over: bool) -> Parsed {
    let mut diagnostics = Vec::new();
    let expr = parser::read(text, reading, &mut diagnostics);
    let expr = expr.filter(|_| diagnostics.is_empty());
    if let Some(expr) = &expr {
        if expr.demands(true) {
            if looked_over {
                lint::lint(text, expr, &mut diagnostics);
            }
        } else {
            let culprit = undemanding(expr);
            let written = text.get(culprit.span.clone()).unwrap_or_default();
            diagnostics.push(Diagnostic::error("only_exclusions", culprit.span.clone(), written));
        }
    }
    diagnostics.sort_by_key(|diagnostic| (diagnostic.severity, diagnostic.span.start, diagnostic.span.end));
    diagnostics.truncate(MAX_DIAGNOSTICS);
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

    /// The query for people to read: on several lines when it is long, words and comments as they were written.
    #[must_use]
    pub fn format(&self) -> String {
        format::format(&self.text)
    }

    /// The plain reference evaluator: slow and obviously right. Tests of what is known only later do not pass.
    #[must_use]
    pub fn matches(&self, post: &Post) -> bool {
        self.matches_judged(post, &Judgement::EMPTY)
    }

    /// As [`Query::matches`], for a stored mention.
    #[must_use]
    pub fn matches_judged(&self, post: &Post, judgement: &Judgement) -> bool {
        reference::Reader::new(post, judgement).holds(&self.expr, false)
    }

    /// Names of the lists it uses, sorted, each once.
    #[must_use]
    pub fn lists(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.expr.each_part(&mut |part| {
            if let Node::List { name, .. } = &part.node {
                names.push(name.as_str());
            }
        });
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The smallest set of words a network's own search must be asked for so that no match is lost; `None` when there is none.
    #[must_use]
    pub fn search_words(&self) -> Option<SearchWords> {
        search_words::search_words(&self.expr)
    }

    /// What a network's search is asked for, so that no match is lost; wider than the query where a search cannot say as much.
    #[must_use]
    pub fn sought(&self) -> Sought {
        sought::sought(&self.expr, true)
    }
}
