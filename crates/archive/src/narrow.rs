//! A filter, read against the columns of a segment. Topics are not its business: they have posting lists.

use std::ops::Range;
use std::sync::Arc;

use molva_domain::Timestamp;
use tantivy::columnar::{Column, ColumnValues};
use tantivy::{DocId, SegmentReader};

use crate::ask::Filter;
use crate::facet::{
    Facet, ONE_OF_EACH_END, bounded_value, intent_bits, is_copy, is_spam, mark_code, mark_names, one_of_each,
};
use crate::schema::{AT, AUTHOR, MARKS};

/// A filter without its topics.
pub(crate) struct Narrow {
    /// Microseconds; the second does not belong to it.
    pub(crate) time: Range<i64>,
    /// By [`one_of_each`], which packed marks pass, when not all do.
    marks: Option<Arc<[bool]>>,
    intents: Vec<AnyIntent>,
    texts: Vec<(&'static str, Vec<String>)>,
    authors: Vec<Authors>,
}

/// Authors of whom one must have said it.
#[derive(Clone)]
struct Authors {
    /// Sorted.
    hashes: Vec<u64>,
    or_none: bool,
}

impl Narrow {
    pub(crate) fn of(filter: &Filter) -> Self {
        let mut narrow = Self {
            time: filter.from.map_or(i64::MIN, Timestamp::as_micros)
                ..filter.before.map_or(i64::MAX, Timestamp::as_micros),
            marks: None,
            intents: Vec::new(),
            texts: Vec::new(),
            authors: Vec::new(),
        };
        let mut tests: Vec<Box<dyn Fn(u64) -> bool>> = Vec::new();
        if filter.without_copies {
            tests.push(Box::new(|marks| !is_copy(marks)));
        }
        if filter.without_spam {
            tests.push(Box::new(|marks| !is_spam(marks)));
        }
        if !filter.states.is_empty() {
            let wanted: Vec<u64> = filter.states.iter().map(|state| *state as u64 + 1).collect();
            tests.push(Box::new(move |marks| wanted.contains(&mark_code(Facet::State, marks))));
        }
        for (facet, values) in filter.facets.iter().filter(|(_, values)| !values.is_empty()) {
            if let Some(names) = mark_names(*facet) {
                let number = |value: &String| names.iter().position(|name| name == value).map(|at| at as u64 + 1);
                let wanted: Vec<u64> =
                    values.iter().filter_map(|value| if value.is_empty() { Some(0) } else { number(value) }).collect();
                let facet = *facet;
                if facet == Facet::Intent {
                    let bits =
                        wanted.iter().filter_map(|number| number.checked_sub(1)).fold(0, |bits, bit| bits | 1 << bit);
                    narrow.intents.push(AnyIntent { bits, or_none: wanted.contains(&0) });
                    continue;
                }
                tests.push(Box::new(move |marks| wanted.contains(&mark_code(facet, marks))));
            } else if let Some(column) = facet.column() {
                let values = values.iter().map(|value| bounded_value(value).to_owned()).collect();
                narrow.texts.push((column, values));
            } else {
                let hash = |value: &String| u64::from_str_radix(value, 16).ok().filter(|_| value.len() == 16);
                let mut hashes: Vec<u64> = values.iter().filter_map(hash).collect();
                hashes.sort_unstable();
                narrow.authors.push(Authors { hashes, or_none: values.iter().any(String::is_empty) });
            }
        }
        if !tests.is_empty() {
            narrow.marks =
                Some((0..ONE_OF_EACH_END as u64).map(|marks| tests.iter().all(|test| test(marks))).collect());
        }
        narrow
    }

