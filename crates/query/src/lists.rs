//! Named lists of words or authors, kept beside the queries that use them.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

pub use molva_domain::ListKind;

use crate::diagnostic::{Diagnostic, Severity};
use crate::parser::MAX_WORDS;
use crate::syntax::{Expr, Node, Phrase};
use crate::values::field_test;
use crate::words::{Plain, read_phrase, read_word};

/// A list as its owner wrote it, and what was read from it: once, for all queries that name it.
#[derive(Debug)]
pub struct List {
    name: String,
    kind: ListKind,
    entries: Vec<String>,
    /// Words as the limit of a query counts them.
    words: usize,
    read: OnceLock<Result<Arc<Expr>, Unread>>,
}

/// Why a list cannot be used.
#[derive(Debug)]
enum Unread {
    Empty,
    /// The number of the first entry that cannot be read.
    Entry(usize),
}

impl List {
    /// Words are as in a query: several words in one entry stand side by side, in any form and order; in quotation marks
    /// they are a phrase. Authors are as behind `author:`: `@handle` or a name.
    #[must_use]
    pub fn new(name: String, kind: ListKind, entries: Vec<String>) -> Self {
        let words = entries.iter().map(|entry| words_of(entry)).sum();
        Self { name, kind, entries, words, read: OnceLock::new() }
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub const fn kind(&self) -> ListKind {
        self.kind
    }

    #[must_use]
    pub fn entries(&self) -> &[String] {
        &self.entries
    }

    /// How many words it adds to a query.
    pub(crate) const fn words(&self) -> usize {
        self.words
    }

    fn read(&self) -> &Result<Arc<Expr>, Unread> {
        self.read.get_or_init(|| {
            let mut parts = Vec::with_capacity(self.entries.len());
            for (index, entry) in self.entries.iter().enumerate() {
                let mut own = Vec::new();
                match read_entry(self.kind, entry, 0..entry.len(), &mut own) {
                    Some(part) if own.is_empty() => parts.push(part),
                    _ => return Err(Unread::Entry(index)),
                }
            }
            choice(parts).ok_or(Unread::Empty)
        })
    }
}

/// The entries as one part, `None` when there are none.
fn choice(mut parts: Vec<Expr>) -> Option<Arc<Expr>> {
    match parts.len() {
        0 | 1 => parts.pop().map(Arc::new),
        _ => Some(Arc::new(Expr::new(0..0, Node::Or(parts)))),
    }
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
    let mut seen: HashSet<String> = HashSet::new();
    let mut parts = Vec::with_capacity(list.entries.len());
    for (index, entry) in list.entries.iter().enumerate() {
        let mut diagnostics = Vec::new();
        let read = read_entry(list.kind, entry, 0..entry.len(), &mut diagnostics);
        let sound = diagnostics.is_empty();
        if let Some(read) = read {
            if !seen.insert(read.canonical()) {
                diagnostics.push(Diagnostic::warning("repeated_entry", 0..entry.len(), entry));
            }
            parts.extend(Some(read).filter(|_| sound));
        }
        problems.extend(diagnostics.into_iter().map(|diagnostic| ListProblem { entry: Some(index), diagnostic }));
    }
    if parts.len() == list.entries.len()
        && let Some(read) = choice(parts)
    {
        // Queries need not read it once more; who was faster had the same to say.
        let _ = list.read.set(Ok(read));
    }
    if list.words > MAX_WORDS {
        problems.insert(0, whole(Diagnostic::error("list_too_long", 0..list.name.len(), name)));
    }
    problems
}

/// Words of an entry as the limit counts them.
fn words_of(entry: &str) -> usize {
    entry.split_whitespace().count().max(1)
}

/// A list as a part of a query. `None` when something was complained of.
pub(crate) fn read_list(list: &List, span: &Range<usize>, diagnostics: &mut Vec<Diagnostic>) -> Option<Expr> {
    let diagnostic = match list.read() {
        Ok(of) => {
            return Some(Expr::new(span.clone(), Node::List { name: list.name.clone(), of: Arc::clone(of) }));
        }
        Err(Unread::Empty) => Diagnostic::error("empty_list", span.clone(), &list.name),
        Err(Unread::Entry(index)) => {
            let entry = list.entries.get(*index).map_or("", |entry| entry.trim());
            Diagnostic::error("list_entry", span.clone(), entry).beside(&list.name)
        }
    };
    diagnostics.push(diagnostic);
    None
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
