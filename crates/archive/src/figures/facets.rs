//! Counts the values of one facet in a segment, by the numbers they have in its dictionary.

use std::sync::Arc;

use tantivy::columnar::StrColumn;
use tantivy::{DocId, SegmentReader};

use super::count::{Block, Columns};
use crate::ask::FacetAsk;
use crate::cache::Cache;
use crate::facet::{Facet, each_bit, intent_bits, mark_code, mark_names, tone_code};
use crate::held::Ordinals;
use crate::tally::{Map, Tally};

pub(super) struct FacetCounter {
    facet: Facet,
    details: bool,
    source: Source,
    /// By number of the value.
    counts: Vec<u32>,
    /// The first post of each, which is its newest.
    first: Vec<DocId>,
    tones: Vec<[u32; 4]>,
    reach: Vec<u64>,
    without: u64,
}

enum Source {
    Texts(StrColumn),
    /// The numbers of the values are in memory.
    Held(StrColumn, Arc<Ordinals>),
    Marks(Vec<&'static str>),
    /// Authors are counted elsewhere, or no post of the segment has a value.
    Nothing,
}

impl FacetCounter {
    pub(super) fn open(asked: FacetAsk, reader: &SegmentReader, held: &Cache) -> tantivy::Result<Self> {
        let source = match (mark_names(asked.facet), asked.facet.column()) {
            (Some(names), _) => Source::Marks(names),
            (None, Some(name)) => match reader.fast_fields().str(name)? {
                None => Source::Nothing,
                Some(column) => match Ordinals::known(held, reader, name) {
                    Some(numbers) => Source::Held(column, numbers),
                    None => Source::Texts(column),
                },
            },
            (None, None) => Source::Nothing,
        };
        let values = match &source {
            Source::Texts(column) | Source::Held(column, _) => column.num_terms(),
            Source::Marks(names) => names.len(),
            Source::Nothing => 0,
        };
        let detailed = if asked.details { values } else { 0 };
        Ok(Self {
            facet: asked.facet,
            details: asked.details,
            source,
            counts: vec![0; values],
            first: vec![0; values],
            tones: vec![[0; 4]; detailed],
            reach: vec![0; detailed],
            without: 0,
        })
    }

    pub(super) fn count(&mut self, docs: &[DocId], block: &mut Block) {
        block.owners.clear();
        block.values.clear();
        match &self.source {
            Source::Marks(_) if self.facet == Facet::Intent => {
                for (marks, owner) in block.marks.iter().zip(0..) {
                    let bits = intent_bits(*marks);
                    self.without += u64::from(bits == 0);
                    for bit in each_bit(bits) {
                        block.owners.push(owner);
                        block.values.push(bit);
                    }
                }
            }
            Source::Marks(_) => {
                for (marks, owner) in block.marks.iter().zip(0..) {
                    match mark_code(self.facet, *marks) {
                        0 => self.without += 1,
                        code => {
                            block.owners.push(owner);
                            block.values.push(code - 1);
                        }
                    }
                }
            }
            Source::Held(_, numbers) => {
                let mut without = 0;
                numbers.each(docs, |owner, number| match number {
                    0 => without += 1,
                    number => {
                        block.owners.push(owner as u32);
                        block.values.push(number as u64 - 1);
                    }
                });
                self.without += without;
            }
            Source::Texts(column) => {
                block.rows.clear();
                block.holders.clear();
                column.ords().index.docids_to_rowids(docs, &mut block.holders, &mut block.rows);
                let mut owners = docs.iter().zip(0..).peekable();
                for holder in &block.holders {
                    while owners.next_if(|(doc, _)| *doc < holder).is_some() {}
                    block.owners.extend(owners.peek().map(|(_, owner)| owner));
                }
                let with = block.holders.chunk_by(PartialEq::eq).count();
                self.without += (docs.len() - with) as u64;
                block.values.resize(block.rows.len(), 0);
                column.ords().values.get_vals(&block.rows, &mut block.values);
            }
            Source::Nothing => self.without += docs.len() as u64,
        }
        for (owner, value) in block.owners.iter().zip(&block.values) {
            let (owner, value) = (*owner as usize, *value as usize);
            if self.counts[value] == 0 {
                self.first[value] = docs[owner];
            }
            self.counts[value] += 1;
            if self.details {
                self.tones[value][tone_code(block.marks[owner]) as usize] += 1;
                self.reach[value] = self.reach[value].saturating_add(block.followers[owner].unwrap_or(0));
            }
        }
    }

    /// Has the column held for the next time when much of it was looked up.
    pub(super) fn hold(&self, reader: &SegmentReader, held: &Cache) {
        let counted = self.counts.iter().map(|count| u64::from(*count)).sum::<u64>();
        if let (Source::Texts(column), Some(name)) = (&self.source, self.facet.column())
            && Ordinals::pays(reader, counted + self.without)
        {
            drop(Ordinals::hold(held, reader, name, column));
        }
    }

    /// Adds what was counted to the values of the slice; gives how many posts have none.
    pub(super) fn finish(self, columns: &Columns, values: &mut Map<Box<str>, Tally>) -> tantivy::Result<u64> {
        let met: Vec<u64> = (0..self.counts.len() as u64).filter(|number| self.counts[*number as usize] > 0).collect();
        let mut add = |number: usize, value: &str| {
            let tally = Tally {
                mentions: self.counts[number],
                tones: self.tones.get(number).copied().unwrap_or_default(),
                reach: self.reach.get(number).copied().unwrap_or(0),
                newest: columns.moment(self.first[number]),
            };
            match values.get_mut(value) {
                Some(known) => known.add(&tally),
                None => drop(values.insert(value.into(), tally)),
            }
        };
        match &self.source {
            Source::Marks(names) => met.into_iter().for_each(|number| add(number as usize, names[number as usize])),
            Source::Texts(column) | Source::Held(column, _) => {
                let mut numbers = met.iter();
                column.dictionary().sorted_ords_to_term_cb(&met, |value| {
                    if let Some(number) = numbers.next() {
                        add(*number as usize, &String::from_utf8_lossy(value));
                    }
                })?;
            }
            Source::Nothing => {}
        }
        Ok(self.without)
    }
}
