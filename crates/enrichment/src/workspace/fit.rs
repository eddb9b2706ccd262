//! Logistic regression that starts from what is said already: stochastic gradient descent with a step for each weight (AdaGrad:
//! Duchi, Hazan, Singer 2011), L2-regularised, the mean of the later passes. Deterministic: the order comes from a seed.

use std::ops::Range;

use super::heard::DENSE;
use super::parts::OUTPUTS;
use super::rows::Rows;
use crate::training::dice::Dice;

const PASSES: usize = 10;
/// From this pass on weights enter the mean.
const FIRST_OF_MEAN: usize = 5;
const RATE: f32 = 0.15;
/// Squares of gradients begin here, so that the first step of a rare word is none of full length.
const FIRST_SQUARE: f32 = 0.02;
/// Inputs that every post has are held less than words.
const DENSE_HOLD: f32 = 0.2;

/// Fits weights to the rows `which`: by column, the outputs beside each other. `groups` are the outputs of which one holds, or one
/// of its own; `holds` says for each output how much its weights are held at zero.
pub(crate) fn fit(rows: &Rows, which: &[usize], groups: &[Range<usize>], holds: &[f32], seed: u64) -> Vec<f32> {
    let outputs = rows.outputs;
    let mut weights = vec![0.0_f32; rows.width * outputs];
    let mut squares = vec![FIRST_SQUARE; rows.width * outputs];
    let mut mean = vec![0.0_f32; rows.width * outputs];
    let hold = hold_of(rows, which);
    let (mut order, mut dice) = (which.to_vec(), Dice::new(seed));
    let (mut margins, mut errors) = ([0.0_f32; OUTPUTS], [0.0_f32; OUTPUTS]);
    for pass in 0..PASSES {
        dice.shuffle(&mut order);
        for row in &order {
            let (columns, values) = rows.row(*row);
            margins_of(rows, &weights, *row, &mut margins);
            let counts = &rows.weights[row * outputs..][..outputs];
            let targets = &rows.targets[row * outputs..][..outputs];
            for group in groups.iter().filter(|group| counts[group.start] > 0.0) {
                let probabilities = probabilities(&margins, group);
                for output in group.clone() {
                    errors[output] = counts[output] * (probabilities[output] - targets[output]);
                }
                for (column, value) in columns.iter().zip(values) {
                    let from = *column as usize * outputs;
                    let held = hold[*column as usize];
                    let range = from + group.start..from + group.end;
                    let steps = weights[range.clone()].iter_mut().zip(&mut squares[range]);
                    for ((weight, square), output) in steps.zip(group.clone()) {
                        let slope = errors[output] * value + held * holds[output] * *weight;
                        *square += slope * slope;
                        *weight -= RATE * slope / square.sqrt();
                    }
                }
            }
        }
        if pass >= FIRST_OF_MEAN {
            mean.iter_mut().zip(&weights).for_each(|(mean, weight)| *mean += weight);
        }
    }
    let passes = (PASSES - FIRST_OF_MEAN) as f32;
    mean.iter_mut().for_each(|mean| *mean /= passes);
    mean
}

/// How much a column is held each time it is met: altogether once, however frequent it is.
fn hold_of(rows: &Rows, which: &[usize]) -> Vec<f32> {
    let mut met = vec![0.0_f32; rows.width];
    which.iter().for_each(|row| rows.row(*row).0.iter().for_each(|column| met[*column as usize] += 1.0));
    let first = rows.width - DENSE - 1;
    let hold = |(column, met): (usize, f32)| if column < first { 1.0 } else { DENSE_HOLD } / met.max(1.0);
    met.into_iter().enumerate().map(hold).collect()
}

/// What is said of a row with these weights.
pub(crate) fn margins_of(rows: &Rows, weights: &[f32], row: usize, margins: &mut [f32; OUTPUTS]) {
    moved(rows, weights, row, margins);
    let odds = &rows.odds[row * rows.outputs..][..rows.outputs];
    margins.iter_mut().zip(odds).for_each(|(margin, odds)| *margin += odds);
}

/// What the weights add to it.
pub(crate) fn moved(rows: &Rows, weights: &[f32], row: usize, moved: &mut [f32; OUTPUTS]) {
    *moved = [0.0; OUTPUTS];
    let (columns, values) = rows.row(row);
    for (column, value) in columns.iter().zip(values) {
        let weights = &weights[*column as usize * rows.outputs..][..rows.outputs];
        moved.iter_mut().zip(weights).for_each(|(moved, weight)| *moved += weight * value);
    }
}

fn probabilities(margins: &[f32; OUTPUTS], group: &Range<usize>) -> [f32; OUTPUTS] {
    let mut probabilities = [0.0; OUTPUTS];
    if group.len() == 1 {
        probabilities[group.start] = 1.0 / (1.0 + (-margins[group.start]).exp());
        return probabilities;
    }
    let most = margins[group.clone()].iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for output in group.clone() {
        probabilities[output] = (margins[output] - most).exp();
        sum += probabilities[output];
    }
    probabilities[group.clone()].iter_mut().for_each(|probability| *probability /= sum);
    probabilities
}

/// The cost of what is said of some rows by an output's group: the mean of the log loss over what is known.
pub(crate) fn loss(rows: &Rows, margins: &[[f32; OUTPUTS]], group: &Range<usize>) -> f32 {
    let (mut sum, mut all) = (0.0_f32, 0.0_f32);
    for (row, margins) in margins.iter().enumerate() {
        let weight = rows.weights[row * rows.outputs + group.start];
        if weight == 0.0 {
            continue;
        }
        let targets = &rows.targets[row * rows.outputs..][..rows.outputs];
        let probabilities = probabilities(margins, group);
        let cost = |probability: f32| -probability.max(1e-4).ln();
        for output in group.clone() {
            let (target, probability) = (targets[output], probabilities[output]);
            sum += weight * target * cost(probability);
            if group.len() == 1 {
                sum += weight * (1.0 - target) * cost(1.0 - probability);
            }
        }
        all += weight;
    }
    sum / all.max(1.0)
}
