//! Where the positional parts of a query stand: phrases, distances, sentences.

use molva_query::reference::MAX_PLACES;

use crate::compile::{Place, Range32};
use crate::evaluate::Evaluation;

/// First and last position.
type Stretch = (u32, u32);

impl Evaluation<'_> {
    pub(crate) fn has_place(&self, place: &Place) -> bool {
        match place {
            Place::Or(parts) => parts.iter().any(|part| self.has_place(part)),
            Place::Sentence { left, right } => self.share_a_sentence(&self.places(left), &self.places(right)),
            Place::Row { words, .. } if words.iter().any(|word| !self.has_any(*word)) => false,
            Place::Close { words, .. } if words.iter().any(|(word, _)| !self.has_any(*word)) => false,
            Place::Near { .. } if !self.may_have(place) => false,
            _ => !self.places(place).is_empty(),
        }
    }

    /// Every stretch a part covers, sorted, at most [`MAX_PLACES`].
    pub(crate) fn places(&self, place: &Place) -> Vec<Stretch> {
        let mut found = match place {
            Place::Word { atoms, title_only } => self.word(*atoms, *title_only),
            Place::Row { words, title_only } => self.row(words, *title_only),
            Place::Close { words, longest, title_only } => self.close(words, *longest, *title_only),
            Place::Near { left, right, distance, ordered } => {
                let (left, right) = (self.places(left), self.places(right));
                let mut found = Vec::new();
                pairs(&left, &right, *distance, &mut found);
                if !ordered {
                    pairs(&right, &left, *distance, &mut found);
                }
                found
            }
            Place::Sentence { left, right } => self.in_one_sentence(&self.places(left), &self.places(right)),
            Place::Or(parts) => parts.iter().flat_map(|part| self.places(part)).collect(),
        };
        found.sort_unstable();
        found.dedup();
        found.truncate(MAX_PLACES);
        found
    }

    /// Tokens of a positional part that stand in one of its places.
    pub(crate) fn tokens_in(&self, place: &Place, places: &[Stretch], tokens: &mut Vec<usize>) {
        let mut add = |atoms: Range32| {
            for atom in &self.atoms[atoms.iter()] {
                tokens.extend(self.found.tokens(*atom).filter(|token| {
                    let token = &self.analysis.tokens()[*token];
                    places.iter().any(|place| place.0 <= token.position && token.last <= place.1)
                }));
            }
        };
        match place {
            Place::Word { atoms, .. } => add(*atoms),
            Place::Row { words, .. } => words.iter().for_each(|word| add(*word)),
            Place::Close { words, .. } => words.iter().for_each(|(word, _)| add(*word)),
            Place::Near { left, right, .. } | Place::Sentence { left, right } => {
                self.tokens_in(left, places, tokens);
                self.tokens_in(right, places, tokens);
            }
            Place::Or(parts) => parts.iter().for_each(|part| self.tokens_in(part, places, tokens)),
        }
    }

    fn has_any(&self, atoms: Range32) -> bool {
        self.atoms[atoms.iter()].iter().any(|atom| self.found.has(*atom))
    }

    /// A quick no, without positions.
    fn may_have(&self, place: &Place) -> bool {
        match place {
            Place::Word { atoms, .. } => self.has_any(*atoms),
            Place::Row { words, .. } => words.iter().all(|word| self.has_any(*word)),
            Place::Close { words, .. } => words.iter().all(|(word, _)| self.has_any(*word)),
            Place::Near { left, right, .. } | Place::Sentence { left, right } => {
                self.may_have(left) && self.may_have(right)
            }
            Place::Or(parts) => parts.iter().any(|part| self.may_have(part)),
        }
    }

    fn word(&self, atoms: Range32, title_only: bool) -> Vec<Stretch> {
        let mut found = Vec::new();
        for atom in &self.atoms[atoms.iter()] {
            for token in self.found.tokens(*atom) {
                let token = &self.analysis.tokens()[token];
                if token.in_title || !title_only {
                    found.push((token.position, token.last));
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn row(&self, words: &[Range32], title_only: bool) -> Vec<Stretch> {
        let mut rows: Option<Vec<Stretch>> = None;
        for word in words {
            let places = self.word(*word, title_only);
            rows = Some(match rows {
                None => places,
                Some(rows) => {
                    let mut longer = Vec::new();
                    for row in rows {
                        let first = places.partition_point(|place| place.0 <= row.1);
                        let adjacent = places[first..].iter().take_while(|place| place.0 == row.1 + 1);
                        longer.extend(adjacent.map(|place| (row.0, place.1)));
                    }
                    longer.sort_unstable();
                    longer.dedup();
                    longer
                }
            });
        }
        rows.unwrap_or_default()
    }

    /// From each word on, the shortest stretch that holds every word often enough, if it is short enough.
    fn close(&self, words: &[(Range32, u32)], longest: u32, title_only: bool) -> Vec<Stretch> {
        let places: Vec<_> = words.iter().map(|(word, _)| self.word(*word, title_only)).collect();
        let mut starts: Vec<u32> = places.iter().flatten().map(|place| place.0).collect();
        starts.sort_unstable();
        starts.dedup();
        let mut ends = Vec::new();
        let shortest_end = |start: u32, ends: &mut Vec<u32>| {
            let limit = start.saturating_add(longest) - 1;
            let mut end = start;
            for (places, (_, written)) in places.iter().zip(words) {
                let first = places.partition_point(|place| place.0 < start);
                ends.clear();
                let inside =
                    places[first..].iter().take_while(|place| place.0 <= limit).filter(|place| place.1 <= limit);
                ends.extend(inside.map(|place| place.1));
                ends.sort_unstable();
                end = end.max(*ends.get(*written as usize - 1)?);
            }
            Some(end)
        };
        starts.into_iter().filter_map(|start| Some((start, shortest_end(start, &mut ends)?))).collect()
    }

    fn in_one_sentence(&self, left: &[Stretch], right: &[Stretch]) -> Vec<Stretch> {
        let mut found = Vec::new();
        for a in left {
            let Some(sentence) = self.sentence_of(*a) else { continue };
            for b in right {
                if (a.1 < b.0 || b.1 < a.0) && self.sentence_of(*b) == Some(sentence) {
                    found.push((a.0.min(b.0), a.1.max(b.1)));
                }
            }
        }
        found
    }

    /// Whether any two that do not overlap lie in one sentence: the first to end and the last to begin decide.
    fn share_a_sentence(&self, left: &[Stretch], right: &[Stretch]) -> bool {
        let extremes = |places: &[Stretch]| {
            let mut sentences: Vec<(usize, u32, u32)> = Vec::new();
            for place in places {
                let Some(sentence) = self.sentence_of(*place) else { continue };
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

    fn sentence_of(&self, place: Stretch) -> Option<usize> {
        let sentence = self.analysis.sentence_of(place.0);
        (place.0 == place.1 || self.analysis.sentence_of(place.1) == sentence).then_some(sentence)
    }
}

/// Stretches from a first to a second that begins at most `distance` positions after it.
fn pairs(first: &[Stretch], second: &[Stretch], distance: u32, found: &mut Vec<Stretch>) {
    for a in first {
        let from = second.partition_point(|b| b.0 <= a.1);
        let close = second[from..].iter().take_while(|b| b.0 - a.1 <= distance);
        found.extend(close.map(|b| (a.0, b.1.max(a.1))));
    }
}
