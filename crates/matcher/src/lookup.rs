//! A post beside one index: which of its words the index knows, which queries they select, and where they stand.
//!
//! Three steps, each only as far as needed: most posts select nothing, and then nothing is written down of them.

use std::cell::OnceCell;

use molva_domain::Post;
use molva_query::each_sign;
use molva_text::{Analysis, Key, KeySpace, TokenKind, normalise_cased};

use crate::atoms::Atoms;
use crate::dictionary::Entry;
use crate::index::{Index, Posting};
use crate::occurrences::{Occurrences, Seen};
use crate::symbol::sign_key;

/// Buffers for one index.
#[derive(Debug, Default)]
pub(crate) struct Lookup {
    /// Tokens that the index knows.
    pub(crate) entries: Vec<(Entry, u32)>,
    /// Patterns that a token fits.
    patterns: Vec<(u32, u32)>,
    seen: Seen,
    pub(crate) candidates: Vec<Posting>,
    pub(crate) found: Occurrences,
}

/// What was read of a post.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    pub(crate) analysis: &'a Analysis,
    pub(crate) title: &'a str,
    pub(crate) text: &'a str,
}

impl Lookup {
    /// Looks up the tokens and selects the queries worth running.
    pub(crate) fn select(&mut self, index: &Index, text: Text<'_>, form: &mut String, is_dead: impl Fn(usize) -> bool) {
        let Self { entries, patterns, seen, candidates, .. } = self;
        entries.clear();
        patterns.clear();
        candidates.clear();
        seen.begin(index.len());
        let atoms = &index.atoms;
        let mut select = |atom: u32| {
            for posting in index.postings(atom) {
                if seen.first_time(posting.program) && !is_dead(posting.program) {
                    candidates.push(posting);
                }
            }
        };
        for (number, token) in (0..).zip(text.analysis.tokens()) {
            if let Some(entry) = atoms.token_entry(token.key) {
                entries.push((entry, number));
                if Atoms::is_anchor(entry) {
                    each_atom(atoms, entry, number, text, &mut select);
                }
            }
        }
        for probe in text.analysis.probes() {
            for (atom, doubtful) in atoms.patterns(probe.key) {
                let fits = doubtful.is_none_or(|pattern| {
                    text.analysis.tokens()[probe.token as usize].form_into(text.title, text.text, form);
                    pattern.matches(form)
                });
                if fits {
                    patterns.push((atom, probe.token));
                    select(atom);
                }
            }
        }
    }

    /// Selects the queries of the post's author, community, site and network.
    pub(crate) fn select_by_signs(&mut self, index: &Index, post: &Post, is_dead: impl Fn(usize) -> bool) {
        let Self { seen, candidates, .. } = self;
        each_sign(post, |kind, text| {
            let Some(entry) = index.atoms.token_entry(sign_key(kind, text)) else { return };
            for posting in index.postings(entry.number()) {
                if seen.first_time(posting.program) && !is_dead(posting.program) {
                    candidates.push(posting);
                }
            }
        });
    }

    /// Notes where each atom stands, so that queries can be run.
    pub(crate) fn note(&mut self, index: &Index, text: Text<'_>) {
        let Self { entries, patterns, found, .. } = self;
        found.begin(index.atoms.len());
        for (entry, token) in entries {
            each_atom(&index.atoms, *entry, *token, text, |atom| found.add(atom, *token));
        }
        for (atom, token) in patterns {
            found.add(*atom, *token);
        }
    }
}

/// The atoms that a token is.
#[inline]
fn each_atom(atoms: &Atoms, entry: Entry, token: u32, text: Text<'_>, mut atom: impl FnMut(u32)) {
    let cased = OnceCell::new();
    atoms.each(entry, |number, expected| {
        let fits = expected.is_none_or(|expected| {
            let token = &text.analysis.tokens()[token as usize];
            let key = || Key::of_text(&normalise_cased(token.written(text.title, text.text)), KeySpace::Cased);
            token.kind == TokenKind::Word && expected == *cased.get_or_init(key)
        });
        if fits {
            atom(number);
        }
    });
}
