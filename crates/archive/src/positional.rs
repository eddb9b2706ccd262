//! Phrases, distances and sentences: candidates hold all the words that are needed; each is proved from positions.

use std::io;
use std::sync::Arc;

use molva_query::places::{close_together, in_one_sentence, longer_rows, near, settle, share_a_sentence};
use molva_query::reference::Place;
use molva_query::syntax::{Expr, Node, Phrase, WordTest};
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, InvertedIndexReader, Score, SegmentReader, TERMINATED, TantivyError};

use crate::occurrences::Occurrences;
use crate::tokens::{SENTENCES, Stand};

/// A part of a query that has places.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// Any of them.
    Words(Vec<WordTest>),
    Row(Vec<WordTest>),
    /// Each word and how often it is written; the longest stretch.
    Close(Vec<(WordTest, usize)>, u32),
    Near(Box<Shape>, Box<Shape>, u32, bool),
    Sentence(Box<Shape>, Box<Shape>),
    Either(Vec<Shape>),
}

impl Shape {
    pub(crate) fn of(expr: &Expr) -> Self {
        match &expr.node {
            Node::Word(word) => Self::Words(vec![word.test.clone()]),
            Node::Phrase(phrase) => Self::of_phrase(phrase),
            Node::Near { left, right, distance, ordered } => {
                Self::Near(Box::new(Self::of(left)), Box::new(Self::of(right)), *distance, *ordered)
            }
            Node::Sentence { left, right } => Self::Sentence(Box::new(Self::of(left)), Box::new(Self::of(right))),
            Node::List { of, .. } => Self::of(of),
            Node::Or(parts) => {
                let (mut words, mut others) = (Vec::new(), Vec::new());
                for part in parts {
                    match Self::of(part) {
                        Self::Words(more) => words.extend(more),
                        Self::Either(more) => others.extend(more),
                        other => others.push(other),
                    }
                }
                match (words.is_empty(), others.is_empty()) {
                    (false, true) => Self::Words(words),
                    (true, _) => Self::Either(others),
                    (false, false) => {
                        others.push(Self::Words(words));
                        Self::Either(others)
                    }
                }
            }
            // Nothing else has places.
            _ => Self::Either(Vec::new()),
        }
    }

    pub(crate) fn of_phrase(phrase: &Phrase) -> Self {
        let tests = || phrase.words.iter().map(|word| word.test.clone());
        let Some(slop) = phrase.slop else {
            return if phrase.words.len() == 1 { Self::Words(tests().collect()) } else { Self::Row(tests().collect()) };
        };
        let mut words: Vec<(WordTest, usize)> = Vec::new();
        for test in tests() {
            match words.iter_mut().find(|(known, _)| *known == test) {
                Some((_, times)) => *times += 1,
                None => words.push((test, 1)),
            }
        }
        Self::Close(words, (phrase.words.len() as u32).saturating_add(slop))
    }
}

/// Posts in which a part of a query has a place.
#[derive(Clone, Debug)]
pub(crate) struct PositionalQuery {
    pub(crate) field: Field,
    pub(crate) shape: Arc<Shape>,
}

impl Query for PositionalQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for PositionalQuery {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let inverted = reader.inverted_index(self.field)?;
        let part = Part::new(&self.shape, &inverted)?;
        let sentences = match inverted.terms().get(SENTENCES)? {
            Some(info) => Some(inverted.read_postings_from_terminfo(&info, IndexRecordOption::WithFreqsAndPositions)?),
            None => None,
        };
        let sentences = Sentences { postings: sentences, starts: Vec::new(), packed: Vec::new() };
        let most = part.most();
        let mut proved = Proved { part, sentences, doc: 0, most };
        proved.find(0);
        Ok(Box::new(ConstScorer::new(proved, boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain(self, reader, doc)
    }
}

/// Nobody is shown a score: a post matches or it does not.
pub(crate) fn explain(weight: &dyn Weight, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
    let mut scorer = weight.scorer(reader, 1.0)?;
    if scorer.doc() > doc || scorer.seek(doc) != doc {
        return Err(TantivyError::InvalidArgument(format!("document #{doc} does not match")));
    }
    Ok(Explanation::new("matches", 1.0))
}

struct Proved {
    part: Part,
    sentences: Sentences,
    doc: DocId,
    most: u32,
}

impl Proved {
    /// Stands on the first post at `target` or behind it that has a place.
    fn find(&mut self, target: DocId) -> DocId {
        self.doc = self.part.candidate(target);
        while self.doc != TERMINATED && !self.part.holds(self.doc, &mut self.sentences) {
            self.doc = self.part.candidate(self.doc + 1);
        }
        self.doc
    }
}

impl DocSet for Proved {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED { TERMINATED } else { self.find(self.doc + 1) }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc { self.doc } else { self.find(target) }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.most
    }

    fn cost(&self) -> u64 {
        // Positions are read and compared: a post costs several times one of a plain list.
        u64::from(self.most) * 8
    }
}

struct Sentences {
    postings: Option<SegmentPostings>,
    starts: Vec<u32>,
    packed: Vec<u32>,
}

impl Sentences {
    fn read(&mut self, doc: DocId) {
        self.starts.clear();
        let Some(postings) = &mut self.postings else { return };
        if postings.doc() < doc {
            postings.seek(doc);
        }
        if postings.doc() == doc {
            postings.positions(&mut self.packed);
            self.starts.extend(self.packed.iter().map(|packed| Stand::unpack(*packed).first));
        }
    }