    /// `None` when nothing of the segment passes.
    pub(crate) fn in_segment(&self, reader: &SegmentReader) -> tantivy::Result<Option<Gate>> {
        let columns = reader.fast_fields();
        let mut docs = 0..reader.max_doc();
        if self.time.start > i64::MIN || self.time.end < i64::MAX {
            let at = columns.column_first_or_default::<i64>(AT)?;
            docs.start = first_that(docs.end, |doc| at.get_val(doc) < self.time.end);
            docs.end = first_that(docs.end, |doc| at.get_val(doc) < self.time.start);
        }
        if docs.is_empty() {
            return Ok(None);
        }
        let marks = if self.marks.is_some() || !self.intents.is_empty() {
            let column = columns.column_first_or_default::<u64>(MARKS)?;
            Some(PassingMarks { column, one_of_each: self.marks.clone(), intents: self.intents.clone() })
        } else {
            None
        };
        let mut texts = Vec::new();
        for (column, values) in &self.texts {
            let Some(column) = columns.str(column)? else {
                if values.iter().any(String::is_empty) {
                    continue;
                }
                return Ok(None);
            };
            let mut passing = vec![false; column.num_terms() + 1];
            for value in values {
                if value.is_empty() {
                    passing[0] = true;
                } else if let Some(number) = column.dictionary().term_ord(value)? {
                    passing[number as usize + 1] = true;
                }
            }
            if !passing.contains(&true) {
                return Ok(None);
            }
            texts.push((column.ords().clone(), passing));
        }
        let mut authors = Vec::new();
        for wanted in &self.authors {
            match columns.column_opt::<u64>(AUTHOR)? {
                Some(column) => authors.push((column, wanted.clone())),
                None if wanted.or_none => {}
                None => return Ok(None),
            }
        }
        Ok(Some(Gate { docs, marks, texts, authors }))
    }
}

/// The packed marks of posts, and which of them pass.
struct PassingMarks {
    column: Arc<dyn ColumnValues<u64>>,
    /// By [`one_of_each`].
    one_of_each: Option<Arc<[bool]>>,
    intents: Vec<AnyIntent>,
}

impl PassingMarks {
    fn pass(&self, marks: u64) -> bool {
        self.one_of_each.as_ref().is_none_or(|passing| passing[one_of_each(marks)])
            && self.intents.iter().all(|wanted| wanted.passes(intent_bits(marks)))
    }
}

/// Intents of which a mention must have one.
#[derive(Clone, Copy)]
struct AnyIntent {
    bits: u64,
    or_none: bool,
}

impl AnyIntent {
    const fn passes(self, own: u64) -> bool {
        own & self.bits != 0 || (self.or_none && own == 0)
    }
}

/// What of a segment passes.
pub(crate) struct Gate {
    /// The posts of the time asked for: a segment is sorted by it.
    pub(crate) docs: Range<DocId>,
    marks: Option<PassingMarks>,
    /// By number of the value plus one; the first stands for none.
    texts: Vec<(Column<u64>, Vec<bool>)>,
    authors: Vec<(Column<u64>, Authors)>,
}

impl Gate {
    /// Keeps those of ascending posts that pass; all of them lie in the time asked for.
    pub(crate) fn retain(&self, docs: &mut Vec<DocId>, scratch: &mut Vec<u64>) {
        if let Some(passing) = &self.marks {
            scratch.resize(docs.len(), 0);
            passing.column.get_vals(docs, scratch);
            let mut marks = scratch.iter();
            docs.retain(|_| marks.next().is_some_and(|marks| passing.pass(*marks)));
        }
        for (column, passing) in &self.texts {
            docs.retain(|doc| {
                let mut numbers = column.values_for_doc(*doc).peekable();
                if numbers.peek().is_none() { passing[0] } else { numbers.any(|number| passing[number as usize + 1]) }
            });
        }
        for (column, wanted) in &self.authors {
            docs.retain(|doc| match column.first(*doc) {
                Some(hash) => wanted.hashes.binary_search(&hash).is_ok(),
                None => wanted.or_none,
            });
        }
    }
}

/// The first post below `max` that passes, when all behind it pass too; else `max`.
pub(crate) fn first_that(max: DocId, passes: impl Fn(DocId) -> bool) -> DocId {
    let (mut low, mut high) = (0, max);
    while low < high {
        let middle = low + (high - low) / 2;
        if passes(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}
