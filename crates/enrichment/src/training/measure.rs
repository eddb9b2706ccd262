//! Calibrates a head on answers it gave about rows it had not learnt from, and scores it fairly.

use super::calibrate::{fit_factors, fit_platt, fit_softmax};
use super::metrics::{Confusion, Metric, calibration_error, calibration_error_of, interval};
use crate::models::{Classes, Platt, Score};

const ROUNDS: usize = 1_000;

/// Answers about rows that were not learnt from.
pub(crate) struct Answers<'a> {
    pub(crate) margins: &'a [f32],
    pub(crate) names: &'a [&'static str],
    pub(crate) truths: &'a [usize],
    pub(crate) folds: &'a [usize],
    pub(crate) metric: Metric,
    /// Whether factors are learnt; without, the largest margin is said.
    pub(crate) factors: bool,
}

impl Answers<'_> {
    fn outputs(&self) -> usize {
        self.names.len()
    }

    /// The calibration and the factors learnt from all answers.
    pub(crate) fn rule(&self, which: &[usize]) -> Classes {
        let outputs = self.outputs();
        let calibration = fit_softmax(self.margins, outputs, self.truths, which);
        if !self.factors {
            return Classes { calibration, factors: Vec::new() };
        }
        let mut probabilities = vec![0.0; self.margins.len()];
        for row in which {
            let range = row * outputs..(row + 1) * outputs;
            calibration.probabilities(&self.margins[range.clone()], &mut probabilities[range]);
        }
        let factors = fit_factors(&probabilities, outputs, self.truths, which, self.metric);
        Classes { calibration, factors }
    }

    /// The score of the rows `shown`; each fold is calibrated by the others.
    pub(crate) fn score(&self, set: &str, method: &str, shown: &dyn Fn(usize) -> bool) -> Score {
        let outputs = self.outputs();
        let folds = self.folds.iter().max().map_or(0, |last| last + 1);
        let (mut pairs, mut probabilities, mut truths) = (Vec::new(), Vec::new(), Vec::new());
        let mut row_probabilities = vec![0.0; outputs];
        for fold in 0..folds {
            let others: Vec<usize> = (0..self.truths.len()).filter(|row| self.folds[*row] != fold).collect();
            let rule = self.rule(&others);
            for row in (0..self.truths.len()).filter(|row| self.folds[*row] == fold && shown(*row)) {
                let class = rule.judge(&self.margins[row * outputs..][..outputs], &mut row_probabilities);
                pairs.push((self.truths[row], class));
                probabilities.extend_from_slice(&row_probabilities);
                truths.push(self.truths[row]);
            }
        }
        score_of(set, method, self.metric, self.names, &pairs, calibration_error(&probabilities, outputs, &truths))
    }
}

pub(crate) fn score_of(
    set: &str,
    method: &str,
    metric: Metric,
    names: &[&str],
    pairs: &[(usize, usize)],
    calibration_error: impl Into<Option<f64>>,
) -> Score {
    let confusion = Confusion::of(names.len(), pairs.iter().copied());
    let (low, high) = interval(metric, names.len(), pairs, ROUNDS);
    Score {
        set: set.to_owned(),
        metric: metric.name().to_owned(),
        method: method.to_owned(),
        value: metric.of(&confusion),
        low,
        high,
        calibration_error: calibration_error.into(),
        examples: pairs.len(),
        classes: names.iter().enumerate().map(|(class, name)| ((*name).to_owned(), confusion.f1(class))).collect(),
    }
}

/// A label of its own: `(margin, holds, fold)` for each row asked.
pub(crate) struct YesNo<'a> {
    pub(crate) answers: &'a [(f32, bool, usize)],
}

impl YesNo<'_> {
    /// The calibration learnt from all answers, and the threshold at which F1 is best.
    pub(crate) fn rule(&self, which: &dyn Fn(usize) -> bool) -> Platt {
        let pairs: Vec<(f32, bool)> = self
            .answers
            .iter()
            .filter(|(_, _, fold)| which(*fold))
            .map(|(margin, holds, _)| (*margin, *holds))
            .collect();
        let (slope, shift) = fit_platt(&pairs);
        let mut rule = Platt { slope, shift, threshold: 0.5 };
        let mut best = -1.0;
        for percent in 10..=70 {
            let threshold = f32::from(percent as u8) / 100.0;
            let said = pairs
                .iter()
                .map(|(margin, holds)| (usize::from(*holds), usize::from(rule.probability(*margin) >= threshold)));
            // Near ties go to the threshold nearer to a half.
            let f1 = Confusion::of(2, said).f1(1) - 0.02 * f64::from((threshold - 0.5).abs());
            if f1 > best {
                best = f1;
                rule.threshold = threshold;
            }
        }
        rule
    }

    /// The score, each fold calibrated by the others; with `at_half` the label is said from a probability of a half on.
    pub(crate) fn score(&self, set: &str, method: &str, names: &[&str; 2], at_half: bool) -> Score {
        let folds = self.answers.iter().map(|(_, _, fold)| fold + 1).max().unwrap_or_default();
        let (mut pairs, mut probabilities) = (Vec::new(), Vec::new());
        for fold in 0..folds {
            let rule = self.rule(&|other| other != fold);
            let threshold = if at_half { 0.5 } else { rule.threshold };
            for (margin, holds, _) in self.answers.iter().filter(|(_, _, of)| *of == fold) {
                let probability = rule.probability(*margin);
                pairs.push((usize::from(*holds), usize::from(probability >= threshold)));
                probabilities.push((probability, *holds));
            }
        }
        let error = calibration_error_of(probabilities.into_iter());
        score_of(set, method, Metric::MacroF1, names, &pairs, error)
    }
}

/// The score of a label on rows that neither the model nor its rule has seen.
pub(crate) fn held_out(set: &str, names: &[&str; 2], answers: &[(f32, bool, usize)], rule: Platt) -> Score {
    let says = |margin: f32| (rule.probability(margin), usize::from(rule.probability(margin) >= rule.threshold));
    let pairs: Vec<_> = answers.iter().map(|(margin, holds, _)| (usize::from(*holds), says(*margin).1)).collect();
    let error = calibration_error_of(answers.iter().map(|(margin, holds, _)| (says(*margin).0, *holds)));
    score_of(set, "held out", Metric::MacroF1, names, &pairs, error)
}

/// The score of classes on rows that neither the model nor its rule has seen.
pub(crate) fn held_out_classes(
    set: &str,
    names: &[&'static str],
    margins: &[f32],
    truths: &[usize],
    rule: &Classes,
) -> Score {
    let outputs = names.len();
    let mut probabilities = vec![0.0; margins.len()];
    let pairs: Vec<(usize, usize)> = margins
        .chunks_exact(outputs)
        .zip(probabilities.chunks_exact_mut(outputs))
        .zip(truths)
        .map(|((margins, probabilities), truth)| (*truth, rule.judge(margins, probabilities)))
        .collect();
    let error = calibration_error(&probabilities, outputs, truths);
    score_of(set, "held out", Metric::MacroF1, names, &pairs, error)
}
