//! A filter, read against the columns of a segment. Topics have posting lists, and are its business where they are many.

use std::ops::Range;
use std::sync::Arc;

use molva_domain::Timestamp;
use tantivy::columnar::{Cardinality, Column, ColumnValues};
use tantivy::{DocId, SegmentReader};

use crate::ask::Filter;
use crate::cache::Cache;
use crate::facet::{Facet, bounded_value, intent_bits, is_copy, is_spam, mark_code, mark_names};
use crate::held::{Bits, Ordinals};
use crate::schema::{AT, AUTHOR, MARKS};

/// A filter, mostly without its topics.
pub(crate) struct Narrow {
    /// Microseconds; the second does not belong to it.
    pub(crate) time: Range<i64>,
    usual: Usual,
    marks: Vec<OneOf>,
    intents: Vec<AnyIntent>,
    texts: Vec<(&'static str, Vec<String>)>,
    authors: Vec<Authors>,
    pub(crate) held: Arc<Cache>,
}

/// What nearly every question leaves out, whatever else it asks for.
#[derive(Clone, Copy)]
struct Usual {
    copies: bool,
    spam: bool,
    /// By the number of [`mark_code`]; 0: all of them are in.
    states: u64,
}

impl Usual {
    const fn passes(self, marks: u64) -> bool {
        !(self.copies && is_copy(marks) || self.spam && is_spam(marks))
            && (self.states == 0 || self.states >> mark_code(Facet::State, marks) & 1 == 1)
    }

    /// Leaves nothing out.
    const fn is_nothing(self) -> bool {
        !self.copies && !self.spam && self.states == 0
    }

    /// Tells it from others.
    const fn number(self) -> u64 {
        self.states << 2 | (self.spam as u64) << 1 | self.copies as u64
    }
}

/// A side of the marks must have one of these values.
#[derive(Clone, Copy)]
struct OneOf {
    facet: Facet,
    /// By the number of [`mark_code`].
    wanted: u64,
}

/// Authors of whom one must have said it.
#[derive(Clone)]
struct Authors {
    /// Sorted.
    hashes: Vec<u64>,
    or_none: bool,
}

impl Narrow {
    pub(crate) fn of(filter: &Filter, held: &Arc<Cache>) -> Self {
        let mut narrow = Self {
            time: filter.from.map_or(i64::MIN, Timestamp::as_micros)
                ..filter.before.map_or(i64::MAX, Timestamp::as_micros),
            usual: Usual {
                copies: filter.without_copies,
                spam: filter.without_spam,
                states: filter.states.iter().fold(0, |states, state| states | 1 << (*state as u64 + 1)),
            },
            marks: Vec::new(),
            intents: Vec::new(),
            texts: Vec::new(),
            authors: Vec::new(),
            held: Arc::clone(held),
        };
        for (facet, values) in filter.facets.iter().filter(|(_, values)| !values.is_empty()) {
            if let Some(names) = mark_names(*facet) {
                let number = |value: &String| names.iter().position(|name| name == value).map(|at| at as u64 + 1);
                let wanted = values.iter().filter_map(|value| if value.is_empty() { Some(0) } else { number(value) });
                let wanted = wanted.fold(0_u64, |wanted, number| wanted | 1 << number);
                if *facet == Facet::Intent {
                    narrow.intents.push(AnyIntent { bits: wanted >> 1, or_none: wanted & 1 == 1 });
                } else {
                    narrow.marks.push(OneOf { facet: *facet, wanted });
                }
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
        narrow
    }

    /// With its topics.
    pub(crate) fn with_topics(filter: &Filter, held: &Arc<Cache>) -> Self {
        let mut narrow = Self::of(filter, held);
        if let (false, Some(column)) = (filter.topics.is_empty(), Facet::Topic.column()) {
            narrow.texts.push((column, filter.topics.iter().map(ToString::to_string).collect()));
        }
        narrow
    }

    /// `None` when nothing of the segment passes. `whole`: all its posts will be looked at.
    pub(crate) fn in_segment(&self, reader: &SegmentReader, whole: bool) -> tantivy::Result<Option<Gate>> {
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
        let column = columns.column_first_or_default::<u64>(MARKS)?;
        let mut scratch = Vec::new();
        let usual = if self.usual.is_nothing() {
            None
        } else {
            Bits::of(&self.held, reader, ("usual", self.usual.number()), |docs, passed| {
                scratch.resize(docs.len(), 0);
                column.get_vals(docs, &mut scratch);
                passed.clear();
                passed.extend(scratch.iter().map(|marks| self.usual.passes(*marks)));
            })
        };
        let unusual = if usual.is_some() { Usual { copies: false, spam: false, states: 0 } } else { self.usual };
        let marks = if unusual.is_nothing() && self.marks.is_empty() && self.intents.is_empty() {
            None
        } else {
            Some(PassingMarks { column, usual: unusual, one_of: self.marks.clone(), intents: self.intents.clone() })
        };
        let mut texts = Vec::new();
        for (name, values) in &self.texts {
            let Some(column) = columns.str(name)? else {
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
            passing[0] |= column.ords().index.get_cardinality() == Cardinality::Full;
            if !passing.contains(&false) {
                continue;
            }
            let held = if whole {
                Ordinals::hold(&self.held, reader, name, &column)
            } else {
                Ordinals::known(&self.held, reader, name)
            };
            texts.push(PassingTexts { held, column: column.ords().clone(), passing });
        }
        let mut authors = Vec::new();
        for wanted in &self.authors {
            match columns.column_opt::<u64>(AUTHOR)? {
                Some(column) => authors.push((column, wanted.clone())),
                None if wanted.or_none => {}
                None => return Ok(None),
            }
        }
        Ok(Some(Gate { docs, usual, marks, texts, authors }))
    }
}

/// The packed marks of posts, and which of them pass.
struct PassingMarks {
    column: Arc<dyn ColumnValues<u64>>,
    usual: Usual,
    one_of: Vec<OneOf>,
    intents: Vec<AnyIntent>,
}

impl PassingMarks {
    fn pass(&self, marks: u64) -> bool {
        self.usual.passes(marks)
            && self.one_of.iter().all(|side| side.wanted >> mark_code(side.facet, marks) & 1 == 1)
            && self.intents.iter().all(|wanted| wanted.passes(intent_bits(marks)))
    }
}

/// A column of texts, and which of its values pass.
struct PassingTexts {
    held: Option<Arc<Ordinals>>,
    column: Column<u64>,
    /// By number of the value plus one; the first stands for none.
    passing: Vec<bool>,
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
    /// Those that are not left out by what nearly every question leaves out, where that is known; whoever walks over the posts
    /// passes over the others.
    pub(crate) usual: Option<Arc<Bits>>,
    marks: Option<PassingMarks>,
    texts: Vec<PassingTexts>,
    authors: Vec<(Column<u64>, Authors)>,
}

impl Gate {
    /// Keeps those of ascending posts that pass; all of them lie in the time asked for and are usual.
    pub(crate) fn retain(&self, docs: &mut Vec<DocId>, scratch: &mut Vec<u64>) {
        if let Some(passing) = &self.marks {
            scratch.resize(docs.len(), 0);
            passing.column.get_vals(docs, scratch);
            let mut marks = scratch.iter();
            docs.retain(|_| marks.next().is_some_and(|marks| passing.pass(*marks)));
        }
        for PassingTexts { held, column, passing } in &self.texts {
            if let Some(held) = held {
                held.retain(docs, passing);
                continue;
            }
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
