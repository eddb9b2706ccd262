//! How alike two texts are, by what their signatures keep.

use super::alignment::Alignment;
use super::rarity::{Rarity, log};
use super::signature::{Seen, Signature};

/// Shares of what two texts have in common, each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Likeness {
    /// Runs of three letters in both by those in either (Jaccard).
    pub grams: f32,
    /// Runs of three letters in both by those of the text that has fewer.
    pub gram_containment: f32,
    /// Distinct words in both by those in either.
    pub words: f32,
    /// Distinct words in both by those of the text that has fewer.
    pub word_containment: f32,
    /// As `words`, each word counting as much as it is rare among stories.
    pub rare_words: f32,
    /// As `word_containment`, each word counting as much as it is rare; the text that weighs less.
    pub rare_containment: f32,
    /// The longest run of words that both have in the same order, by the words of the text that has fewer.
    pub run: f32,
    /// Rarity of the words in both, one at most for each.
    pub shared_rarity: f32,
    /// Rarity of the words of the text that weighs less.
    pub fewer_rarity: f32,
    /// Runs of three letters of the text that has fewer, of the whole text where they were thinned out.
    pub fewer_grams: u32,
    /// Distinct words of the text that has fewer.
    pub fewer_words: u32,
    /// Words in the longest run that both have in the same order.
    pub run_words: u32,
    /// How the words of the two stand beside each other.
    pub alignment: Alignment,
}

/// What is weighed: the numbers of a [`Likeness`], and those of the quadratic form over them.
const FEATURES: usize = 16;
/// Weights of [`Likeness::odds`], learned from edits of real posts and pairs of different posts that share words.
const BIAS: f32 = -24.88;
const LINEAR: [f32; FEATURES] =
    [-5.52, -7.07, -5.22, -5.26, -1.71, -1.25, -4.76, 30.62, 24.24, 9.73, 5.62, 22.92, 18.09, 3.51, 17.24, 24.32];
/// The upper triangle, row by row.
const QUADRATIC: [f32; FEATURES * (FEATURES + 1) / 2] = [
    3.90, 1.97, -0.84, -1.31, -18.50, -1.17, -2.11, -1.12, 11.47, 4.56, -0.52, 10.64, 2.67, 1.70, 19.56, 19.95, //
    8.49, -3.55, 8.83, -15.28, -7.04, 0.46, -3.44, 2.82, -3.49, -3.49, 10.45, -3.86, -0.17, -9.85, -12.26, //
    0.52, -3.58, 5.24, 9.01, -1.42, -3.94, 8.85, 3.96, 0.54, 1.56, 24.41, 9.43, 25.22, 20.09, //
    9.35, 4.64, 4.28, 2.84, -3.64, -0.37, -5.28, -1.95, 1.29, -30.51, -7.41, -32.50, -31.80, //
    8.89, 8.37, 7.85, -6.56, -4.30, -2.28, 1.93, 0.95, 0.33, 3.44, -23.08, -12.22, //
    -1.76, 2.50, 9.58, 2.01, -3.51, 1.94, 5.62, 27.11, -2.15, 30.51, 30.11, //
    0.94, 3.15, 5.62, -8.65, -3.64, 5.96, -6.59, -4.26, 4.72, -2.97, //
    -25.08, -18.86, -5.06, -7.89, -8.47, 2.62, 3.11, -11.83, -11.35, //
    -10.77, 2.71, -6.00, -10.14, -1.31, -5.63, -20.59, -28.32, //
    -1.73, -2.99, -6.62, -4.46, 5.37, 1.95, 24.02, //
    4.67, -0.19, -14.64, -7.80, -15.67, -59.08, //
    -4.44, -4.26, -5.24, 12.11, 19.62, //
    -12.11, -10.15, 16.49, 19.93, //
    4.27, 5.85, -0.15, //
    1.00, -4.44, //
    -6.73, //
];

impl Likeness {
    fn features(&self) -> [f32; FEATURES] {
        [
            self.grams,
            self.gram_containment,
            self.words,
            self.word_containment,
            self.rare_words,
            self.rare_containment,
            self.run,
            log(1 + self.fewer_grams.min(400)) / 8.0,
            log(1 + self.fewer_words.min(60)) / 4.0,
            log(1 + self.run_words.min(60)) / 4.0,
            self.shared_rarity.min(16.0) / 8.0,
            self.fewer_rarity.min(16.0) / 8.0,
            self.alignment.replaced,
            self.alignment.reworded,
            self.alignment.beginnings,
            self.alignment.ends,
        ]
    }

