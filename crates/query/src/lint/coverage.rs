//! Parts that add nothing beside a wider or a narrower one.

use std::collections::{HashMap, HashSet};

use molva_text::{Key, KeySpace};

use super::print::Print;
use super::{Lint, Seen};
use crate::syntax::{Expr, Node, WordTest};

/// Words compared each with each; more are looked up by their forms.
const FEW: usize = 16;

/// A word among the parts of a choice or a conjunction.
struct Candidate<'a> {
    test: &'a WordTest,
    part: &'a Expr,
    /// Stands in a list, which is not the place to correct it.
    listed: bool,
}

impl Lint<'_> {
    /// Alternatives that another one finds as well.
    pub(super) fn covered_alternatives(&mut self, parts: &[Expr], seen: &[Seen]) {
        let words = candidates(parts);
        for (wide, narrow) in covering(&words) {
            if !words[narrow].listed {
                self.warn_beside("covered", words[narrow].part, words[wide].part);
            }
        }
        let prints = Prints::of(seen);
        for (index, part) in parts.iter().enumerate() {
            match &part.node {
                // `a OR (a b)`
                Node::And(_) => {
                    if let Some(wide) = seen[index].parts.iter().find_map(|print| prints.place(*print)) {
                        self.warn_beside("covered", part, &parts[wide]);
                    }
                }
                // `билайн OR "тариф билайн"`
                Node::Phrase(phrase) if words.len() <= FEW => {
                    let finds = |word: &&Candidate<'_>| {
                        phrase.words.iter().any(|own| own.test == *word.test || covers(word.test, &own.test))
                    };
                    if let Some(word) = words.iter().find(finds) {
                        self.warn_beside("covered", part, word.part);
                    }
                }
                _ => {}
            }
        }
    }

    /// Requirements that a stricter one holds already, and exclusions beside wider ones.
    pub(super) fn covered_requirements(&mut self, parts: &[Expr], seen: &[Seen]) {
        // A list demands one of its words, not each.
        let mut words = candidates(parts);
        words.retain(|word| !word.listed);
        for (wide, narrow) in covering(&words) {
            self.warn_beside("covered", words[wide].part, words[narrow].part);
        }
        let prints = Prints::of(seen);
        for (index, part) in parts.iter().enumerate() {
            // `a (a OR b)`
            if matches!(part.node, Node::Or(_))
                && let Some(strict) = seen[index].parts.iter().find_map(|print| prints.place(*print))
            {
                self.warn_beside("covered", part, &parts[strict]);
            }
        }
        let mut excluded = Vec::new();
        for part in parts {
            if let Node::Not(inner) = &part.node {
                match &inner.node {
                    Node::Or(alternatives) if !inner.is_compound() => excluded.extend(candidates(alternatives)),
                    _ => excluded.extend(candidates(std::slice::from_ref(inner))),
                }
            }
        }
        for (wide, narrow) in covering(&excluded) {
            // Within one group of exclusions the choice has been looked over already.
            if !excluded[narrow].listed && !self.warned(excluded[narrow].part) {
                self.warn_beside("covered", excluded[narrow].part, excluded[wide].part);
            }
        }
    }

    fn warned(&self, part: &Expr) -> bool {
        self.diagnostics.last().is_some_and(|last| last.code == "covered" && last.span == part.span)
            || self.diagnostics.iter().rev().take(FEW).any(|known| known.code == "covered" && known.span == part.span)
    }
}

/// Finds a part by its print.
enum Prints<'a> {
    Few(&'a [Seen]),
    Many(HashMap<Print, usize, Keyed>),
}

impl<'a> Prints<'a> {
    fn of(seen: &'a [Seen]) -> Self {
        if seen.len() <= FEW {
            return Self::Few(seen);
        }
        Self::Many(seen.iter().enumerate().map(|(index, seen)| (seen.print, index)).collect())
    }

    fn place(&self, print: Print) -> Option<usize> {
        match self {
            Self::Few(seen) => seen.iter().position(|seen| seen.print == print),
            Self::Many(places) => places.get(&print).copied(),
        }
    }
}

fn candidates(parts: &[Expr]) -> Vec<Candidate<'_>> {
    let mut words = Vec::new();
    for part in parts {
        match &part.node {
            Node::Word(word) => words.push(Candidate { test: &word.test, part, listed: false }),
            Node::List { of, .. } => {
                let entries =
                    if let Node::Or(entries) = &of.node { entries.as_slice() } else { std::slice::from_ref(&**of) };
                words.extend(entries.iter().filter_map(|entry| match &entry.node {
                    Node::Word(word) => Some(Candidate { test: &word.test, part, listed: true }),
                    _ => None,
                }));
            }
            _ => {}
        }
    }
    words
}

