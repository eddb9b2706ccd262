//! Adds up what was counted in the slices.

use std::cmp::Reverse;

use molva_domain::MentionId;

use crate::ask::{Ask, Authors, Bucket, Cells, FacetAsk, FacetCounts, FacetValue, Figures, Loud};
use crate::facet::Facet;
use crate::slice::Slice;
use crate::tally::{AuthorTally, AuthorsPart, FacetPart, Map, Part, Tally};

/// Adds parts up; before each, the number of the first edge that it was asked.
pub(super) fn merge(parts: &[(usize, &Part)]) -> Part {
    let mut sum = Part::default();
    let first = parts.iter().filter(|(_, part)| !part.buckets.1.is_empty()).map(|(edge, part)| edge + part.buckets.0);
    let last = parts.iter().map(|(edge, part)| edge + part.buckets.0 + part.buckets.1.len()).max().unwrap_or(0);
    let first = first.min().unwrap_or(last);
    sum.buckets = (first, vec![Bucket::default(); last - first]);
    for (edge, part) in parts {
        sum.mentions += part.mentions;
        sum.tones.add(&part.tones);
        sum.reach = sum.reach.saturating_add(part.reach);
        sum.reach_unknown += part.reach_unknown;
        sum.views = sum.views.saturating_add(part.views);
        for (own, bucket) in
            sum.buckets.1.iter_mut().skip((edge + part.buckets.0).saturating_sub(first)).zip(&part.buckets.1)
        {
            own.mentions += bucket.mentions;
            own.tones.add(&bucket.tones);
            own.reach = own.reach.saturating_add(bucket.reach);
            own.intents.iter_mut().zip(bucket.intents).for_each(|(own, other)| *own += other);
        }
        sum.cells.resize(part.cells.len(), 0);
        sum.cells.iter_mut().zip(&part.cells).for_each(|(own, cell)| *own += cell);
    }
    let facets = parts.iter().map(|(_, part)| part.facets.len()).max().unwrap_or(0);
    sum.facets = (0..facets).map(|number| merge_facet(parts, number)).collect();
    let authors = || parts.iter().filter_map(|(_, part)| part.authors.as_ref());
    if authors().next().is_some() {
        sum.authors = Some(AuthorsPart::sum(authors()));
    }
    sum
}

fn merge_facet(parts: &[(usize, &Part)], number: usize) -> FacetPart {
    let mut values: Map<&str, Tally> = Map::default();
    let mut without = 0;
    for part in parts.iter().filter_map(|(_, part)| part.facets.get(number)) {
        without += part.without;
        for (value, tally) in &part.values {
            values.entry(value).or_insert(Tally::NONE).add(tally);
        }
    }
    FacetPart { values: values.into_iter().map(|(value, tally)| (value.into(), tally)).collect(), without }
}

pub(super) fn figures(ask: &Ask, sum: &Part, missing: Vec<Slice>) -> Figures {
    let mut buckets = vec![Bucket::default(); ask.edges.len().saturating_sub(1)];
    for (own, bucket) in buckets.iter_mut().skip(sum.buckets.0).zip(&sum.buckets.1) {
        *own = *bucket;
    }
    let mut cells = sum.cells.clone();
    cells.resize(if ask.cells.is_some() { Cells::COUNT } else { 0 }, 0);
    let nobody = AuthorsPart::default();
    let authors = sum.authors.as_ref().unwrap_or(&nobody);
    let nothing = FacetPart::default();
    // Authors are counted on their own, not as a facet.
    let mut counted = sum.facets.iter();
    let facet = |asked: &FacetAsk| {
        if asked.facet == Facet::Author {
            let values = authors.values.iter().map(|(hash, author)| (hash, &author.tally)).collect();
            ranked(*asked, values, authors.without, |hash| format!("{hash:016x}"))
        } else {
            let part = counted.next().unwrap_or(&nothing);
            let values = part.values.iter().map(|(value, tally)| (&**value, tally)).collect();
            ranked(*asked, values, part.without, |value| (*value).to_owned())
        }
    };
    Figures {
        mentions: sum.mentions,
        tones: sum.tones,
        reach: sum.reach,
        reach_unknown: sum.reach_unknown,
        views: sum.views,
        buckets,
        cells,
        facets: ask.facets.iter().map(facet).collect(),
        authors: ask.authors.then(|| people(authors, ask.loudest)),
        missing,
    }
}

fn people(authors: &AuthorsPart, loudest: usize) -> Authors {
    let mut people = Authors { distinct: authors.values.len() as u64, without: authors.without, ..Authors::default() };
    for (_, author) in &authors.values {
        if author.tally.mentions > 1 {
            people.repeat += 1;
            people.repeat_mentions += u64::from(author.tally.mentions);
        }
        match author.followers() {
            Some(followers) => people.potential_reach = people.potential_reach.saturating_add(followers),
            None => people.unknown += 1,
        }
    }
    people.loudest = loudest_of(&authors.values, loudest);
    people
}

fn loudest_of(authors: &[(u64, AuthorTally)], most: usize) -> Vec<Loud> {
    if most == 0 {
        return Vec::new();
    }
    let known = authors.iter().filter_map(|(hash, author)| Some((author.followers()?, author.tally, *hash)));
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
        mentions: u64::from(tally.mentions),
        tones: tally.tones.into(),
        newest: MentionId(tally.newest.1),
    };
    known.into_iter().map(loud).collect()
}

/// The most frequent values first, then by value.
fn ranked<V: Ord + Copy>(
    asked: FacetAsk,
    mut values: Vec<(V, &Tally)>,
    without: u64,
    text: impl Fn(&V) -> String,
) -> FacetCounts {
    let distinct = values.len() as u64;
    let all: u64 = values.iter().map(|(_, tally)| u64::from(tally.mentions)).sum();
    let rank = |(value, tally): &(V, &Tally)| (Reverse(tally.mentions), *value);
    if asked.limit > 0 && asked.limit < values.len() {
        values.select_nth_unstable_by_key(asked.limit - 1, rank);
    }
    values.truncate(asked.limit);
    values.sort_unstable_by_key(rank);
    let shown: u64 = values.iter().map(|(_, tally)| u64::from(tally.mentions)).sum();
    let detailed = |tally: &Tally| if asked.details { (tally.tones.into(), tally.reach) } else { Default::default() };
    let value = |(value, tally): &(V, &Tally)| {
        let (tones, reach) = detailed(tally);
        let mentions = u64::from(tally.mentions);
        FacetValue { value: text(value), mentions, tones, reach, newest: MentionId(tally.newest.1) }
    };
    let values = values.iter().map(value).collect();
    FacetCounts { facet: asked.facet, values, distinct, others: all - shown, without }
}
