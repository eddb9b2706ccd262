//! How much a mention says about the words of a query.
//!
//! Okapi BM25 (Robertson, Walker 1994) over the words that the query wants, each with all the forms it stands for:
//!
//! ```text
//! score = Σ over words  idf · tf · (K1 + 1) / (tf + K1 · (1 − B + B · length / MEAN_LENGTH))
//! idf   = ln(1 + (N − n + 0.5) / (n + 0.5))
//! ```
//!
//! `tf`: how often the mention holds the word; `n` of `N` mentions of the months asked hold it; `length`: tokens of the
//! mention, known by its binary digits. Excluded words, fields and filters have no part in it; words below `title:` are looked
//! for in the title.

use std::cmp::Reverse;

use molva_query::syntax::{Expr, Node, WordTest};
use tantivy::columnar::ColumnValues;
use tantivy::postings::{Postings as _, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet as _, SegmentReader};

use crate::error::Error;
use crate::facet::length_code;
use crate::schema::{Fields, MARKS};
use crate::slice::{Shelf, Slice};
use crate::words::meant;

const K1: f64 = 1.2;
const B: f64 = 0.75;
/// Tokens of a usual mention.
const MEAN_LENGTH: f64 = 32.0;
/// Of a query of more words the first so many are looked at.
const MOST_WORDS: usize = 64;
/// Of a word with more terms in a segment, such as a beginning, the most frequent so many.
const MOST_TERMS: usize = 64;

pub(crate) struct Relevance {
    words: Vec<Wanted>,
}

struct Wanted {
    field: Field,
    test: WordTest,
    idf: f64,
}

/// The words in one segment.
pub(crate) struct Scores {
    words: Vec<(f64, Vec<SegmentPostings>)>,
    marks: std::sync::Arc<dyn ColumnValues<u64>>,
}

impl Relevance {
    pub(crate) fn new(fields: &Fields, query: &Expr, shelves: &[(Slice, Shelf)]) -> Result<Self, Error> {
        let mut words = Vec::new();
        wanted(query, fields, fields.words, &mut words);
        words.truncate(MOST_WORDS);
        let mut relevance =
            Self { words: words.into_iter().map(|(field, test)| Wanted { field, test, idf: 0.0 }).collect() };
        let (mut total, mut holding) = (0.0, vec![0.0; relevance.words.len()]);
        for (slice, shelf) in shelves {
            for reader in shelf.reader.searcher().segment_readers() {
                total += f64::from(reader.max_doc());
                relevance.count(reader, &mut holding).map_err(Error::engine("weigh words", *slice))?;
            }
        }
        for (word, holding) in relevance.words.iter_mut().zip(holding) {
            let holding = f64::min(holding, total);
            word.idf = (1.0 + (total - holding + 0.5) / (holding + 0.5)).ln();
        }
        Ok(relevance)
    }

    fn count(&self, reader: &SegmentReader, holding: &mut [f64]) -> tantivy::Result<()> {
        for (word, holding) in self.words.iter().zip(holding) {
            let inverted = reader.inverted_index(word.field)?;
            let terms = meant(std::slice::from_ref(&word.test), &inverted)?;
            *holding += terms.iter().map(|term| f64::from(term.info.doc_freq)).sum::<f64>();
        }
        Ok(())
    }

    pub(crate) fn in_segment(&self, reader: &SegmentReader) -> tantivy::Result<Scores> {
        let mut words = Vec::with_capacity(self.words.len());
        for word in &self.words {
            let inverted = reader.inverted_index(word.field)?;
            let mut terms = meant(std::slice::from_ref(&word.test), &inverted)?;
            if terms.len() > MOST_TERMS {
                terms.sort_by_key(|term| Reverse(term.info.doc_freq));
                terms.truncate(MOST_TERMS);
            }
            let read = |info| inverted.read_postings_from_terminfo(info, IndexRecordOption::WithFreqs);
            let postings = terms.iter().map(|term| read(&term.info)).collect::<std::io::Result<Vec<_>>>()?;
            if !postings.is_empty() {
                words.push((word.idf, postings));
            }
        }
        Ok(Scores { words, marks: reader.fast_fields().column_first_or_default::<u64>(MARKS)? })
    }
}

impl Scores {
    /// In millionths. Posts are asked for in ascending order.
    pub(crate) fn score(&mut self, doc: DocId) -> i64 {
        // The middle of the numbers with so many binary digits.
        let length = 0.75 * f64::from(1_u32 << length_code(self.marks.get_val(doc)));
        let norm = K1 * (1.0 - B + B * length / MEAN_LENGTH);
        let mut score = 0.0;
        for (idf, terms) in &mut self.words {
            let mut times = 0;
            for postings in terms {
                if postings.doc() < doc {
                    postings.seek(doc);
                }
                if postings.doc() == doc {
                    times += postings.term_freq();
                }
            }
            if times > 0 {
                let times = f64::from(times);
                score += *idf * times * (K1 + 1.0) / (times + norm);
            }
        }
        (score * 1e6) as i64
    }
}

/// The words that a query wants, each once, with the field they are looked for in.
fn wanted(expr: &Expr, fields: &Fields, field: Field, words: &mut Vec<(Field, WordTest)>) {
    let mut take = |test: &WordTest| {
        if words.len() < MOST_WORDS && !words.iter().any(|(of, known)| *of == field && known == test) {
            words.push((field, test.clone()));
        }
    };
    match &expr.node {
        Node::Word(word) => take(&word.test),
        Node::Phrase(phrase) => phrase.words.iter().for_each(|word| take(&word.test)),
        Node::Near { left, right, .. } | Node::Sentence { left, right } => {
            wanted(left, fields, field, words);
            wanted(right, fields, field, words);
        }
        Node::Title(part) => wanted(part, fields, fields.title, words),
        Node::List { of, .. } => wanted(of, fields, field, words),
        Node::And(parts) | Node::Or(parts) | Node::AtLeast { of: parts, .. } => {
            parts.iter().for_each(|part| wanted(part, fields, field, words));
        }
        Node::Not(_) | Node::Field(_) => {}
    }
}
