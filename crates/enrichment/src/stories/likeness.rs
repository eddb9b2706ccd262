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

/// Weights of [`Likeness::odds`], learned from edits of real posts and pairs of different posts that share words.
const BIAS: f32 = -41.59;
const LINEAR: [f32; 6] = [-8.47, -20.51, -1.54, -8.62, 32.52, 88.31];
/// The upper triangle, row by row.
const QUADRATIC: [f32; 21] = [
    -3.01, -3.46, -9.20, -13.64, 17.72, 27.98, //
    7.06, -11.61, 22.94, 1.45, 7.25, //
    5.98, -9.85, 4.20, 18.30, //
    20.53, -12.12, -3.98, //
    -14.78, -23.99, //
    -54.81,
];

impl Likeness {
    /// Logarithm of the odds that the two tell the same: what two short texts share says less than what two long ones do.
    #[must_use]
    pub fn odds(&self) -> f32 {
        let features = [
            self.grams,
            self.gram_containment,
            self.words,
            self.word_containment,
            (self.fewer_grams.min(400) as f32).ln_1p() / 5.0,
            (self.fewer_words.min(60) as f32).ln_1p() / 3.0,
        ];
        let mut weights = QUADRATIC.iter();
        let mut odds = BIAS;
        for (at, feature) in features.iter().enumerate() {
            let row: f32 = features[at..].iter().zip(weights.by_ref()).map(|(other, weight)| other * weight).sum();
            odds += feature * (LINEAR[at] + row);
        }
        odds
    }

    /// The two tell the same: one is the other with a few changes, or the longer one repeats the shorter one.
    pub(super) fn is_copy(&self) -> bool {
        /// Twenty to one. Lower finds more copies of short posts, and puts more posts made from one template together.
        const COPY: f32 = 3.0;
        self.odds() >= COPY
    }

    /// Enough in common to belong to one story by way of a text between them.
    pub(super) fn is_related(&self) -> bool {
        const RELATED: f32 = 0.5;
        self.odds() >= RELATED
    }

    /// The odds as a probability.
    #[must_use]
    pub fn similarity(&self) -> f32 {
        1.0 / (1.0 + (-self.odds()).exp())
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
        assert_eq!(compare("раз два три", "one two three").words, 0.0);
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
