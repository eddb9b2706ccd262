//! How good answers are: F1, recall, calibration, and how sure one can be of that.

use super::dice::Dice;

/// Counts of (true class, said class).
#[derive(Clone, Debug)]
pub(crate) struct Confusion {
    classes: usize,
    counts: Vec<f64>,
}

impl Confusion {
    pub(crate) fn of(classes: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut counts = vec![0.0; classes * classes];
        pairs.into_iter().for_each(|(truth, said)| counts[truth * classes + said] += 1.0);
        Self { classes, counts }
    }

    pub(crate) fn f1(&self, class: usize) -> f64 {
        let hit = self.counts[class * self.classes + class];
        let (said, truth) = (0..self.classes).fold((0.0, 0.0), |(said, truth), other| {
            (said + self.counts[other * self.classes + class], truth + self.counts[class * self.classes + other])
        });
        if said + truth == 0.0 { 0.0 } else { 2.0 * hit / (said + truth) }
    }

    pub(crate) fn recall(&self, class: usize) -> f64 {
        let truth: f64 = self.counts[class * self.classes..][..self.classes].iter().sum();
        if truth == 0.0 { 0.0 } else { self.counts[class * self.classes + class] / truth }
    }
}

/// What a set is scored by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Metric {
    /// Mean F1 of all classes.
    MacroF1,
    /// Mean F1 of the first and the third of three classes: the measure of SentiRuEval.
    EndsF1,
    /// Mean recall of all classes: the measure of SemEval.
    MeanRecall,
}

impl Metric {
    pub(crate) fn of(self, confusion: &Confusion) -> f64 {
        let classes = confusion.classes;
        let mean = |of: &dyn Fn(usize) -> f64| (0..classes).map(of).sum::<f64>() / classes as f64;
        match self {
            Self::MacroF1 => mean(&|class| confusion.f1(class)),
            Self::EndsF1 => (confusion.f1(0) + confusion.f1(2)) / 2.0,
            Self::MeanRecall => mean(&|class| confusion.recall(class)),
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::MacroF1 => "macro F1",
            Self::EndsF1 => "macro F1 of negative and positive",
            Self::MeanRecall => "mean recall",
        }
    }
}

/// A 95 % interval by resampling the answers.
pub(crate) fn interval(metric: Metric, classes: usize, pairs: &[(usize, usize)], rounds: usize) -> (f64, f64) {
    let mut dice = Dice::new(7);
    let mut scores: Vec<f64> = (0..rounds)
        .map(|_| metric.of(&Confusion::of(classes, (0..pairs.len()).map(|_| pairs[dice.below(pairs.len())]))))
        .collect();
    scores.sort_by(f64::total_cmp);
    let at = |share: f64| scores.get((scores.len() as f64 * share) as usize).copied().unwrap_or_default();
    (at(0.025), at(0.975))
}

/// Expected calibration error over all classes: how far the mean of ten bins of probability lies from what happened.
pub(crate) fn calibration_error(probabilities: &[f32], classes: usize, truths: &[usize]) -> f64 {
    let one = |class: usize| {
        let pairs = probabilities.chunks(classes).zip(truths).map(|(row, truth)| (row[class], *truth == class));
        calibration_error_of(pairs)
    };
    (0..classes).map(one).sum::<f64>() / classes as f64
}

pub(crate) fn calibration_error_of(pairs: impl Iterator<Item = (f32, bool)>) -> f64 {
    const BINS: usize = 10;
    let (mut sums, mut hits, mut all) = ([0.0_f64; BINS], [0.0_f64; BINS], 0.0_f64);
    for (probability, truth) in pairs {
        let bin = ((probability * BINS as f32) as usize).min(BINS - 1);
        sums[bin] += f64::from(probability);
        hits[bin] += f64::from(u8::from(truth));
        all += 1.0;
    }
    sums.iter().zip(hits).map(|(sum, hits)| (sum - hits).abs()).sum::<f64>() / all.max(1.0)
}
