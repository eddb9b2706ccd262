//! Where the positional parts of a query stand: phrases, distances, sentences.

use molva_query::reference::MAX_PLACES;

use crate::code::{Operator, Part};
use crate::evaluate::Evaluation;

/// First and last position.
type Stretch = (u32, u32);

impl Evaluation<'_> {
    pub(crate) fn has_place(&self, part: Part<'_>) -> bool {
        if !self.may_have(part) {
            return false;
        }
        match part.operator() {
            Operator::Word => true,
            Operator::Either => part.parts().any(|part| self.has_place(part)),
            Operator::Sentence => {
                let (left, right) = part.sides();
                self.share_a_sentence(&self.places(left), &self.places(right))
            }
            _ => !self.places(part).is_empty(),
        }
    }

    /// Every stretch a part covers, sorted, at most [`MAX_PLACES`].
    pub(crate) fn places(&self, part: Part<'_>) -> Vec<Stretch> {
        let mut found = match part.operator() {
            Operator::Word | Operator::TitleWord => self.word(part),
            Operator::Row => self.row(part),
            Operator::Close => self.close(part),
            Operator::Near | Operator::OrderedNear => {
                let (left, right) = part.sides();
                let (left, right) = (self.places(left), self.places(right));
                let mut found = Vec::new();
                pairs(&left, &right, part.number(), &mut found);
                if part.operator() == Operator::Near {
                    pairs(&right, &left, part.number(), &mut found);
                }
                found
            }
            Operator::Sentence => {
                let (left, right) = part.sides();
                self.in_one_sentence(&self.places(left), &self.places(right))
            }
            _ => part.parts().flat_map(|part| self.places(part)).collect(),
        };
        found.sort_unstable();
        found.dedup();
        found.truncate(MAX_PLACES);
        found
    }

    /// Tokens of a positional part that stand in one of its places.
    pub(crate) fn tokens_in(&self, part: Part<'_>, places: &[Stretch], tokens: &mut Vec<usize>) {
        if !matches!(part.operator(), Operator::Word | Operator::TitleWord) {
            return part.parts().for_each(|part| self.tokens_in(part, places, tokens));
        }
        self.each_token(part.atoms(), |number| {
            let token = &self.text.analysis.tokens()[number];
            if places.iter().any(|place| place.0 <= token.position && token.last <= place.1) {
                tokens.push(number);
            }
        });
    }

    /// A quick no, without positions.
    fn may_have(&self, part: Part<'_>) -> bool {
        match part.operator() {
            Operator::Word | Operator::TitleWord => self.has_any(part.atoms()),
            Operator::Either => part.parts().any(|part| self.may_have(part)),
            _ => part.parts().all(|part| self.may_have(part)),
        }
    }

    fn word(&self, part: Part<'_>) -> Vec<Stretch> {
        let title_only = part.operator() == Operator::TitleWord;
        let mut found = Vec::new();
        self.each_token(part.atoms(), |token| {
            let token = &self.text.analysis.tokens()[token];
            if token.in_title || !title_only {
                found.push((token.position, token.last));
            }
        });
        found.sort_unstable();
        found.dedup();
        found
    }

    fn row(&self, part: Part<'_>) -> Vec<Stretch> {
        let mut rows: Option<Vec<Stretch>> = None;
        for word in part.parts() {
            let places = self.word(word);
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
    fn close(&self, part: Part<'_>) -> Vec<Stretch> {
        let longest = part.number();
        let words: Vec<(Vec<Stretch>, usize)> = part
            .parts()
            .map(|times| (times.parts().flat_map(|word| self.word(word)).collect(), times.number() as usize))
            .collect();
        let mut starts: Vec<u32> = words.iter().flat_map(|(places, _)| places).map(|place| place.0).collect();
        starts.sort_unstable();
        starts.dedup();
        let mut ends = Vec::new();
        let shortest_end = |start: u32, ends: &mut Vec<u32>| {
            let limit = start.saturating_add(longest) - 1;
            let mut end = start;
            for (places, times) in &words {
                let first = places.partition_point(|place| place.0 < start);
                ends.clear();
                let inside =
                    places[first..].iter().take_while(|place| place.0 <= limit).filter(|place| place.1 <= limit);
                ends.extend(inside.map(|place| place.1));
                ends.sort_unstable();
                end = end.max(*ends.get(*times - 1)?);
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
        let sentence = self.text.analysis.sentence_of(place.0);
        (place.0 == place.1 || self.text.analysis.sentence_of(place.1) == sentence).then_some(sentence)
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
