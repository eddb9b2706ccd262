//! Named lists of words or authors, kept beside the queries that use them.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

pub use molva_domain::ListKind;

use crate::diagnostic::{Diagnostic, Severity};
use crate::parser::MAX_WORDS;
use crate::syntax::{Expr, Node, Phrase};
use crate::values::field_test;
use crate::words::{Plain, read_phrase, read_word};

/// A list as its owner wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    pub name: String,
    pub kind: ListKind,
    /// Words as in a query: several words in one entry stand side by side, in any form and order; in quotation marks they
    /// are a phrase. Authors as behind `author:`: `@handle` or a name.
    pub entries: Vec<String>,
}

/// Where a query's lists come from.
pub trait Lists {
    /// The list of that name, in any letter case.
    fn list(&self, name: &str) -> Option<Arc<List>>;

    /// All names, to propose one for a misspelt name.
    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

/// No lists at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLists;

impl Lists for NoLists {
    fn list(&self, _: &str) -> Option<Arc<List>> {
        None
    }
}

/// Lists in memory.
#[derive(Clone, Debug, Default)]
pub struct KnownLists(HashMap<String, Arc<List>>);

impl FromIterator<List> for KnownLists {
    fn from_iter<T: IntoIterator<Item = List>>(lists: T) -> Self {
        Self(lists.into_iter().map(|list| (list.name.to_lowercase(), Arc::new(list))).collect())
    }
}

impl Lists for KnownLists {
    fn list(&self, name: &str) -> Option<Arc<List>> {
        self.0.get(&name.to_lowercase()).cloned()
    }

    fn names(&self) -> Vec<String> {
        self.0.values().map(|list| list.name.clone()).collect()
    }
}

/// Longest name of a list, in characters.
pub const MAX_LIST_NAME: usize = 100;

/// Why a list should not be saved as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListProblem {
    /// Number of the entry, from 0; `None` when it concerns the name or the list as a whole.
    pub entry: Option<usize>,
    /// Its span lies in the entry, or in the name.
    pub diagnostic: Diagnostic,
}

impl ListProblem {
    /// Whether the list cannot be used at all.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.diagnostic.severity == Severity::Error
    }
}

/// Looks a list over before it is saved: everything that is wrong with it, in the order of its entries.
#[must_use]
pub fn check_list(list: &List) -> Vec<ListProblem> {
    let mut problems = Vec::new();
    let whole = |diagnostic| ListProblem { entry: None, diagnostic };
    let name = list.name.trim();
    if name.is_empty() || name.chars().count() > MAX_LIST_NAME || name.contains(['"', '«', '»', '“', '”', '„', '\n'])
    {
        problems.push(whole(Diagnostic::error("list_name", 0..list.name.len(), name)));
    }
    if list.entries.is_empty() {
        problems.push(whole(Diagnostic::error("empty_list", 0..list.name.len(), name)));
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut words = 0;
    for (index, entry) in list.entries.iter().enumerate() {
        words += words_of(entry);
        let mut diagnostics = Vec::new();
        let read = read_entry(list.kind, entry, 0..entry.len(), &mut diagnostics);
        if let Some(read) = read
            && seen.insert(read.canonical(), index).is_some()
        {
            diagnostics.push(Diagnostic::warning("repeated_entry", 0..entry.len(), entry));
        }
        problems.extend(diagnostics.into_iter().map(|diagnostic| ListProblem { entry: Some(index), diagnostic }));
    }
    if words > MAX_WORDS {
        problems.insert(0, whole(Diagnostic::error("list_too_long", 0..list.name.len(), name)));
    }
    problems
}

/// Words of an entry as the limit counts them.
fn words_of(entry: &str) -> usize {
    entry.split_whitespace().count().max(1)
}

/// How many words a list adds to a query.
pub(crate) fn size(list: &List) -> usize {
    list.entries.iter().map(|entry| words_of(entry)).sum()
}

/// A list as a part of a query; everything in it stands where the query names it. `None` when something was complained of.
pub(crate) fn read_list(list: &List, span: &Range<usize>, diagnostics: &mut Vec<Diagnostic>) -> Option<Expr> {
    if list.entries.is_empty() {
        diagnostics.push(Diagnostic::error("empty_list", span.clone(), &list.name));
        return None;
    }
    let mut parts = Vec::with_capacity(list.entries.len());
    for entry in &list.entries {
        let mut own = Vec::new();
        match read_entry(list.kind, entry, span.clone(), &mut own) {
            Some(part) if own.is_empty() => parts.push(part),
            _ => {
                diagnostics.push(Diagnostic::error("list_entry", span.clone(), entry.trim()).beside(&list.name));
                return None;
            }
        }
    }
    let of = match parts.len() {
        1 => parts.pop()?,
        _ => Expr::new(span.clone(), Node::Or(parts)),
    };
    Some(Expr::new(span.clone(), Node::List { name: list.name.clone(), of: Box::new(of) }))
}

fn read_entry(kind: ListKind, entry: &str, span: Range<usize>, diagnostics: &mut Vec<Diagnostic>) -> Option<Expr> {
    let trimmed = entry.trim();
    let mut refuse = |code| {
        diagnostics.push(Diagnostic::error(code, span.clone(), trimmed));
        None
    };
    if trimmed.is_empty() {
        return refuse("empty_entry");
    }
    if trimmed.to_lowercase().starts_with("list:") {
        return refuse("list_in_list");
    }
    match kind {
        ListKind::Authors => match field_test("author", trimmed) {
            Ok(test) => Some(Expr::new(span, Node::Field(test))),
            Err(_) => refuse("not_an_author"),
        },
        ListKind::Words => {
            let quoted = trimmed.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            let (content, plain, slop) = match quoted {
                Some(content) => (content, Plain::Exact, None),
                None => (trimmed, Plain::AnyForm, Some(0)),
            };
            if quoted.is_none() && !trimmed.contains(char::is_whitespace) {
                return read_word(trimmed, span, Plain::AnyForm, diagnostics);
            }
            let before = diagnostics.len();
            let mut words = read_phrase(content, &|_| span.clone(), plain, diagnostics);
            match words.len() {
                0 if diagnostics.len() > before => None,
                0 => {
                    diagnostics.push(Diagnostic::error("not_a_word", span, trimmed));
                    None
                }
                1 => words.pop().map(|word| Expr::new(span, Node::Word(word))),
                _ => Some(Expr::new(span, Node::Phrase(Phrase { words, slop }))),
            }
        }
    }
}