/// Pairs of a word and one that it finds as well, at most one for each of the latter. Of two that find the same, the later
/// one is covered; equal ones are none of them.
fn covering(words: &[Candidate<'_>]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let told = |word: &Candidate<'_>| !word.listed;
    if words.len() < 2 || !words.iter().any(told) || words.iter().all(|word| matches!(word.test, WordTest::Exact(_))) {
        return found;
    }
    let is_covered = |wide: usize, narrow: usize| {
        wide != narrow
            && words[wide].test != words[narrow].test
            && covers(words[wide].test, words[narrow].test)
            && (wide < narrow || !covers(words[narrow].test, words[wide].test))
    };
    if words.len() <= FEW {
        for narrow in 0..words.len() {
            found.extend((0..words.len()).find(|wide| is_covered(*wide, narrow)).map(|wide| (wide, narrow)));
        }
        return found;
    }
    let mut by_form: HashMap<Key, Vec<usize>, Keyed> = HashMap::default();
    for (index, word) in words.iter().enumerate() {
        if let Some(form) = own_form(word.test) {
            let same = by_form.entry(Key::of_text(form, KeySpace::Form)).or_default();
            // The same word many times over has been complained of as such.
            if same.len() < FEW {
                same.push(index);
            }
        }
    }
    let mut prefixes: HashMap<&str, usize> = HashMap::new();
    for (index, word) in words.iter().enumerate() {
        if let WordTest::Prefix(prefix) = word.test {
            prefixes.entry(prefix).or_insert(index);
        }
    }
    let mut done = HashSet::new();
    let mut add = |wide, narrow, found: &mut Vec<_>| {
        if is_covered(wide, narrow) && done.insert(narrow) {
            found.push((wide, narrow));
        }
    };
    for (index, word) in words.iter().enumerate() {
        match word.test {
            WordTest::AnyForm { forms, .. } => {
                for narrow in forms.keys().iter().filter_map(|key| by_form.get(key)).flatten() {
                    add(index, *narrow, &mut found);
                }
            }
            WordTest::Exact(form) => {
                for narrow in by_form.get(&Key::of_text(form, KeySpace::Form)).into_iter().flatten() {
                    add(index, *narrow, &mut found);
                }
            }
            _ => {}
        }
        let beginning = match word.test {
            WordTest::Prefix(prefix) => prefix,
            other => own_form(other).unwrap_or_default(),
        };
        if !prefixes.is_empty() {
            let ends = beginning.char_indices().map(|(at, letter)| at + letter.len_utf8());
            for wide in ends.filter_map(|end| prefixes.get(&beginning[..end])) {
                add(*wide, index, &mut found);
            }
        }
    }
    found
}

fn own_form(test: &WordTest) -> Option<&str> {
    match test {
        WordTest::AnyForm { form, .. } | WordTest::Exact(form) | WordTest::Cased { form, .. } => Some(form),
        _ => None,
    }
}

/// Whether everything that the second finds is found by the first.
fn covers(wide: &WordTest, narrow: &WordTest) -> bool {
    match (wide, narrow) {
        (WordTest::AnyForm { forms, .. }, WordTest::Exact(form) | WordTest::Cased { form, .. }) => {
            forms.contains(Key::of_text(form, KeySpace::Form))
        }
        (WordTest::AnyForm { forms, .. }, WordTest::AnyForm { form, forms: narrow }) => {
            forms.contains(Key::of_text(form, KeySpace::Form)) && narrow.keys().iter().all(|key| forms.contains(*key))
        }
        (WordTest::Exact(form), WordTest::Cased { form: narrow, .. }) => form == narrow,
        (WordTest::Prefix(prefix), WordTest::Exact(form) | WordTest::Cased { form, .. } | WordTest::Prefix(form)) => {
            form.starts_with(prefix.as_str())
        }
        (WordTest::Prefix(prefix), WordTest::AnyForm { form, forms }) => {
            form.starts_with(prefix.as_str()) && forms.texts().all(|text| text.starts_with(prefix.as_str()))
        }
        (WordTest::Prefix(prefix), WordTest::Pattern(pattern)) => pattern.beginning().starts_with(prefix.as_str()),
        _ => false,
    }
}

type Keyed = foldhash::fast::FixedState;