    /// Logarithm of the odds that the two tell the same: what two short texts share says less than what two long ones do,
    /// and what everybody says less than what hardly anybody does.
    #[must_use]
    pub fn odds(&self) -> f32 {
        let features = self.features();
        let mut weights = QUADRATIC.iter();
        let mut odds = BIAS;
        for (at, feature) in features.iter().enumerate() {
            let row: f32 = features[at..].iter().zip(weights.by_ref()).map(|(other, weight)| other * weight).sum();
            odds += feature * (LINEAR[at] + row);
        }
        odds
    }

    /// From these odds on two tell the same: one is the other with a few changes, or the longer one repeats the shorter one.
    /// Fifty to one: lower finds more copies of short posts, and puts more headlines made from one another together.
    pub(super) const COPY: f32 = 4.0;

    /// Enough in common to belong to one story by way of a text between them.
    pub(super) fn is_related(&self) -> bool {
        const RELATED: f32 = 0.5;
        self.odds() >= RELATED
    }
}

/// [`Likeness::odds`] as a probability.
pub(super) fn similarity(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

/// Texts with a smaller share of words in common are unlike, whatever else they have in common.
const UNLIKE: f32 = 0.25;

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

    /// The likeness of `opened`, which was opened, and another; `None` when they have next to nothing in common.
    pub(super) fn compare(&self, opened: &Signature, other: &Signature, rarity: &Rarity) -> Option<Likeness> {
        let words = Overlap::of(&self.words, (opened.words(), opened.word_level), (other.words(), other.word_level));
        // Most of those looked at share a phrase and nothing else: no need to look closer.
        if words.containment() < UNLIKE {
            return None;
        }
        let grams = Overlap::of(&self.grams, (opened.grams(), opened.gram_level), (other.grams(), other.gram_level));
        let end = 0x1_0000 >> words.level;
        let (mut shared, mut theirs) = (0.0, 0.0);
        for word in other.words().iter().filter(|word| u32::from(**word) < end) {
            let weight = rarity.of(*word);
            theirs += weight;
            shared += if self.words.contains(*word) { weight } else { 0.0 };
        }
        let own: f32 = opened.words().iter().filter(|word| u32::from(**word) < end).map(|word| rarity.of(*word)).sum();
        let (alignment, run) = Alignment::of(&self.words, opened.words(), other.words());
        Some(Likeness {
            grams: grams.jaccard(),
            gram_containment: grams.containment(),
            words: words.jaccard(),
            word_containment: words.containment(),
            rare_words: share(shared, own + theirs - shared),
            rare_containment: share(shared, own.min(theirs)),
            run: ratio(run, opened.words().len().min(other.words().len()) as u32),
            shared_rarity: shared,
            fewer_rarity: own.min(theirs),
            fewer_grams: grams.fewer(),
            fewer_words: words.fewer(),
            run_words: run,
            alignment,
        })
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

fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stories::sign;

    fn compare(left: &str, right: &str) -> Likeness {
        let (left, right) = (sign("", left), sign("", right));
        let mut opened = Opened::default();
        opened.open(&left);
        opened.compare(&left, &right, &Rarity::default()).unwrap_or_default()
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
        // Words of letters enough that runs of three seldom meet by chance.
        let letter = |number: u32| char::from_u32(u32::from('а') + number % 32).unwrap();
        let word = |number: u32| [0, 5, 10, 15, 20].map(|bits| letter(number >> bits)).iter().collect::<String>() + " ";
        let words = |range: std::ops::Range<u32>| {
            range.map(|number| word((number + 1).wrapping_mul(2_654_435_761) >> 7)).collect::<String>()
        };
        let likeness = compare(&words(0..600), &words(200..800));
        assert!((likeness.words - 0.5).abs() < 0.15 && (likeness.grams - 0.55).abs() < 0.15, "{likeness:?}");
        let quoted = compare(&words(0..1_000), &words(100..200));
        assert!(quoted.gram_containment > 0.9 && quoted.grams < 0.2, "{quoted:?}");
    }
}
