//! What is said in a set of mentions beside a baseline: words, hashtags, emoji and links, counted exactly in both.

use std::cmp::Reverse;
use std::ops::ControlFlow;
use std::sync::Arc;

use molva_query::Query;
use tantivy::columnar::StrColumn;
use tantivy::{DocId, Searcher, SegmentReader};

use crate::archive::Archive;
use crate::ask::{Filter, WordCount, Words};
use crate::cache::{Kept, Print};
use crate::error::Error;
use crate::facet::Facet;
use crate::select::Selection;
use crate::slice::Slice;
use crate::tally::Map;

/// What is counted, in the order of [`Words`].
const SAID: [Facet; 4] = [Facet::Word, Facet::Hashtag, Facet::Emoji, Facet::Link];

/// How many mentions of a slice hold each value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SaidPart {
    pub(crate) mentions: u64,
    /// One list for each of [`SAID`].
    pub(crate) counts: [Vec<(Box<str>, u32)>; SAID.len()],
}

impl Archive {
    /// What is said in the mentions that answer, and how often the mentions of the baseline say it, which has a query of its
    /// own. At most `limit` of each sort; values that fewer than [`Words::FEWEST`] of the mentions hold are left out.
    ///
    /// # Errors
    /// When an index cannot be read.
    pub fn words(
        &self,
        query: Option<&Query>,
        filter: &Filter,
        baseline_query: Option<&Query>,
        baseline: &Filter,
        limit: usize,
    ) -> Result<Words, Error> {
        let (parts, mut missing) = self.said(query, filter)?;
        let (baseline_parts, baseline_missing) = self.said(baseline_query, baseline)?;
        missing.extend(baseline_missing);
        missing.sort_unstable();
        missing.dedup();
        let mentions = parts.iter().map(|part| part.mentions).sum();
        let baseline_mentions = baseline_parts.iter().map(|part| part.mentions).sum();
        let [words, hashtags, emoji, links] = std::array::from_fn(|sort| {
            let mut values: Map<&str, (u64, u64)> = Map::default();
            for (value, count) in parts.iter().flat_map(|part| &part.counts[sort]) {
                values.entry(value).or_default().0 += u64::from(*count);
            }
            values.retain(|_, (count, _)| *count >= Words::FEWEST);
            for (value, count) in baseline_parts.iter().flat_map(|part| &part.counts[sort]) {
                if let Some((_, baseline)) = values.get_mut(&**value) {
                    *baseline += u64::from(*count);
                }
            }
            let values = values.into_iter().map(|(value, (mentions, baseline))| (value, mentions, baseline)).collect();
            if SAID[sort] == Facet::Word {
                first_by(values, limit, |(_, here, there)| {
                    let surprise = over_represented(*here, mentions, *there, baseline_mentions);
                    // Positive floats sort as their bits do.
                    (Reverse(surprise.map_or(0, f64::to_bits)), Reverse(*here))
                })
            } else {
                first_by(values, limit, |(_, here, _)| (Reverse(*here), Reverse(0)))
            }
        });
        Ok(Words { mentions, baseline_mentions, words, hashtags, emoji, links, missing })
    }

    fn said(&self, query: Option<&Query>, filter: &Filter) -> Result<(Vec<Arc<SaidPart>>, Vec<Slice>), Error> {
        let (shelves, missing) = self.asked(filter);
        let query = query.map(Query::expr);
        let selection = Selection::new(&self.inner.fields, query, filter);
        let base = Print::of("words", query, &self.inner.fields.topics);
        let count = |_, searcher: &Searcher| count_slice(&selection, searcher);
        Ok((self.of_slices("count words", &shelves, filter, &base, |_, _| {}, count)?, missing))
    }
}

impl Kept for SaidPart {
    fn bytes(&self) -> usize {
        let values = self.counts.iter().flatten();
        size_of::<Self>() + values.map(|(value, _)| value.len() + size_of::<(Box<str>, u32)>()).sum::<usize>()
    }
}

type Count<'a> = (&'a str, u64, u64);

