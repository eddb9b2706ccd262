//! Counts what the selected mentions of one slice say.

use std::ops::ControlFlow;

use molva_text::{Key, KeySpace};
use tantivy::columnar::StrColumn;
use tantivy::index::SegmentId;
use tantivy::{DocId, Searcher, SegmentReader};

use crate::cache::{Cache, Kept};
use crate::facet::Facet;
use crate::select::Selection;
use crate::vocabulary::Vocabulary;

/// What is counted beside words, in the order in which answers have it.
pub(super) const SIGNS: [Facet; 3] = [Facet::Hashtag, Facet::Emoji, Facet::Link];

/// How many mentions of a slice hold each value.
#[derive(Debug, Default)]
pub(super) struct SaidPart {
    pub(super) mentions: u64,
    /// By number of the vocabulary, ascending.
    pub(super) words: Vec<(u32, u32)>,
    pub(super) signs: [Vec<Sign>; SIGNS.len()],
    /// The segments that signs name.
    segments: Vec<SegmentId>,
}

/// A hashtag, an emoji or a link: links are too many to keep their texts.
#[derive(Debug)]
pub(super) struct Sign {
    pub(super) hash: u64,
    pub(super) count: u32,
    /// Where its text stands: the segment's place in the part, and the number there.
    segment: u32,
    number: u32,
}

impl Kept for SaidPart {
    fn bytes(&self) -> usize {
        let signs: usize = self.signs.iter().map(|signs| signs.len() * size_of::<Sign>()).sum();
        size_of::<Self>() + self.words.len() * size_of::<(u32, u32)>() + signs
    }
}

pub(super) fn count_slice(
    selection: &Selection,
    searcher: &Searcher,
    cache: &Cache,
    vocabulary: &Vocabulary,
) -> tantivy::Result<SaidPart> {
    let selected = selection.in_slice(searcher)?;
    let mut part = SaidPart::default();
    for reader in searcher.segment_readers() {
        let mut words = Counter::open(Facet::Word, reader)?;
        let mut signs = SIGNS.iter().map(|facet| Counter::open(*facet, reader)).collect::<tantivy::Result<Vec<_>>>()?;
        let before = part.mentions;
        selected.each_block(reader, 0, |docs| {
            part.mentions += docs.len() as u64;
            words.iter_mut().chain(signs.iter_mut().flatten()).for_each(|counter| counter.count(docs));
            ControlFlow::Continue(())
        })?;
        if part.mentions == before {
            continue;
        }
        if let Some(words) = words {
            let table = vocabulary.table(cache, reader, &words.column)?;
            let met = table.0.iter().zip(&words.counts).filter(|(_, count)| **count > 0);
            part.words.extend(met.map(|(number, count)| (*number, *count)));
        }
        for (sort, counter) in signs.into_iter().enumerate() {
            if let Some(counter) = counter {
                counter.add_to(part.segments.len() as u32, &mut part.signs[sort])?;
            }
        }
        part.segments.push(reader.segment_id());
    }
    part.words.sort_unstable_by_key(|(number, _)| *number);
    // A word of several segments counts in each.
    part.words.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        if same {
            earlier.1 += later.1;
        }
        same
    });
    part.words.shrink_to_fit();
    part.signs.iter_mut().for_each(Vec::shrink_to_fit);
    Ok(part)
}

/// The text of a sign, read where it was counted.
pub(super) fn text_of(searcher: &Searcher, part: &SaidPart, sort: usize, sign: &Sign) -> tantivy::Result<String> {
    let segment = part.segments.get(sign.segment as usize);
    let reader = searcher.segment_readers().iter().find(|reader| Some(&reader.segment_id()) == segment);
    let mut text = String::new();
    if let (Some(reader), Some(name)) = (reader, SIGNS[sort].column())
        && let Some(column) = reader.fast_fields().str(name)?
    {
        column.ord_to_str(u64::from(sign.number), &mut text)?;
    }
    Ok(text)
}

/// Counts the values of a column that holds each value of a mention once.
struct Counter {
    column: StrColumn,
    counts: Vec<u32>,
    /// Scratch: whose values are read, and where they stand.
    docs: Vec<DocId>,
    rows: Vec<u32>,
    values: Vec<u64>,
}

impl Counter {
    fn open(facet: Facet, reader: &SegmentReader) -> tantivy::Result<Option<Self>> {
        let Some(name) = facet.column() else { return Ok(None) };
        let column = reader.fast_fields().str(name)?;
        Ok(column.map(|column| Self {
            counts: vec![0; column.num_terms()],
            column,
            docs: Vec::new(),
            rows: Vec::new(),
            values: Vec::new(),
        }))
    }

    fn count(&mut self, docs: &[DocId]) {
        self.rows.clear();
        self.docs.clear();
        self.column.ords().index.docids_to_rowids(docs, &mut self.docs, &mut self.rows);
        self.values.resize(self.rows.len(), 0);
        self.column.ords().values.get_vals(&self.rows, &mut self.values);
        for value in &self.values {
            self.counts[*value as usize] += 1;
        }
    }

    fn add_to(self, segment: u32, signs: &mut Vec<Sign>) -> tantivy::Result<()> {
        let met: Vec<u64> = (0..self.counts.len() as u64).filter(|number| self.counts[*number as usize] > 0).collect();
        let mut numbers = met.iter();
        self.column.dictionary().sorted_ords_to_term_cb(&met, |text| {
            if let Some(number) = numbers.next() {
                let hash = Key::of_text(&String::from_utf8_lossy(text), KeySpace::Sign).get();
                signs.push(Sign { hash, count: self.counts[*number as usize], segment, number: *number as u32 });
            }
        })?;
        Ok(())
    }
}
