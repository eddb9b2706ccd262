//! What is said in a set of mentions beside a baseline: words, hashtags, emoji and links, counted exactly in both.

mod count;

use std::cmp::Reverse;
use std::hash::Hash as _;

use molva_query::Query;
use tantivy::Searcher;

use self::count::{SaidPart, Sign, count_slice, text_of};
use crate::archive::Archive;
use crate::ask::{Filter, WordCount, Words};
use crate::cache::Print;
use crate::error::Error;
use crate::select::Selection;
use crate::slice::Slice;
use crate::slices::Answered;
use crate::tally::Map;
use crate::vocabulary::Vocabulary;

type Parts = Vec<Answered<SaidPart>>;

impl Archive {
    /// What is said in the mentions that answer, and how often the mentions of the baseline say it, which has a query of its
    /// own. At most `limit` words and `signs` hashtags, emoji and links each; values that fewer than [`Words::FEWEST`] of the mentions hold are left out.
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
        signs: usize,
    ) -> Result<Words, Error> {
        let vocabulary = self.inner.vocabularies.get();
        let (parts, mut missing) = self.said(query, filter, &vocabulary)?;
        let (beside, baseline_missing) = self.said(baseline_query, baseline, &vocabulary)?;
        missing.extend(baseline_missing);
        missing.sort_unstable();
        missing.dedup();
        let total = |parts: &Parts| parts.iter().map(|part| part.answer.mentions).sum();
        let (mentions, baseline_mentions) = (total(&parts), total(&beside));
        let [hashtags, emoji, links] = [0, 1, 2].map(|sort| most_frequent(&parts, &beside, sort, signs));
        let (hashtags, emoji, links) = (hashtags?, emoji?, links?);
        let words = rank_words(&parts, &beside, &vocabulary, limit);
        Ok(Words { mentions, baseline_mentions, words, hashtags, emoji, links, missing })
    }

    fn said(
        &self,
        query: Option<&Query>,
        filter: &Filter,
        vocabulary: &Vocabulary,
    ) -> Result<(Parts, Vec<Slice>), Error> {
        let (shelves, missing) = self.asked(filter);
        let query = query.map(Query::expr);
        let selection = Selection::new(&self.inner.fields, query, filter);
        let mut base = Print::of("words", query, &self.inner.fields.topics);
        vocabulary.number.hash(&mut base);
        let cache = &self.inner.fields.cache;
        let count = |_, searcher: &Searcher| count_slice(&selection, searcher, cache, vocabulary);
        let parts = self.of_slices("count words", &shelves, filter, &base, |_, _| {}, count)?;
        Ok((parts, missing))
    }
}

/// Hashtags, emoji or links that most of the mentions hold, and how many do here and there.
fn most_frequent(parts: &Parts, beside: &Parts, sort: usize, limit: usize) -> Result<Vec<WordCount>, Error> {
    // How many mentions hold it, and where its text stands.
    let mut values: Map<u64, (u64, usize, &Sign)> = Map::default();
    for (number, part) in parts.iter().enumerate() {
        for sign in &part.answer.signs[sort] {
            values.entry(sign.hash).or_insert((0, number, sign)).0 += u64::from(sign.count);
        }
    }
    let mut values: Vec<_> = values.into_values().filter(|(count, ..)| *count >= Words::FEWEST).collect();
    let rank = |(count, _, sign): &(u64, usize, &Sign)| (Reverse(*count), sign.hash);
    if limit > 0 && limit < values.len() {
        values.select_nth_unstable_by_key(limit - 1, rank);
    }
    values.truncate(limit);
    let mut there: Map<u64, u64> = values.iter().map(|(.., sign)| (sign.hash, 0)).collect();
    for sign in beside.iter().flat_map(|part| &part.answer.signs[sort]) {
        if let Some(baseline) = there.get_mut(&sign.hash) {
            *baseline += u64::from(sign.count);
        }
    }
    let mut found = Vec::with_capacity(values.len());
    for (mentions, number, sign) in values {
        let Answered { slice, searcher, answer: part, .. } = &parts[number];
        let word = text_of(searcher, part, sort, sign).map_err(Error::engine("read words", *slice))?;
        found.push(WordCount { word, mentions, baseline: there.get(&sign.hash).copied().unwrap_or(0) });
    }
    found
        .sort_unstable_by(|one, other| (Reverse(one.mentions), &one.word).cmp(&(Reverse(other.mentions), &other.word)));
    Ok(found)
}

fn rank_words(parts: &Parts, beside: &Parts, vocabulary: &Vocabulary, limit: usize) -> Vec<WordCount> {
    let size = vocabulary.len();
    let sum = |parts: &Parts| {
        let mut counts = vec![0_u64; size];
        for (number, count) in parts.iter().flat_map(|part| &part.answer.words) {
            counts[*number as usize] += u64::from(*count);
        }
        counts
    };
    let total = |parts: &Parts| parts.iter().map(|part| part.answer.mentions).sum();
    let (all_here, all_there): (u64, u64) = (total(parts), total(beside));
    let (here, there) = (sum(parts), sum(beside));
    let told = here.iter().zip(&there).zip(0..).filter(|((here, _), _)| **here >= Words::FEWEST);
    let mut ranked: Vec<_> = told
        .map(|((here, there), number): ((&u64, &u64), u32)| {
            let surprise = over_represented(*here, all_here, *there, all_there);
            // Positive floats sort as their bits do.
            (Reverse(surprise.map_or(0, f64::to_bits)), Reverse(*here), number, *there)
        })
        .collect();
    if limit > 0 && limit < ranked.len() {
        ranked.select_nth_unstable(limit - 1);
    }
    ranked.truncate(limit);
    ranked.sort_unstable();
    let count =
        |(_, Reverse(mentions), number, baseline)| WordCount { word: vocabulary.text(number), mentions, baseline };
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
