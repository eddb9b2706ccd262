//! Columns in memory: read from a segment's files once, then looked up without unpacking.
//!
//! A segment never changes, so what is held of it stands under its id alone. Small segments are not held: they are soon merged.

use std::sync::Arc;

use tantivy::columnar::{Cardinality, StrColumn};
use tantivy::{DocId, SegmentReader};

use crate::cache::{Cache, Kept, Print};

/// Segments of fewer mentions are read where they lie; those of tests are small.
const FEWEST: DocId = if cfg!(test) { 4 } else { 16_384 };
/// Reading a whole column takes as long as looking up this part of it.
const WORTH: u64 = 16;
/// Mentions read at once.
const BLOCK: DocId = 4_096;

/// The number of each mention's value plus one; 0 stands for none.
pub(crate) enum Ordinals {
    Bytes(Box<[u8]>),
    Words(Box<[u16]>),
}

/// A bit for each mention: whether it passes a test.
pub(crate) struct Bits(Box<[u64]>);

impl Kept for Ordinals {
    fn bytes(&self) -> usize {
        match self {
            Self::Bytes(numbers) => size_of_val(&**numbers),
            Self::Words(numbers) => size_of_val(&**numbers),
        }
    }
}

impl Kept for Bits {
    fn bytes(&self) -> usize {
        size_of_val(&*self.0)
    }
}

impl Ordinals {
    /// Those of a column that is held already.
    pub(crate) fn known(cache: &Cache, reader: &SegmentReader, name: &str) -> Option<Arc<Self>> {
        cache.get(&Print::of_segment(name, reader.segment_id(), 0))
    }

    /// Reads a column and holds it, unless it is held. `None` where mentions may have several values, there are too many
    /// values, or the segment is small.
    pub(crate) fn hold(cache: &Cache, reader: &SegmentReader, name: &str, column: &StrColumn) -> Option<Arc<Self>> {
        let is_single = column.ords().index.get_cardinality() != Cardinality::Multivalued;
        if reader.max_doc() < FEWEST || !is_single || column.num_terms() >= usize::from(u16::MAX) {
            return None;
        }
        let print = Print::of_segment(name, reader.segment_id(), 0);
        if let Some(known) = cache.get(&print) {
            return Some(known);
        }
        let held = Arc::new(if column.num_terms() < usize::from(u8::MAX) {
            Self::Bytes(read(reader.max_doc(), column, |number| number as u8))
        } else {
            Self::Words(read(reader.max_doc(), column, |number| number as u16))
        });
        cache.put(&print, &held);
        Some(held)
    }

    /// Whether so many mentions were looked up that holding the column will pay.
    pub(crate) fn pays(reader: &SegmentReader, looked_up: u64) -> bool {
        looked_up * WORTH >= u64::from(reader.max_doc())
    }

    /// Keeps mentions whose number plus one passes.
    pub(crate) fn retain(&self, docs: &mut Vec<DocId>, passing: &[bool]) {
        match self {
            Self::Bytes(numbers) => docs.retain(|doc| passing[usize::from(numbers[*doc as usize])]),
            Self::Words(numbers) => docs.retain(|doc| passing[usize::from(numbers[*doc as usize])]),
        }
    }

    /// Hands over the place of each mention among those given, and its number plus one.
    pub(crate) fn each(&self, docs: &[DocId], mut take: impl FnMut(usize, usize)) {
        match self {
            Self::Bytes(numbers) => {
                docs.iter().enumerate().for_each(|(at, doc)| take(at, usize::from(numbers[*doc as usize])));
            }
            Self::Words(numbers) => {
                docs.iter().enumerate().for_each(|(at, doc)| take(at, usize::from(numbers[*doc as usize])));
            }
        }
    }
}