fn first_by<K: Ord>(mut values: Vec<Count<'_>>, limit: usize, rank: impl Fn(&Count<'_>) -> K) -> Vec<WordCount> {
    let mut ranked: Vec<(K, Count<'_>)> = values.drain(..).map(|count| (rank(&count), count)).collect();
    if limit > 0 && limit < ranked.len() {
        ranked.select_nth_unstable_by(limit - 1, |a, b| (&a.0, a.1.0).cmp(&(&b.0, b.1.0)));
    }
    ranked.truncate(limit);
    ranked.sort_unstable_by(|a, b| (&a.0, a.1.0).cmp(&(&b.0, b.1.0)));
    let count =
        |(_, (word, mentions, baseline)): (K, Count<'_>)| WordCount { word: word.to_owned(), mentions, baseline };
    ranked.into_iter().map(count).collect()
}

/// The log-likelihood ratio (Dunning 1993, in the form of Rayson and Garside 2000) of a word that is more frequent here than
/// there; `None` for one that is not, or when there is nothing to compare with.
fn over_represented(here: u64, all_here: u64, there: u64, all_there: u64) -> Option<f64> {
    let [here, all_here, there, all_there] = [here, all_here, there, all_there].map(|count| count as f64);
    if all_here == 0.0 || all_there == 0.0 || here / all_here <= there / all_there {
        return None;
    }
    let expected = |all: f64| all * (here + there) / (all_here + all_there);
    let term = |seen: f64, expected: f64| if seen == 0.0 { 0.0 } else { seen * (seen / expected).ln() };
    Some((2.0 * (term(here, expected(all_here)) + term(there, expected(all_there)))).max(0.0))
}

fn count_slice(selection: &Selection, searcher: &Searcher) -> tantivy::Result<SaidPart> {
    let selected = selection.in_slice(searcher)?;
    let mut part = SaidPart::default();
    let mut values: [Map<Box<str>, u32>; SAID.len()] = Default::default();
    for reader in searcher.segment_readers() {
        let mut counters =
            SAID.iter().map(|facet| Counter::open(*facet, reader)).collect::<tantivy::Result<Vec<_>>>()?;
        selected.each_block(reader, 0, |docs| {
            part.mentions += docs.len() as u64;
            counters.iter_mut().flatten().for_each(|counter| counter.count(docs));
            ControlFlow::Continue(())
        })?;
        for (counter, values) in counters.into_iter().zip(&mut values) {
            if let Some(counter) = counter {
                counter.finish(values)?;
            }
        }
    }
    part.counts = values.map(|values| values.into_iter().collect());
    Ok(part)
}

/// Counts the values of a column that holds each value of a post once.
struct Counter {
    column: StrColumn,
    counts: Vec<u32>,
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
            rows: Vec::new(),
            values: Vec::new(),
        }))
    }

    fn count(&mut self, docs: &[DocId]) {
        self.rows.clear();
        for doc in docs {
            self.rows.extend(self.column.ords().index.value_row_ids(*doc));
        }
        self.values.resize(self.rows.len(), 0);
        self.column.ords().values.get_vals(&self.rows, &mut self.values);
        for value in &self.values {
            self.counts[*value as usize] += 1;
        }
    }

    fn finish(self, values: &mut Map<Box<str>, u32>) -> tantivy::Result<()> {
        let met: Vec<u64> = (0..self.counts.len() as u64).filter(|number| self.counts[*number as usize] > 0).collect();
        let mut numbers = met.iter();
        self.column.dictionary().sorted_ords_to_term_cb(&met, |value| {
            let (value, Some(number)) = (String::from_utf8_lossy(value), numbers.next()) else { return };
            let count = self.counts[*number as usize];
            match values.get_mut(&*value) {
                Some(known) => *known += count,
                None => drop(values.insert(value.into(), count)),
            }
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_over_represented_when_its_share_is_larger_than_in_the_baseline() {
        // 10 of 100 beside 10 of 900: expected are 2 and 18, so 2 · (10 ln 5 + 10 ln (10/18)).
        let known = over_represented(10, 100, 10, 900).expect("over-represented");
        assert!((known - 2.0 * (10.0 * 5.0_f64.ln() + 10.0 * (10.0_f64 / 18.0).ln())).abs() < 1e-9);
        assert_eq!([over_represented(1, 100, 10, 900), over_represented(1, 100, 0, 0)], [None; 2]);
        assert!(over_represented(5, 100, 0, 900).is_some_and(|surprise| surprise > 0.0));
    }
}
