//! Where phrases, distances and sentences stand, worked out of where their parts stand. The same as `reference.rs`, for
//! evaluators that keep an index.
//!
//! All lists of places are sorted and hold each place once.

use crate::reference::{MAX_PLACES, Place};

/// Sorts, drops doubles, keeps the first [`MAX_PLACES`].
#[inline]
pub fn settle(places: &mut Vec<Place>) {
    places.sort_unstable();
    places.dedup();
    places.truncate(MAX_PLACES);
}

/// Rows longer by one word: `next` begins right behind them.
#[must_use]
#[inline]
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
#[inline]
pub fn near(left: &[Place], right: &[Place], distance: u32, ordered: bool) -> Vec<Place> {
    let mut found = Vec::new();
    one_way(left, right, distance, &mut found);
    if !ordered {
        one_way(right, left, distance, &mut found);
    }
    found
}

#[inline]
fn one_way(first: &[Place], second: &[Place], distance: u32, found: &mut Vec<Place>) {
    for a in first {
        let from = second.partition_point(|b| b.0 <= a.1);
        let close = second[from..].iter().take_while(|b| b.0 - a.1 <= distance);
        found.extend(close.map(|b| (a.0, b.1.max(a.1))));
    }
}

/// Stretches from a left to a right in one sentence, in any order, that do not overlap.
///
/// Two words that fill a long post make as many pairs as the square of it, but only the first [`MAX_PLACES`] are ever
/// asked for: pairs are made start by start, and no more than that.
#[must_use]
pub fn in_one_sentence(left: &[Place], right: &[Place], sentence_of: impl Fn(u32) -> usize) -> Vec<Place> {
    // Of places that begin alike, the shortest has all the partners of the others.
    let shortest = |places: &[Place]| -> Vec<Place> { places.chunk_by(|a, b| a.0 == b.0).map(|run| run[0]).collect() };
    let mut firsts: Vec<(Place, &[Place])> = shortest(left).into_iter().map(|place| (place, right)).collect();
    firsts.extend(shortest(right).into_iter().map(|place| (place, left)));
    firsts.sort_unstable_by_key(|(place, _)| *place);
    let (mut found, mut together) = (Vec::new(), Vec::new());
    for run in firsts.chunk_by(|(a, _), (b, _)| a.0 == b.0) {
        for (first, others) in run {
            let Some(sentence) = sentence_around(*first, &sentence_of) else { continue };
            let from = others.partition_point(|other| other.0 <= first.1);
            let near = others[from..].iter().take_while(|other| sentence_of(other.0) == sentence);
            let inside = near.filter(|other| sentence_around(**other, &sentence_of).is_some());
            together.extend(inside.map(|other| (first.0, other.1)));
        }
        together.sort_unstable();
        together.dedup();
        found.append(&mut together);
        if found.len() >= MAX_PLACES {
            break;
        }
    }
    found
}

/// Tells of stretches whether they lie inside one of the places.
#[inline]
pub fn inside_of(places: &[Place]) -> impl Fn(Place) -> bool {
    // A few are looked through as they are; of many, how far each and those before it reach.
    let mut reach = Vec::new();
    if places.len() > FEW {
        let mut furthest = 0;
        reach.extend(places.iter().map(|place| {
            furthest = furthest.max(place.1);
            (place.0, furthest)
        }));
    }
    move |stretch| {
        if reach.is_empty() {
            return places.iter().any(|place| place.0 <= stretch.0 && stretch.1 <= place.1);
        }
        let begun = reach.partition_point(|place: &Place| place.0 <= stretch.0);
        begun > 0 && reach[begun - 1].1 >= stretch.1
    }
}

const FEW: usize = 8;

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_places() -> impl Strategy<Value = Vec<Place>> {
        let place = (0..40_u32, 0..4_u32).prop_map(|(start, length)| (start, start + length));
        prop::collection::vec(place, 0..12).prop_map(|mut places| {
            settle(&mut places);
            places
        })
    }

    proptest! {
        #[test]
        fn pairs_in_a_sentence_are_those_that_every_left_makes_with_every_right(
            left in any_places(), right in any_places(), length in 1..20_u32,
        ) {
            let sentence = |position: u32| (position / length) as usize;
            let whole = |place: Place| (sentence(place.0) == sentence(place.1)).then(|| sentence(place.0));
            let mut expected = Vec::new();
            for a in &left {
                for b in &right {
                    if (a.1 < b.0 || b.1 < a.0) && whole(*a).is_some() && whole(*a) == whole(*b) {
                        expected.push((a.0.min(b.0), a.1.max(b.1)));
                    }
                }
            }
            settle(&mut expected);
            let mut found = in_one_sentence(&left, &right, sentence);
            settle(&mut found);
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn a_stretch_is_inside_when_one_place_holds_it(places in any_places(), start in 0..45_u32, length in 0..5_u32) {
            let stretch = (start, start + length);
            let expected = places.iter().any(|place| place.0 <= stretch.0 && stretch.1 <= place.1);
            prop_assert_eq!(inside_of(&places)(stretch), expected);
        }
    }
}
