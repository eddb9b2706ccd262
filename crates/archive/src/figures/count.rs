//! Counts the selected mentions of one slice.

use std::ops::ControlFlow;
use std::sync::Arc;

use tantivy::columnar::{Column, ColumnValues};
use tantivy::{DocId, Searcher, SegmentReader};

use super::authors::AuthorCounter;
use super::facets::FacetCounter;
use crate::ask::{Ask, Bucket, Cells, FacetAsk, Tones};
use crate::facet::{each_bit, intent_bits, tone_code};
use crate::schema::{AT, FOLLOWERS, ID, MARKS, VIEWS};
use crate::select::Selection;
use crate::tally::{FacetPart, Map, Part, Tally};

/// What every counter is handed of a block of posts.
#[derive(Default)]
pub(super) struct Block {
    /// Packed marks, one for each post.
    pub(super) marks: Vec<u64>,
    /// Followers of the author, where they are known.
    pub(super) followers: Vec<Option<u64>>,
    at: Vec<i64>,
    views: Vec<Option<u64>>,
    /// Scratch of the facets: which post of the block has which value.
    pub(super) owners: Vec<u32>,
    pub(super) holders: Vec<DocId>,
    pub(super) rows: Vec<u32>,
    pub(super) values: Vec<u64>,
}

/// Columns that every question reads.
pub(super) struct Columns {
    pub(super) at: Arc<dyn ColumnValues<i64>>,
    pub(super) id: Arc<dyn ColumnValues<i64>>,
    marks: Arc<dyn ColumnValues<u64>>,
    followers: Option<Column<u64>>,
    views: Option<Column<u64>>,
}

impl Columns {
    fn open(reader: &SegmentReader) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        Ok(Self {
            at: columns.column_first_or_default::<i64>(AT)?,
            id: columns.column_first_or_default::<i64>(ID)?,
            marks: columns.column_first_or_default::<u64>(MARKS)?,
            followers: columns.column_opt::<u64>(FOLLOWERS)?,
            views: columns.column_opt::<u64>(VIEWS)?,
        })
    }

    /// Time and id.
    pub(super) fn moment(&self, doc: DocId) -> (i64, i64) {
        (self.at.get_val(doc), self.id.get_val(doc))
    }

    fn read(&self, docs: &[DocId], with_time: bool, block: &mut Block) {
        block.marks.resize(docs.len(), 0);
        self.marks.get_vals(docs, &mut block.marks);
        read_some(self.followers.as_ref(), docs, &mut block.followers);
        read_some(self.views.as_ref(), docs, &mut block.views);
        if with_time {
            block.at.resize(docs.len(), 0);
            self.at.get_vals(docs, &mut block.at);
        }
    }
}

fn read_some(column: Option<&Column<u64>>, docs: &[DocId], out: &mut Vec<Option<u64>>) {
    out.clear();
    out.resize(docs.len(), None);
    if let Some(column) = column {
        column.first_vals(docs, out);
    }
}

