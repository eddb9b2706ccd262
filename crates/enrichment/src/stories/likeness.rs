//! How alike two texts are, by what their signatures keep.

use super::signature::{Seen, Signature};

/// Shares of what two texts have in common, each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Likeness {
    /// Character 5-grams in both by those in either (Jaccard).
    pub grams: f32,
    /// Character 5-grams in both by those of the text that has fewer.
    pub gram_containment: f32,
    /// Distinct words in both by those in either.
    pub words: f32,
    /// Distinct words in both by those of the text that has fewer.
    pub word_containment: f32,
    /// Character 5-grams of the text that has fewer, of the whole text where they were thinned out.
    pub fewer_grams: u32,
    /// Distinct words of the text that has fewer.
    pub fewer_words: u32,
}

impl Likeness {
    /// The two tell the same: one is the other with a few changes, or the longer one repeats the shorter one.
    pub(super) fn is_copy(&self) -> bool {
        let changed = self.grams >= 0.6 || (self.words >= 0.7 && self.fewer_words >= 4);
        let repeated = self.gram_containment >= 0.9 && self.fewer_grams >= 12;
        changed || repeated
    }

    /// Enough in common to belong to one story by way of a text between them.
    pub(super) fn is_related(&self) -> bool {
        self.grams >= 0.35 || self.gram_containment >= 0.5
    }

    /// One number to choose the best by.
    pub(super) fn score(&self) -> f32 {
        self.grams.max(self.words).max(self.gram_containment * 0.95)
    }
}

/// A signature opened for comparing with many others.
#[derive(Debug, Default)]
pub(super) struct Opened {
    grams: Seen,
    words: Seen,
}

impl Opened {
    pub(super) fn open(&mut self, signature: &Signature) {
        signature.grams().iter().for_each(|hash| _ = self.grams.insert(*hash));
        signature.words().iter().for_each(|hash| _ = self.words.insert(*hash));
    }

    pub(super) fn close(&mut self, signature: &Signature) {
        self.grams.forget(signature.grams());
        self.words.forget(signature.words());
    }

    /// The likeness of `opened`, which was opened, and another.
    pub(super) fn compare(&self, opened: &Signature, other: &Signature) -> Likeness {
        let grams = Overlap::of(&self.grams, (opened.grams(), opened.gram_level), (other.grams(), other.gram_level));
        let words = Overlap::of(&self.words, (opened.words(), opened.word_level), (other.words(), other.word_level));
        Likeness {
            grams: grams.jaccard(),
            gram_containment: grams.containment(),
            words: words.jaccard(),
            word_containment: words.containment(),
            fewer_grams: grams.fewer(),
            fewer_words: words.fewer(),
        }
    }
}

/// Sizes of two sets of hashes and of what they share, at the coarser of their levels.
#[derive(Clone, Copy)]
struct Overlap {
    shared: u32,
    left: u32,
    right: u32,
    level: u8,
}

impl Overlap {
    fn of(seen: &Seen, (left, left_level): (&[u16], u8), (right, right_level): (&[u16], u8)) -> Self {
        let level = left_level.max(right_level);
        let shared = right.iter().map(|hash| u32::from(seen.contains(*hash))).sum();
        let size = |hashes: &[u16], own_level: u8| {
            if own_level == level {
                hashes.len() as u32
            } else {
                hashes.iter().filter(|hash| u32::from(**hash) < 0x1_0000 >> level).count() as u32
            }
        };
        // What the finer one keeps beyond the coarser level cannot be shared: the coarser one has dropped it.
        Self { shared, left: size(left, left_level), right: size(right, right_level), level }
    }

    fn jaccard(self) -> f32 {
        ratio(self.shared, self.left + self.right - self.shared)
    }

    fn containment(self) -> f32 {
        ratio(self.shared, self.left.min(self.right))
    }

    fn fewer(self) -> u32 {
        self.left.min(self.right) << self.level
    }
}

fn ratio(part: u32, whole: u32) -> f32 {
    if whole == 0 { 0.0 } else { part as f32 / whole as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stories::sign;

    fn compare(left: &str, right: &str) -> Likeness {
        let (left, right) = (sign("", left), sign("", right));
        let mut opened = Opened::default();
        opened.open(&left);
        opened.compare(&left, &right)
    }

    #[test]
    fn shares_are_those_of_the_sets() {
        let likeness = compare("раз два три четыре", "раз два три пять");
        assert_eq!((likeness.words, likeness.word_containment, likeness.fewer_words), (0.6, 0.75, 4));
        assert_eq!(compare("раз два три четыре", "четыре три два раз").words, 1.0);
        assert_eq!(compare("раз два три", "one two three").score(), 0.0);
    }

    #[test]
    fn long_texts_are_compared_by_fair_samples_of_them() {
        let words = |range: std::ops::Range<u32>| {
            range.map(|word| format!("{:x} ", word * 7_919 + 123_456)).collect::<String>()
        };
        let likeness = compare(&words(0..600), &words(200..800));
        assert!((likeness.words - 0.5).abs() < 0.15 && (likeness.grams - 0.5).abs() < 0.15, "{likeness:?}");
        let quoted = compare(&words(0..1_000), &words(100..200));
        assert!(quoted.gram_containment > 0.9 && quoted.grams < 0.2, "{quoted:?}");
    }
}
