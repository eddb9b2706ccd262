//! The syntax tree of a query. Every node knows its bytes in the query text.

use std::ops::Range;
use std::sync::Arc;

use molva_text::WordForms;

use crate::field::FieldTest;

/// A part of a query and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub span: Range<usize>,
    pub node: Node,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Word(Word),
    Phrase(Phrase),
    /// Both sides at most so many positions apart.
    Near {
        left: Box<Expr>,
        right: Box<Expr>,
        distance: u32,
        ordered: bool,
    },
    /// Both sides in one sentence.
    Sentence {
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// At least so many of the parts.
    AtLeast {
        count: usize,
        of: Vec<Expr>,
    },
    /// The words stand in the title.
    Title(Box<Expr>),
    Field(FieldTest),
    /// A named list, read as a choice of its entries and shared by all queries that name it. Spans below are bytes of the
    /// entry, not of the query.
    List {
        name: String,
        of: Arc<Expr>,
    },
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
}

/// One word and how it is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    pub span: Range<usize>,
    /// As it stands in the query, without operators.
    pub written: String,
    pub test: WordTest,
}

/// How a word of a post is compared with one of a query. All texts are normal forms of `molva_text`.
#[derive(Clone, Debug, PartialEq)]
pub enum WordTest {
    /// Any form of the word.
    AnyForm {
        form: String,
        forms: WordForms,
    },
    /// This form.
    Exact(String),
    /// This form in this letter case.
    Cased {
        form: String,
        cased: String,
    },
    /// Words that begin so.
    Prefix(String),
    /// `?` stands for one letter; a star at the end for any more.
    Pattern(Pattern),
    /// With the sign.
    Hashtag(String),
    Mention(String),
    Emoji(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// `None` stands for any one letter.
    pub letters: Vec<Option<char>>,
    /// More letters may follow.
    pub open: bool,
}

impl Pattern {
    #[must_use]
    pub fn matches(&self, form: &str) -> bool {
        let mut letters = form.chars();
        for expected in &self.letters {
            match (letters.next(), expected) {
                (None, _) => return false,
                (Some(letter), Some(expected)) if letter != *expected => return false,
                _ => {}
            }
        }
        self.open || letters.next().is_none()
    }

    /// The letters before the first `?`; never empty in a query that parsed.
    #[must_use]
    pub fn beginning(&self) -> String {
        self.letters.iter().map_while(|letter| *letter).collect()
    }
}

/// Words in a row, or close together.
#[derive(Clone, Debug, PartialEq)]
pub struct Phrase {
    pub words: Vec<Word>,
    /// `None`: adjacent, in this order. Otherwise in any order, spanning at most so many extra words.
    pub slop: Option<u32>,
}

impl Expr {
    pub(crate) const fn new(span: Range<usize>, node: Node) -> Self {
        Self { span, node }
    }

    /// Whether the node has places in a text: words, phrases, distances, and choices of such.
    #[must_use]
    pub fn is_positional(&self) -> bool {
        match &self.node {
            Node::Word(_) | Node::Phrase(_) | Node::Near { .. } | Node::Sentence { .. } => true,
            Node::Or(parts) => parts.iter().all(Self::is_positional),
            Node::List { of, .. } => of.is_positional(),
            _ => false,
        }
    }

    /// The parts directly below, except the two sides of a distance.
    #[must_use]
    pub fn children(&self) -> &[Self] {
        match &self.node {
            Node::And(parts) | Node::Or(parts) | Node::AtLeast { of: parts, .. } => parts,
            Node::Title(part) | Node::Not(part) => std::slice::from_ref(part),
            Node::List { of, .. } => std::slice::from_ref(of),
            Node::Near { .. } | Node::Sentence { .. } | Node::Word(_) | Node::Phrase(_) | Node::Field(_) => &[],
        }
    }

    /// Calls `visit` for this part and everything below it.
    pub fn each_part<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        visit(self);
        if let Node::Near { left, right, .. } | Node::Sentence { left, right } = &self.node {
            left.each_part(visit);
            right.each_part(visit);
        }
        self.children().iter().for_each(|part| part.each_part(visit));
    }

    /// Calls `visit` for every word below, negated ones included.
    pub fn each_word<'a>(&'a self, visit: &mut impl FnMut(&'a Word)) {
        match &self.node {
            Node::Word(word) => visit(word),
            Node::Phrase(phrase) => phrase.words.iter().for_each(visit),
            Node::Near { left, right, .. } | Node::Sentence { left, right } => {
                left.each_word(visit);
                right.each_word(visit);
            }
            Node::AtLeast { of, .. } => of.iter().for_each(|part| part.each_word(visit)),
            Node::Title(part) | Node::Not(part) => part.each_word(visit),
            Node::List { of, .. } => of.each_word(visit),
            Node::And(parts) | Node::Or(parts) => parts.iter().for_each(|part| part.each_word(visit)),
            Node::Field(_) => {}
        }
    }

    /// Whether a post must hold something this part demands: without it every silent post would match.
    /// `wanted` is false below a `NOT`.
    #[must_use]
    pub fn demands(&self, wanted: bool) -> bool {
        match (&self.node, wanted) {
            (Node::Not(part), _) => part.demands(!wanted),
            (Node::And(parts), true) | (Node::Or(parts), false) => parts.iter().any(|part| part.demands(wanted)),
            (Node::And(parts), false) | (Node::Or(parts), true) => parts.iter().all(|part| part.demands(wanted)),
            (Node::AtLeast { count, of }, _) => {
                // Unwanted means that at least `len - count + 1` of them are missing.
                let count = if wanted { *count } else { (of.len() + 1).saturating_sub(*count) };
                of.iter().filter(|part| !part.demands(wanted)).count() < count
            }
            _ => wanted,
        }
    }
}
