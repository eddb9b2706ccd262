//! Adds up what was counted in the slices.

use std::cmp::Reverse;

use molva_domain::MentionId;

use super::within::first_edge;
use crate::ask::{Ask, Authors, Bucket, Cells, FacetAsk, FacetCounts, FacetValue, Figures, Loud, Tones};
use crate::facet::Facet;
use crate::slice::Slice;
use crate::tally::{AuthorTally, Map, Part, Tally};

pub(super) fn figures(ask: &Ask, parts: &[(Slice, &Part)], missing: Vec<Slice>) -> Figures {
    let mut figures = Figures {
        mentions: 0,
        tones: Tones::default(),
        reach: 0,
        reach_unknown: 0,
        views: 0,
        buckets: vec![Bucket::default(); ask.edges.len().saturating_sub(1)],
        cells: vec![0; if ask.cells.is_some() { Cells::COUNT } else { 0 }],
        facets: Vec::with_capacity(ask.facets.len()),
        authors: None,
        missing,
    };
    for (slice, part) in parts {
        figures.mentions += part.mentions;
        figures.tones.add(&part.tones);
        figures.reach = figures.reach.saturating_add(part.reach);
        figures.reach_unknown += part.reach_unknown;
        figures.views = figures.views.saturating_add(part.views);
        let (first, buckets) = &part.buckets;
        for (sum, bucket) in figures.buckets.iter_mut().skip(first_edge(ask, *slice) + first).zip(buckets) {
            sum.mentions += bucket.mentions;
            sum.tones.add(&bucket.tones);
            sum.reach = sum.reach.saturating_add(bucket.reach);
        }
        figures.cells.iter_mut().zip(&part.cells).for_each(|(sum, cell)| *sum += cell);
    }
    let (mut authors, mut without): (Map<u64, AuthorTally>, u64) = (Map::default(), 0);
    for part in parts.iter().filter_map(|(_, part)| part.authors.as_ref()) {
        without += part.without;
        for (hash, tally) in &part.values {
            authors.entry(*hash).or_insert(AuthorTally::NONE).add(tally);
        }
    }
    for (number, asked) in ask.facets.iter().enumerate() {
        let counts = if asked.facet == Facet::Author {
            let values: Vec<_> = authors.iter().map(|(hash, author)| (*hash, author.tally)).collect();
            ranked(*asked, values, without, |hash| format!("{hash:016x}"))
        } else {
            let (mut values, mut without): (Map<&str, Tally>, u64) = (Map::default(), 0);
            for part in parts.iter().filter_map(|(_, part)| part.facets.get(number)) {
                without += part.without;
                for (value, tally) in &part.values {
                    values.entry(value).or_insert(Tally::NONE).add(tally);
                }
            }
            ranked(*asked, values.into_iter().collect(), without, |value| (*value).to_owned())
        };
        figures.facets.push(counts);
    }
    figures.authors = ask.authors.then(|| people(&authors, without, ask.loudest));
    figures
}

fn people(authors: &Map<u64, AuthorTally>, without: u64, loudest: usize) -> Authors {
    let mut people = Authors { distinct: authors.len() as u64, without, ..Authors::default() };
    for author in authors.values() {
        if author.tally.mentions > 1 {
            people.repeat += 1;
            people.repeat_mentions += author.tally.mentions;
        }
        match author.followers {
            Some(followers) => people.potential_reach = people.potential_reach.saturating_add(followers),
            None => people.unknown += 1,
        }
    }
    people.loudest = loudest_of(authors, loudest);
    people
}

fn loudest_of(authors: &Map<u64, AuthorTally>, most: usize) -> Vec<Loud> {
    if most == 0 {
        return Vec::new();
    }
    let known = authors.iter().filter_map(|(hash, author)| Some((author.followers?, author.tally, *hash)));
    let mut known: Vec<(u64, Tally, u64)> = known.collect();
    let rank = |(followers, tally, hash): &(u64, Tally, u64)| (Reverse(*followers), Reverse(tally.mentions), *hash);
    if most < known.len() {
        known.select_nth_unstable_by_key(most - 1, rank);
        known.truncate(most);
    }
    known.sort_unstable_by_key(rank);
    let loud = |(followers, tally, hash): (u64, Tally, u64)| Loud {
        author: format!("{hash:016x}"),
        followers,
        mentions: tally.mentions,
        tones: tally.tones,
        newest: MentionId(tally.newest.1),
    };
    known.into_iter().map(loud).collect()
}

/// The most frequent values first, then by value.
fn ranked<V: Ord + Copy>(
    asked: FacetAsk,
    mut values: Vec<(V, Tally)>,
    without: u64,
    text: impl Fn(&V) -> String,
) -> FacetCounts {
    let distinct = values.len() as u64;
    let all: u64 = values.iter().map(|(_, tally)| tally.mentions).sum();
    let rank = |(value, tally): &(V, Tally)| (Reverse(tally.mentions), *value);
    if asked.limit > 0 && asked.limit < values.len() {
        values.select_nth_unstable_by_key(asked.limit - 1, rank);
    }
    values.truncate(asked.limit);
    values.sort_unstable_by_key(rank);
    let shown: u64 = values.iter().map(|(_, tally)| tally.mentions).sum();
    let detailed = |tally: &Tally| if asked.details { (tally.tones, tally.reach) } else { Default::default() };
    let value = |(value, tally): &(V, Tally)| {
        let (tones, reach) = detailed(tally);
        FacetValue { value: text(value), mentions: tally.mentions, tones, reach, newest: MentionId(tally.newest.1) }
    };
    let values = values.iter().map(value).collect();
    FacetCounts { facet: asked.facet, values, distinct, others: all - shown, without }
}
