//! A number for each part of a query: equal for parts that ask the same, whatever their places and their order.

use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use crate::syntax::{Expr, Node, Word, WordTest};

/// Two parts with one print ask the same, but for one chance in 2^64.
pub(super) type Print = u64;

fn hasher() -> foldhash::fast::FoldHasher<'static> {
    foldhash::fast::FixedState::with_seed(7).build_hasher()
}

/// The print of a word, a phrase, a field, a title, a list.
pub(super) fn leaf(expr: &Expr) -> Print {
    match &expr.node {
        Node::Word(own) => word(own),
        Node::Phrase(phrase) => {
            let mut words: Vec<_> = phrase.words.iter().map(word).collect();
            if phrase.slop.is_some() {
                words.sort_unstable();
            }
            let mut state = hasher();
            (20_u8, phrase.slop, words).hash(&mut state);
            state.finish()
        }
        Node::Field(test) => {
            let mut state = hasher();
            (21_u8, test.canonical()).hash(&mut state);
            state.finish()
        }
        Node::Title(part) => of_parts(&expr.node, vec![leaf(part)]),
        // A list is its words.
        Node::List { of, .. } => leaf(of),
        node => of_parts(node, expr.children().iter().map(leaf).collect()),
    }
}

/// The print of a part above others.
pub(super) fn of_parts(node: &Node, mut parts: Vec<Print>) -> Print {
    let kind = match node {
        Node::Near { distance, ordered, .. } => 1 + u64::from(*ordered) + (u64::from(*distance) << 32),
        Node::AtLeast { count, .. } => 3 + ((*count as u64) << 32),
        Node::Sentence { .. } => 4,
        Node::And(_) => 5,
        Node::Or(_) => 6,
        Node::Not(_) => 7,
        Node::Title(_) => 8,
        Node::Word(_) | Node::Phrase(_) | Node::Field(_) | Node::List { .. } => 9,
    };
    if !matches!(node, Node::Near { ordered: true, .. }) {
        parts.sort_unstable();
    }
    let mut state = hasher();
    (kind, parts).hash(&mut state);
    state.finish()
}

fn word(word: &Word) -> Print {
    let mut state = hasher();
    match &word.test {
        WordTest::AnyForm { form, .. } => (10_u8, form).hash(&mut state),
        WordTest::Exact(form) => (11_u8, form).hash(&mut state),
        WordTest::Cased { cased, .. } => (12_u8, cased).hash(&mut state),
        WordTest::Prefix(prefix) => (13_u8, prefix).hash(&mut state),
        WordTest::Pattern(pattern) => (14_u8, &pattern.letters, pattern.open).hash(&mut state),
        WordTest::Hashtag(form) | WordTest::Mention(form) | WordTest::Emoji(form) => (15_u8, form).hash(&mut state),
    }
    state.finish()
}
