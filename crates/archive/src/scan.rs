//! Posts whose column passes a test, read one by one.

use std::ops::{Bound, RangeBounds as _};

use tantivy::query::{ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED};

use crate::positional::explain;

/// A test of one column.
#[derive(Clone, Debug)]
pub(crate) enum ColumnQuery {
    /// An address of one of the columns contains these letters, lower case.
    Contains(&'static [&'static str], String),
    /// Both ends belong to it.
    Number(&'static str, u64, u64),
    Score(&'static str, Bound<f64>, Bound<f64>),
    /// Microseconds; the second does not belong to it.
    Time(&'static str, i64, i64),
}

impl Query for ColumnQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for ColumnQuery {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let columns = reader.fast_fields();
        let passes: Test = match self.clone() {
            Self::Contains(columns, part) => {
                let mut tests = Vec::new();
                for column in columns {
                    tests.extend(containing(reader, column, &part)?);
                }
                match (tests.len(), tests.pop()) {
                    (_, None) => return Ok(Box::new(EmptyScorer)),
                    (1, Some(only)) => only,
                    (_, Some(last)) => Box::new(move |doc| last(doc) || tests.iter().any(|test| test(doc))),
                }
            }
            Self::Number(column, from, to) => match columns.column_opt::<u64>(column)? {
                Some(column) if from <= column.max_value() && column.min_value() <= to => {
                    Box::new(move |doc| column.first(doc).is_some_and(|number| from <= number && number <= to))
                }
                _ => return Ok(Box::new(EmptyScorer)),
            },
            Self::Score(column, from, to) => match columns.column_opt::<f64>(column)? {
                Some(column) => Box::new(move |doc| column.first(doc).is_some_and(|score| (from, to).contains(&score))),
                None => return Ok(Box::new(EmptyScorer)),
            },
            Self::Time(column, from, before) => {
                let column = columns.i64(column)?;
                Box::new(move |doc| column.first(doc).is_some_and(|at| from <= at && at < before))
            }
        };
        Ok(Box::new(ConstScorer::new(Scan::new(0, reader.max_doc(), passes), boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain(self, reader, doc)
    }
}

/// Whether a post passes.
type Test = Box<dyn Fn(DocId) -> bool + Send>;

/// Reads the dictionary of the column through once; `None` when no address of it contains the letters.
fn containing(reader: &SegmentReader, column: &str, part: &str) -> tantivy::Result<Option<Test>> {
    let Some(column) = reader.fast_fields().str(column)? else { return Ok(None) };
    let mut wanted = vec![0_u64; column.num_terms().div_ceil(64)];
    let mut addresses = column.dictionary().stream()?;
    while addresses.advance() {
        if std::str::from_utf8(addresses.key()).is_ok_and(|address| holds(address, part)) {
            let number = addresses.term_ord() as usize;
            wanted[number / 64] |= 1 << (number % 64);
        }
    }
    if wanted.iter().all(|word| *word == 0) {
        return Ok(None);
    }
    let column = column.clone();
    Ok(Some(Box::new(move |doc| {
        column.term_ords(doc).any(|number| wanted[number as usize / 64] >> (number % 64) & 1 == 1)
    })))
}

/// Addresses that people are shown keep their capitals.
fn holds(address: &str, part: &str) -> bool {
    let small = !address.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii());
    if small { address.contains(part) } else { address.to_lowercase().contains(part) }
}

struct Scan {
    doc: DocId,
    end: DocId,
    passes: Test,
}

impl Scan {
    fn new(first: DocId, end: DocId, passes: Test) -> Self {
        let mut scan = Self { doc: first, end, passes };
        scan.find(first);
        scan
    }

    fn find(&mut self, from: DocId) -> DocId {
        self.doc = (from..self.end).find(|doc| (self.passes)(*doc)).unwrap_or(TERMINATED);
        self.doc
    }
}

impl DocSet for Scan {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED { TERMINATED } else { self.find(self.doc + 1) }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc { self.doc } else { self.find(target) }
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        // Whoever asks for one post does not want the next one looked for.
        if target >= self.end {
            SeekDangerResult::SeekLowerBound(TERMINATED)
        } else if target < self.doc {
            SeekDangerResult::SeekLowerBound(self.doc)
        } else if target == self.doc || (self.passes)(target) {
            self.doc = target;
            SeekDangerResult::Found
        } else {
            SeekDangerResult::SeekLowerBound(target + 1)
        }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.end.saturating_sub(self.doc.min(self.end))
    }
}
