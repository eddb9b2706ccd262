//! A random sample of a set of mentions that stays the same.
//!
//! Every mention has a number that only its id tells, as good as drawn by chance; the sample is those with the smallest. So a
//! mention that is in the sample of a month is in those of other periods too, as far as there is room: samples of months are
//! kept, and whoever reads the mentions' texts finds many of them read before.

use std::hash::Hash as _;
use std::ops::ControlFlow;

use molva_domain::MentionId;
use molva_query::Query;
use tantivy::Searcher;

use crate::archive::Archive;
use crate::ask::{Filter, Sampled};
use crate::cache::{Kept, Print};
use crate::error::Error;
use crate::schema::ID;
use crate::select::Selection;

/// The sample of a slice.
struct SamplePart {
    mentions: u64,
    /// Numbers and ids.
    lowest: Box<[(u64, i64)]>,
}

impl Kept for SamplePart {
    fn bytes(&self) -> usize {
        size_of::<Self>() + size_of_val(&*self.lowest)
    }
}

impl Archive {
    /// A random choice of the mentions that answer, of `size` of them and at most [`Archive::MAX_HITS`]; all of them when they
    /// are no more. The same set gives the same sample, and sets that share mentions share much of their samples.
    ///
    /// # Errors
    /// When an index cannot be read.
    pub fn sample(&self, query: Option<&Query>, filter: &Filter, size: usize) -> Result<Sampled, Error> {
        let size = size.min(Self::MAX_HITS);
        let (shelves, missing) = self.asked(filter);
        let query = query.map(Query::expr);
        let selection = Selection::new(&self.inner.fields, query, filter);
        let mut base = Print::of("sample", query, &self.inner.fields.topics);
        size.hash(&mut base);
        let of_slice = |_, searcher: &Searcher| sample_slice(&selection, searcher, size);
        let parts = self.of_slices("sample", &shelves, filter, &base, |_, _| {}, of_slice)?;
        let of = parts.iter().map(|part| part.answer.mentions).sum();
        let mut lowest: Vec<(u64, i64)> = parts.iter().flat_map(|part| &part.answer.lowest).copied().collect();
        keep_lowest(&mut lowest, size);
        let mut ids: Vec<MentionId> = lowest.into_iter().map(|(_, id)| MentionId(id)).collect();
        ids.sort_unstable();
        Ok(Sampled { ids, of, missing })
    }
}

fn sample_slice(selection: &Selection, searcher: &Searcher, size: usize) -> tantivy::Result<SamplePart> {
    let selected = selection.in_slice(searcher)?;
    let (mut mentions, mut lowest, mut ids) = (0, Vec::new(), Vec::new());
    // Numbers from here on have no chance any more.
    let mut ceiling = u64::MAX;
    for reader in searcher.segment_readers() {
        let column = reader.fast_fields().column_first_or_default::<i64>(ID)?;
        selected.each_block(reader, 0, |docs| {
            mentions += docs.len() as u64;
            ids.resize(docs.len(), 0);
            column.get_vals(docs, &mut ids);
            let numbered = ids.iter().map(|id| (drawn(*id), *id));
            lowest.extend(numbered.filter(|(number, _)| *number < ceiling));
            if lowest.len() > size.saturating_mul(2) {
                keep_lowest(&mut lowest, size);
                ceiling = lowest.iter().map(|(number, _)| *number).max().unwrap_or(0);
            }
            ControlFlow::Continue(())
        })?;
    }
    keep_lowest(&mut lowest, size);
    Ok(SamplePart { mentions, lowest: lowest.into() })
}

fn keep_lowest(numbered: &mut Vec<(u64, i64)>, size: usize) {
    if size > 0 && size < numbered.len() {
        numbered.select_nth_unstable(size - 1);
    }
    numbered.truncate(size);
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): different ids have different numbers.
const fn drawn(id: i64) -> u64 {
    let mut number = (id as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_drawn_wherever_they_stand_in_their_order() {
        for step in [1, 7, 4_096, 1 << 22] {
            let mut numbered: Vec<(u64, i64)> = (1..=10_000).map(|id| (drawn(id * step), id)).collect();
            keep_lowest(&mut numbered, 1_000);
            let tenths = (0..10).map(|tenth| numbered.iter().filter(|(_, id)| (id - 1) / 1_000 == tenth).count());
            // 100 are expected; five standard deviations are 47.
            assert!(tenths.clone().all(|count| (53..148).contains(&count)), "{step}: {:?}", tenths.collect::<Vec<_>>());
        }
    }
}
