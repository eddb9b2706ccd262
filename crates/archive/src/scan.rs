//! Posts whose column passes a test, read one by one.

use std::hash::Hash as _;
use std::ops::{Bound, RangeBounds as _};
use std::sync::Arc;

use memchr::memmem::Finder;
use tantivy::columnar::StrColumn;
use tantivy::query::{ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED};

use crate::cache::{Cache, Kept, Print};
use crate::positional::explain;
use crate::schema::BY_LINK;

/// A test of one column.
#[derive(Clone, Debug)]
pub(crate) enum ColumnQuery {
    /// An address of one of the columns contains these letters, lower case.
    Contains(&'static [&'static str], String, Arc<Cache>),
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
            Self::Contains(columns, part, cache) => {
                let mut tests = Vec::new();
                for column in columns {
                    tests.extend(containing(reader, &cache, column, &part)?);
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

/// `None` when no address of the column contains the letters.
fn containing(reader: &SegmentReader, cache: &Cache, column: &str, part: &str) -> tantivy::Result<Option<Test>> {
    let Some(addresses) = reader.fast_fields().str(column)? else { return Ok(None) };
    let mut print = Print::of_segment("addresses", reader.segment_id(), 0);
    (column, part).hash(&mut print);
    let wanted = match cache.get::<Addresses>(&print) {
        Some(known) => known,
        None => {
            let found = Arc::new(Addresses::read(&addresses, column == BY_LINK, part)?);
            cache.put(&print, &found);
            found
        }
    };
    if wanted.0.is_empty() {
        return Ok(None);
    }
    Ok(Some(Box::new(move |doc| addresses.term_ords(doc).any(|number| wanted.has(number)))))
}

/// Which addresses of a segment contain some letters, a bit for each; nothing when none does.
struct Addresses(Box<[u64]>);

impl Kept for Addresses {
    fn bytes(&self) -> usize {
        size_of_val(&*self.0)
    }
}

impl Addresses {
    /// Reads the dictionary through once. `cased`: it holds capitals, because people are shown these addresses.
    fn read(column: &StrColumn, cased: bool, part: &str) -> tantivy::Result<Self> {
        let mut wanted = vec![0_u64; column.num_terms().div_ceil(64)];
        let (finder, mut any) = (Finder::new(part), false);
        let mut addresses = column.dictionary().stream()?;
        while addresses.advance() {
            let address = addresses.key();
            let small = !cased || !address.iter().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii());
            let holds = |address: &[u8]| finder.find(address).is_some();
            if if small { holds(address) } else { holds(String::from_utf8_lossy(address).to_lowercase().as_bytes()) } {
                let number = addresses.term_ord() as usize;
                wanted[number / 64] |= 1 << (number % 64);
                any = true;
            }
        }
        Ok(Self(if any { wanted.into() } else { Box::default() }))
    }

    fn has(&self, number: u64) -> bool {
        self.0[number as usize / 64] >> (number % 64) & 1 == 1
    }
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