    fn number(&self, position: u32) -> usize {
        self.starts.partition_point(|start| *start <= position)
    }
}

/// A shape in one segment.
enum Part {
    Words(Occurrences),
    Row(Vec<Occurrences>),
    Close(Vec<(Occurrences, usize)>, u32),
    Near(Box<Part>, Box<Part>, u32, bool),
    Sentence(Box<Part>, Box<Part>),
    Either(Vec<Part>),
}

impl Part {
    fn new(shape: &Shape, inverted: &InvertedIndexReader) -> io::Result<Self> {
        let word = |test: &WordTest| Occurrences::new(std::slice::from_ref(test), inverted);
        let boxed = |shape: &Shape| Self::new(shape, inverted).map(Box::new);
        Ok(match shape {
            Shape::Words(tests) => Self::Words(Occurrences::new(tests, inverted)?),
            Shape::Row(tests) => Self::Row(tests.iter().map(word).collect::<io::Result<_>>()?),
            Shape::Close(words, longest) => {
                let words = words.iter().map(|(test, times)| Ok((word(test)?, *times)));
                Self::Close(words.collect::<io::Result<_>>()?, *longest)
            }
            Shape::Near(left, right, distance, ordered) => Self::Near(boxed(left)?, boxed(right)?, *distance, *ordered),
            Shape::Sentence(left, right) => Self::Sentence(boxed(left)?, boxed(right)?),
            Shape::Either(parts) => {
                Self::Either(parts.iter().map(|part| Self::new(part, inverted)).collect::<io::Result<_>>()?)
            }
        })
    }

    /// Posts at most.
    fn most(&self) -> u32 {
        match self {
            Self::Words(words) => words.most(),
            Self::Row(words) => words.iter().map(Occurrences::most).min().unwrap_or(0),
            Self::Close(words, _) => words.iter().map(|(word, _)| word.most()).min().unwrap_or(0),
            Self::Near(left, right, ..) | Self::Sentence(left, right) => left.most().min(right.most()),
            Self::Either(parts) => parts.iter().map(Self::most).fold(0, u32::saturating_add),
        }
    }

    /// The first post at `target` or behind it that holds the words needed. Targets never go back.
    fn candidate(&mut self, target: DocId) -> DocId {
        match self {
            Self::Words(words) => words.seek(target),
            Self::Row(words) => all_of(words, target, Occurrences::seek),
            Self::Close(words, _) => all_of(words, target, |(word, _), target| word.seek(target)),
            Self::Near(left, right, ..) | Self::Sentence(left, right) => {
                all_of(&mut [left, right], target, |part, target| part.candidate(target))
            }
            Self::Either(parts) => parts.iter_mut().map(|part| part.candidate(target)).min().unwrap_or(TERMINATED),
        }
    }

    fn holds(&mut self, doc: DocId, sentences: &mut Sentences) -> bool {
        match self {
            Self::Either(parts) => parts.iter_mut().any(|part| part.holds(doc, sentences)),
            Self::Sentence(left, right) => {
                let (left, right) = (left.places(doc, sentences), right.places(doc, sentences));
                sentences.read(doc);
                share_a_sentence(&left, &right, |position| sentences.number(position))
            }
            _ => !self.places(doc, sentences).is_empty(),
        }
    }

    fn places(&mut self, doc: DocId, sentences: &mut Sentences) -> Vec<Place> {
        let mut found = match self {
            Self::Words(words) => return words.places(doc),
            Self::Row(words) => {
                let mut words = words.iter_mut();
                let mut rows = words.next().map(|word| word.places(doc)).unwrap_or_default();
                for word in words {
                    if rows.is_empty() {
                        break;
                    }
                    rows = longer_rows(&rows, &word.places(doc));
                }
                rows
            }
            Self::Close(words, longest) => {
                let words: Vec<_> = words.iter_mut().map(|(word, times)| (word.places(doc), *times)).collect();
                close_together(&words, *longest)
            }
            Self::Near(left, right, distance, ordered) => {
                let (left, right) = (left.places(doc, sentences), right.places(doc, sentences));
                near(&left, &right, *distance, *ordered)
            }
            Self::Sentence(left, right) => {
                let (left, right) = (left.places(doc, sentences), right.places(doc, sentences));
                sentences.read(doc);
                in_one_sentence(&left, &right, |position| sentences.number(position))
            }
            Self::Either(parts) => parts.iter_mut().flat_map(|part| part.places(doc, sentences)).collect(),
        };
        settle(&mut found);
        found
    }
}

/// The first post at `target` or behind it that every one of the parts has.
fn all_of<T>(parts: &mut [T], target: DocId, seek: impl Fn(&mut T, DocId) -> DocId) -> DocId {
    let mut doc = target;
    'again: loop {
        for part in parts.iter_mut() {
            let next = seek(part, doc);
            if next == TERMINATED {
                return TERMINATED;
            }
            if next > doc {
                doc = next;
                continue 'again;
            }
        }
        return doc;
    }
}