pub(super) fn slice(selection: &Selection, searcher: &Searcher, ask: &Ask) -> tantivy::Result<Part> {
    let selected = selection.in_slice(searcher)?;
    let mut part = Part { cells: vec![0; if ask.cells.is_some() { Cells::COUNT } else { 0 }], ..Part::default() };
    let mut buckets = Buckets::new(ask);
    let mut values: Vec<Map<Box<str>, Tally>> = ask.facets.iter().map(|_| Map::default()).collect();
    part.facets.resize_with(ask.facets.len(), FacetPart::default);
    let mut authors = ask.authors.then(AuthorCounter::default);
    let with_time = ask.edges.len() > 1 || ask.cells.is_some();
    let mut block = Block::default();
    for reader in searcher.segment_readers() {
        let columns = Columns::open(reader)?;
        let open = |asked: &FacetAsk| FacetCounter::open(*asked, reader, &selection.narrow.held);
        let mut facets = ask.facets.iter().map(open).collect::<tantivy::Result<Vec<_>>>()?;
        if let Some(authors) = &mut authors {
            authors.open(reader)?;
        }
        let mut bucket = buckets.len();
        selected.each_block(reader, 0, |docs| {
            columns.read(docs, with_time, &mut block);
            part.count_block(&block);
            if with_time {
                bucket = buckets.count(&block, bucket);
                if let Some(cells) = &ask.cells {
                    count_cells(cells, &block.at, &mut part.cells);
                }
            }
            facets.iter_mut().for_each(|facet| facet.count(docs, &mut block));
            if let Some(authors) = &mut authors {
                authors.count(docs, &columns, &mut block);
            }
            ControlFlow::Continue(())
        })?;
        for ((facet, values), part) in facets.into_iter().zip(&mut values).zip(&mut part.facets) {
            facet.hold(reader, &selection.narrow.held);
            part.without += facet.finish(&columns, values)?;
        }
    }
    for (part, values) in part.facets.iter_mut().zip(values) {
        part.values = values.into_iter().collect();
    }
    part.buckets = buckets.finish();
    part.authors = authors.map(AuthorCounter::finish);
    Ok(part)
}

impl Part {
    fn count_block(&mut self, block: &Block) {
        self.mentions += block.marks.len() as u64;
        let mut tones = [0_u64; 4];
        for marks in &block.marks {
            tones[tone_code(*marks) as usize] += 1;
        }
        let [unjudged, negative, neutral, positive] = tones;
        self.tones.add(&Tones { negative, neutral, positive, unjudged });
        for followers in &block.followers {
            match followers {
                Some(followers) => self.reach = self.reach.saturating_add(*followers),
                None => self.reach_unknown += 1,
            }
        }
        self.views = block.views.iter().flatten().fold(self.views, |sum, views| sum.saturating_add(*views));
    }
}

/// Posts come newest first, so the edges are walked from the last to the first.
struct Buckets<'a> {
    ask: &'a Ask,
    counts: Vec<Bucket>,
}

impl<'a> Buckets<'a> {
    fn new(ask: &'a Ask) -> Self {
        Self { ask, counts: vec![Bucket::default(); ask.edges.len().saturating_sub(1)] }
    }

    fn len(&self) -> usize {
        self.counts.len()
    }

    /// `edge`: no post that is still to come stands at the edge behind this one or later. Gives it for the next block.
    fn count(&mut self, block: &Block, mut edge: usize) -> usize {
        let Some(last) = self.ask.edges.last().map(|last| last.as_micros()) else { return edge };
        for (index, at) in block.at.iter().enumerate() {
            if *at >= last {
                continue;
            }
            while self.ask.edges[edge].as_micros() > *at {
                if edge == 0 {
                    return edge;
                }
                edge -= 1;
            }
            let Some(bucket) = self.counts.get_mut(edge) else { continue };
            bucket.mentions += 1;
            if self.ask.bucket_details {
                bucket.tones.count(tone_code(block.marks[index]));
                bucket.reach = bucket.reach.saturating_add(block.followers[index].unwrap_or(0));
                each_bit(intent_bits(block.marks[index])).for_each(|intent| bucket.intents[intent as usize] += 1);
            }
        }
        edge
    }

    /// Without the empty ones at both ends.
    fn finish(self) -> (usize, Vec<Bucket>) {
        let full = |bucket: &Bucket| bucket.mentions > 0;
        let Some(first) = self.counts.iter().position(full) else { return (0, Vec::new()) };
        let last = self.counts.iter().rposition(full).unwrap_or(first);
        (first, self.counts[first..=last].to_vec())
    }
}

fn count_cells(cells: &Cells, times: &[i64], counts: &mut [u64]) {
    let (start, slot) = (cells.start.as_micros(), cells.slot.as_micros() as i64);
    for at in times {
        let number = at.saturating_sub(start).div_euclid(slot);
        if let Some(cell) = usize::try_from(number).ok().and_then(|number| cells.cell_of_slot.get(number)) {
            counts[usize::from(*cell)] += 1;
        }
    }
}
