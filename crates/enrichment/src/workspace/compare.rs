//! How good answers are, and whether others are better by more than chance.

use crate::training::dice::Dice;

/// Resamples of a comparison.
const ROUNDS: usize = 1_000;
const MOST_CLASSES: usize = 6;

/// What is true of a mention, and what two models say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) truth: usize,
    pub(crate) before: usize,
    pub(crate) after: usize,
}

/// Two models on the same mentions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Compared {
    pub(crate) before: f64,
    pub(crate) after: f64,
    /// Part of the resamples in which the second is better.
    pub(crate) chance: f64,
}

/// F1 of yes where there are two classes, else the mean F1 of those classes that are among the truths.
pub(crate) fn score(classes: usize, pairs: impl Iterator<Item = (usize, usize)>) -> f64 {
    let (mut hits, mut truths, mut said) = ([0.0_f64; MOST_CLASSES], [0.0_f64; MOST_CLASSES], [0.0_f64; MOST_CLASSES]);
    for (truth, says) in pairs {
        truths[truth] += 1.0;
        said[says] += 1.0;
        hits[truth] += f64::from(u8::from(truth == says));
    }
    let f1 = |class: usize| 2.0 * hits[class] / (truths[class] + said[class]).max(1.0);
    if classes == 2 {
        return f1(1);
    }
    let present = || (0..classes).filter(|class| truths[*class] > 0.0);
    present().map(f1).sum::<f64>() / (present().count().max(1) as f64)
}

/// Resamples mentions, both answers of each together.
pub(crate) fn compare(classes: usize, pairs: &[Pair], seed: u64) -> Compared {
    let before = |pairs: &[Pair]| score(classes, pairs.iter().map(|pair| (pair.truth, pair.before)));
    let after = |pairs: &[Pair]| score(classes, pairs.iter().map(|pair| (pair.truth, pair.after)));
    let mut dice = Dice::new(seed);
    let mut better = 0;
    let mut drawn = Vec::with_capacity(pairs.len());
    for _ in 0..ROUNDS {
        drawn.clear();
        drawn.extend((0..pairs.len()).map(|_| pairs[dice.below(pairs.len())]));
        better += usize::from(after(&drawn) > before(&drawn));
    }
    Compared { before: before(pairs), after: after(pairs), chance: better as f64 / ROUNDS as f64 }
}

/// A 95 % interval of a measure over items, by resampling them.
pub(crate) fn interval<T: Copy>(items: &[T], measure: impl Fn(&[T]) -> f64) -> (f64, f64) {
    const ROUNDS: usize = 400;
    let mut dice = Dice::new(7);
    let mut drawn = Vec::with_capacity(items.len());
    let mut values: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            drawn.clear();
            drawn.extend((0..items.len()).map(|_| items[dice.below(items.len())]));
            measure(&drawn)
        })
        .collect();
    values.sort_by(f64::total_cmp);
    (values[ROUNDS / 40], values[ROUNDS - 1 - ROUNDS / 40])
}

/// How likely one of those that are true has a higher score than one of those that are not.
pub(crate) fn auc(scored: &[(f32, bool)]) -> f64 {
    let mut sorted = scored.to_vec();
    sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (mut wins, mut no) = (0.0_f64, 0.0_f64);
    let mut yes = 0.0_f64;
    let mut from = 0;
    while from < sorted.len() {
        let to = from + sorted[from..].iter().take_while(|(score, _)| *score == sorted[from].0).count();
        let ties = &sorted[from..to];
        let yes_here = ties.iter().filter(|(_, truth)| *truth).count() as f64;
        let no_here = ties.len() as f64 - yes_here;
        wins += yes_here * (no + no_here / 2.0);
        (yes, no, from) = (yes + yes_here, no + no_here, to);
    }
    if yes * no == 0.0 { 0.5 } else { wins / (yes * no) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_better_answer_is_told_from_chance() {
        let pair = |truth, before, after| Pair { truth, before, after };
        let pairs: Vec<Pair> = (0..90).map(|n| pair(n % 3, if n < 45 { n % 3 } else { 1 }, n % 3)).collect();
        let compared = compare(3, &pairs, 1);
        assert_eq!((compared.after, compared.chance), (1.0, 1.0));
        assert!(compared.before < 0.8, "{compared:?}");
        let same: Vec<Pair> = pairs.iter().map(|one| pair(one.truth, one.before, one.before)).collect();
        assert_eq!(compare(3, &same, 1).chance, 0.0);
    }

    #[test]
    fn classes_that_are_not_there_do_not_count() {
        assert_eq!(score(3, [(0, 0), (1, 1)].into_iter()), 1.0);
        assert_eq!(score(2, [(1, 1), (1, 0), (0, 1), (0, 0)].into_iter()), 0.5);
        assert_eq!(score(2, std::iter::empty()), 0.0);
    }

    #[test]
    fn the_area_under_the_curve_counts_pairs_in_order() {
        assert_eq!(auc(&[(0.9, true), (0.8, true), (0.2, false)]), 1.0);
        assert_eq!(auc(&[(0.5, true), (0.5, false)]), 0.5);
        assert_eq!(auc(&[(0.1, true), (0.3, false), (0.2, true), (0.2, false)]), 0.125);
        assert_eq!(auc(&[(0.1, true)]), 0.5);
    }
}
