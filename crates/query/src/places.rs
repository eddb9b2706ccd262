//! Where phrases, distances and sentences stand, worked out of where their parts stand. The same as `reference.rs`, for
//! evaluators that keep an index.
//!
//! All lists of places are sorted and hold each place once.

use crate::reference::{MAX_PLACES, Place};

/// Sorts, drops doubles, keeps the first [`MAX_PLACES`].
pub fn settle(places: &mut Vec<Place>) {
    places.sort_unstable();
    places.dedup();
    places.truncate(MAX_PLACES);
}

/// Rows longer by one word: `next` begins right behind them.
#[must_use]
pub fn longer_rows(rows: &[Place], next: &[Place]) -> Vec<Place> {
    let mut longer = Vec::new();
    for row in rows {
        let first = next.partition_point(|place| place.0 <= row.1);
        let adjacent = next[first..].iter().take_while(|place| place.0 == row.1 + 1);
        longer.extend(adjacent.map(|place| (row.0, place.1)));
    }
    longer.sort_unstable();
    longer.dedup();
    longer
}

/// From each word on, the shortest stretch of at most `longest` positions that holds every word as often as it is wanted.
#[must_use]
pub fn close_together(words: &[(Vec<Place>, usize)], longest: u32) -> Vec<Place> {
    let mut starts: Vec<u32> = words.iter().flat_map(|(places, _)| places).map(|place| place.0).collect();
    starts.sort_unstable();
    starts.dedup();
    let mut ends = Vec::new();
    let shortest_end = |start: u32, ends: &mut Vec<u32>| {
        let limit = start.saturating_add(longest) - 1;
        let mut end = start;
        for (places, times) in words {
            let first = places.partition_point(|place| place.0 < start);
            ends.clear();
            let inside = places[first..].iter().take_while(|place| place.0 <= limit).filter(|place| place.1 <= limit);
            ends.extend(inside.map(|place| place.1));
            ends.sort_unstable();
            end = end.max(*ends.get(*times - 1)?);
        }
        Some(end)
    };
    starts.into_iter().filter_map(|start| Some((start, shortest_end(start, &mut ends)?))).collect()
}

/// Stretches from a left to a right, at most `distance` positions apart; the other way round too unless `ordered`.
#[must_use]
pub fn near(left: &[Place], right: &[Place], distance: u32, ordered: bool) -> Vec<Place> {
    let mut found = Vec::new();
    one_way(left, right, distance, &mut found);
    if !ordered {
        one_way(right, left, distance, &mut found);
    }
    found
}

fn one_way(first: &[Place], second: &[Place], distance: u32, found: &mut Vec<Place>) {
    for a in first {
        let from = second.partition_point(|b| b.0 <= a.1);
        let close = second[from..].iter().take_while(|b| b.0 - a.1 <= distance);
        found.extend(close.map(|b| (a.0, b.1.max(a.1))));
    }
}

/// Stretches from a left to a right, or the other way round, that lie in one sentence. `sentence_of` numbers sentences by position.
#[must_use]
pub fn in_one_sentence(left: &[Place], right: &[Place], sentence_of: impl Fn(u32) -> usize) -> Vec<Place> {
    let mut found = Vec::new();
    for a in left {
        let Some(sentence) = sentence_around(*a, &sentence_of) else { continue };
        for b in right {
            if (a.1 < b.0 || b.1 < a.0) && sentence_around(*b, &sentence_of) == Some(sentence) {
                found.push((a.0.min(b.0), a.1.max(b.1)));
            }
        }
    }
    found
}

/// Whether [`in_one_sentence`] finds anything: the first to end and the last to begin of each sentence decide.
#[must_use]
pub fn share_a_sentence(left: &[Place], right: &[Place], sentence_of: impl Fn(u32) -> usize) -> bool {
    let extremes = |places: &[Place]| {
        let mut sentences: Vec<(usize, u32, u32)> = Vec::new();
        for place in places {
            let Some(sentence) = sentence_around(*place, &sentence_of) else { continue };
            match sentences.last_mut() {
                Some(last) if last.0 == sentence => *last = (sentence, last.1.min(place.1), last.2.max(place.0)),
                _ => sentences.push((sentence, place.1, place.0)),
            }
        }
        sentences
    };
    let rights = extremes(right);
    extremes(left).into_iter().any(|(sentence, first_end, last_start)| {
        rights
            .binary_search_by_key(&sentence, |right| right.0)
            .is_ok_and(|at| first_end < rights[at].2 || rights[at].1 < last_start)
    })
}

fn sentence_around(place: Place, sentence_of: impl Fn(u32) -> usize) -> Option<usize> {
    let sentence = sentence_of(place.0);
    (place.0 == place.1 || sentence_of(place.1) == sentence).then_some(sentence)
}
