//! The plain reference evaluator: follows the definitions word by word, compares texts and not hashes, keeps no index.
//!
//! Slow and obviously right: the matcher is held against it.

use std::collections::BTreeSet;

use molva_domain::Post;
use molva_text::{Analysis, PrefixFilter, TokenKind, normalise_cased};

use crate::field::{Judgement, TextFacts};
use crate::syntax::{Expr, Node, Phrase, Word, WordTest};

/// Most places remembered of one part of a query; the first ones count.
pub const MAX_PLACES: usize = 10_000;

/// First and last position of a word, a phrase, a pair.
pub type Place = (u32, u32);

/// A post's tokens, spelled out.
pub(crate) struct Reader<'a> {
    post: &'a Post,
    analysis: Analysis,
    tokens: Vec<Spelled>,
    facts: TextFacts,
    judgement: &'a Judgement,
}

struct Spelled {
    kind: TokenKind,
    place: Place,
    in_title: bool,
    form: String,
    cased: String,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(post: &'a Post, judgement: &'a Judgement) -> Self {
        let (title, text) = (post.title.as_deref().unwrap_or_default(), post.text.as_str());
        let mut analysis = Analysis::default();
        analysis.run(title, text, &PrefixFilter::default());
        let tokens = analysis.tokens().iter().map(|token| {
            let mut form = String::new();
            token.form_into(title, text, &mut form);
            Spelled {
                kind: token.kind,
                place: (token.position, token.last),
                in_title: token.in_title,
                cased: normalise_cased(token.written(title, text)),
                form,
            }
        });
        let tokens = tokens.collect();
        let facts = TextFacts { language: analysis.language(title, text), question: analysis.has_question() };
        Self { post, analysis, tokens, facts, judgement }
    }

    pub(crate) fn holds(&self, expr: &Expr, title_only: bool) -> bool {
        match &expr.node {
            Node::And(parts) => parts.iter().all(|part| self.holds(part, title_only)),
            Node::Or(parts) => parts.iter().any(|part| self.holds(part, title_only)),
            Node::Not(part) => !self.holds(part, title_only),
            Node::AtLeast { count, of } => of.iter().filter(|part| self.holds(part, title_only)).count() >= *count,
            Node::Field(test) => test.passes(self.post, &self.facts, self.judgement),
            Node::Title(part) => self.holds(part, true),
            Node::List { of, .. } => self.holds(of, title_only),
            Node::Word(_) | Node::Phrase(_) | Node::Near { .. } | Node::Sentence { .. } => {
                !self.places(expr, title_only).is_empty()
            }
        }
    }

    /// Everywhere a positional part stands, in order.
    fn places(&self, expr: &Expr, title_only: bool) -> BTreeSet<Place> {
        let places = match &expr.node {
            Node::Word(word) => self.word_places(word, title_only),
            Node::Phrase(Phrase { words, slop: None }) => self.row(words, title_only),
            Node::Phrase(Phrase { words, slop: Some(slop) }) => self.close_together(words, *slop, title_only),
            Node::Or(parts) => parts.iter().flat_map(|part| self.places(part, title_only)).collect(),
            Node::List { of, .. } => self.places(of, title_only),
            Node::Near { left, right, distance, ordered } => self.pairs(left, right, title_only, |a, b| {
                (a.1 < b.0 && b.0 - a.1 <= *distance) || (!ordered && b.1 < a.0 && a.0 - b.1 <= *distance)
            }),
            Node::Sentence { left, right } => self.pairs(left, right, title_only, |a, b| {
                let sentence = self.analysis.sentence_of(a.0);
                let apart = a.1 < b.0 || b.1 < a.0;
                apart && [a.1, b.0, b.1].iter().all(|position| self.analysis.sentence_of(*position) == sentence)
            }),
            _ => BTreeSet::new(),
        };
        places.into_iter().take(MAX_PLACES).collect()
    }

    fn word_places(&self, word: &Word, title_only: bool) -> BTreeSet<Place> {
        self.tokens
            .iter()
            .filter(|token| token.in_title || !title_only)
            .filter(|token| is_word(token, &word.test))
            .map(|token| token.place)
            .collect()
    }

    fn row(&self, words: &[Word], title_only: bool) -> BTreeSet<Place> {
        let mut rows: Option<BTreeSet<Place>> = None;
        for word in words {
            let places = self.word_places(word, title_only);
            rows = Some(match rows {
                None => places,
                Some(rows) => rows
                    .iter()
                    .flat_map(|row| places.iter().filter(|next| next.0 == row.1 + 1).map(|next| (row.0, next.1)))
                    .collect(),
            });
        }
        rows.unwrap_or_default()
    }

    /// From each word on, the shortest stretch that holds every word as often as it is written and is short enough.
    fn close_together(&self, words: &[Word], slop: u32, title_only: bool) -> BTreeSet<Place> {
        let longest = words.len() as u32 + slop;
        let places: Vec<_> = words.iter().map(|word| self.word_places(word, title_only)).collect();
        let starts: BTreeSet<u32> = places.iter().flatten().map(|place| place.0).collect();
        let holds = |start: u32, end: u32| {
            words.iter().zip(&places).all(|(word, places)| {
                let written = words.iter().filter(|other| other.test == word.test).count();
                places.iter().filter(|place| start <= place.0 && place.1 <= end).count() >= written
            })
        };
        let mut found = BTreeSet::new();
        for start in starts {
            if let Some(end) = (start..start.saturating_add(longest)).find(|end| holds(start, *end)) {
                found.insert((start, end));
            }
        }
        found
    }

    fn pairs(
        &self,
        left: &Expr,
        right: &Expr,
        title_only: bool,
        fits: impl Fn(Place, Place) -> bool,
    ) -> BTreeSet<Place> {
        let rights = self.places(right, title_only);
        let mut found = BTreeSet::new();
        for a in self.places(left, title_only) {
            for b in &rights {
                if fits(a, *b) {
                    found.insert((a.0.min(b.0), a.1.max(b.1)));
                }
            }
        }
        found
    }
}

fn is_word(token: &Spelled, test: &WordTest) -> bool {
    match (token.kind, test) {
        (TokenKind::Word | TokenKind::Stretched, WordTest::AnyForm { forms, .. }) => {
            forms.texts().any(|form| form == token.form)
        }
        (TokenKind::Word | TokenKind::Stretched, WordTest::Exact(form)) => token.form == *form,
        (TokenKind::Word, WordTest::Cased { form, cased }) => token.form == *form && token.cased == *cased,
        (TokenKind::Word | TokenKind::Stretched, WordTest::Prefix(prefix)) => token.form.starts_with(prefix),
        (TokenKind::Word | TokenKind::Stretched, WordTest::Pattern(pattern)) => pattern.matches(&token.form),
        (TokenKind::Hashtag, WordTest::Hashtag(form))
        | (TokenKind::Mention, WordTest::Mention(form))
        | (TokenKind::Emoji, WordTest::Emoji(form)) => token.form == *form,
        _ => false,
    }
}