fn read<T: Clone + Default>(max_doc: DocId, column: &StrColumn, number: impl Fn(u64) -> T) -> Box<[T]> {
    let mut numbers = vec![T::default(); max_doc as usize];
    let (mut docs, mut holders, mut rows, mut values) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for start in (0..max_doc).step_by(BLOCK as usize) {
        docs.clear();
        docs.extend(start..max_doc.min(start + BLOCK));
        holders.clear();
        rows.clear();
        column.ords().index.docids_to_rowids(&docs, &mut holders, &mut rows);
        values.resize(rows.len(), 0);
        column.ords().values.get_vals(&rows, &mut values);
        for (holder, value) in holders.iter().zip(&values) {
            numbers[*holder as usize] = number(value + 1);
        }
    }
    numbers.into()
}

impl Bits {
    /// Of the test with this name and number, which `passes` answers for the mentions from one on up to another.
    pub(crate) fn of(
        cache: &Cache,
        reader: &SegmentReader,
        (name, number): (&str, u64),
        mut passes: impl FnMut(&[DocId], &mut Vec<bool>),
    ) -> Option<Arc<Self>> {
        if reader.max_doc() < FEWEST {
            return None;
        }
        let print = Print::of_segment(name, reader.segment_id(), number);
        if let Some(known) = cache.get(&print) {
            return Some(known);
        }
        let mut bits = vec![0_u64; (reader.max_doc() as usize).div_ceil(64)];
        let (mut docs, mut passed) = (Vec::new(), Vec::new());
        for start in (0..reader.max_doc()).step_by(BLOCK as usize) {
            docs.clear();
            docs.extend(start..reader.max_doc().min(start + BLOCK));
            passes(&docs, &mut passed);
            for (doc, passes) in docs.iter().zip(&passed) {
                bits[*doc as usize / 64] |= u64::from(*passes) << (doc % 64);
            }
        }
        let held = Arc::new(Self(bits.into()));
        cache.put(&print, &held);
        Some(held)
    }

    pub(crate) fn has(&self, doc: DocId) -> bool {
        self.0[doc as usize / 64] >> (doc % 64) & 1 == 1
    }

    /// Puts the next of those that pass into `docs`, from `next` on and below `end`, until there are `size`; gives where to go
    /// on, which is `end` when there are no more.
    pub(crate) fn take(&self, next: DocId, end: DocId, size: usize, docs: &mut Vec<DocId>) -> DocId {
        let mut word = next as usize / 64;
        let mut left = self.0.get(word).map_or(0, |bits| bits & (u64::MAX << (next % 64)));
        while docs.len() < size {
            if left == 0 {
                word += 1;
                match self.0.get(word) {
                    Some(bits) if (word as DocId) * 64 < end => left = *bits,
                    _ => return end,
                }
                continue;
            }
            let doc = word as DocId * 64 + left.trailing_zeros();
            if doc >= end {
                return end;
            }
            docs.push(doc);
            left &= left - 1;
        }
        docs.last().map_or(end, |last| last + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_pass_are_taken_once_in_their_order() {
        let passing: Vec<DocId> = (0..1_000).filter(|doc| doc % 7 == 0 || (300..400).contains(doc)).collect();
        let mut bits = vec![0_u64; 16];
        passing.iter().for_each(|doc| bits[*doc as usize / 64] |= 1 << (doc % 64));
        let bits = Bits(bits.into());
        assert!((0..1_000).all(|doc| bits.has(doc) == passing.contains(&doc)));
        for (first, end, size) in [(0, 1_000, 5), (1, 1_000, 64), (63, 399, 1), (64, 65, 9), (301, 999, 1_000)] {
            let (mut taken, mut next) = (Vec::new(), first);
            while next < end {
                let mut block = Vec::new();
                next = bits.take(next, end, size, &mut block);
                assert!(block.len() <= size && (block.len() == size || next == end));
                taken.append(&mut block);
            }
            let wanted: Vec<DocId> = passing.iter().copied().filter(|doc| (first..end).contains(doc)).collect();
            assert_eq!(taken, wanted);
        }
    }
}
