//! Where the positional parts of a query stand: phrases, distances, sentences.

use molva_query::places;

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
                places::share_a_sentence(&self.places(left), &self.places(right), |place| self.sentence_of(place))
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
                let ordered = part.operator() == Operator::OrderedNear;
                places::near(&self.places(left), &self.places(right), part.number(), ordered)
            }
            Operator::Sentence => {
                let (left, right) = part.sides();
                places::in_one_sentence(&self.places(left), &self.places(right), |place| self.sentence_of(place))
            }
            _ => part.parts().flat_map(|part| self.places(part)).collect(),
        };
        places::settle(&mut found);
        found
    }

    /// Tokens of a positional part that stand in one of its places.
    pub(crate) fn tokens_in(&self, part: Part<'_>, stretches: &[Stretch], tokens: &mut Vec<usize>) {
        if !matches!(part.operator(), Operator::Word | Operator::TitleWord) {
            return part.parts().for_each(|part| self.tokens_in(part, stretches, tokens));
        }
        let inside = places::inside_of(stretches);
        self.each_token(part.atoms(), |number| {
            let token = &self.text.analysis.tokens()[number];
            if inside((token.position, token.last)) {
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
            let next = self.word(word);
            rows = Some(match rows {
                None => next,
                Some(rows) => places::longer_rows(&rows, &next),
            });
        }
        rows.unwrap_or_default()
    }

    /// From each word on, the shortest stretch that holds every word often enough, if it is short enough.
    fn close(&self, part: Part<'_>) -> Vec<Stretch> {
        let words: Vec<(Vec<Stretch>, usize)> = part
            .parts()
            .map(|times| (times.parts().flat_map(|word| self.word(word)).collect(), times.number() as usize))
            .collect();
        places::close_together(&words, part.number())
    }

    fn sentence_of(&self, position: u32) -> usize {
        self.text.analysis.sentence_of(position)
    }
}
