//! Margins into probabilities, and probabilities into a label.

use super::metrics::{Confusion, Metric};
use crate::models::{Calibration, largest};

/// Fits `softmax(matrix * margins + shift)` to what is true, by gradient descent with momentum on the log loss.
pub(crate) fn fit_softmax(margins: &[f32], outputs: usize, truths: &[usize], which: &[usize]) -> Calibration {
    let mut matrix = vec![0.0_f64; outputs * outputs];
    (0..outputs).for_each(|output| matrix[output * outputs + output] = 1.0);
    let mut shift = vec![0.0_f64; outputs];
    let (mut speed, mut shift_speed) = (vec![0.0; outputs * outputs], vec![0.0; outputs]);
    let mut probabilities = vec![0.0_f64; outputs];
    const HOLD: f64 = 1e-3;
    for _ in 0..300 {
        let (mut slope, mut shift_slope) = (vec![0.0; outputs * outputs], vec![0.0; outputs]);
        for row in which {
            let margins = &margins[row * outputs..][..outputs];
            soft(&matrix, &shift, margins, &mut probabilities);
            for output in 0..outputs {
                let error = probabilities[output] - f64::from(u8::from(truths[*row] == output));
                shift_slope[output] += error;
                for (other, margin) in margins.iter().enumerate() {
                    slope[output * outputs + other] += error * f64::from(*margin);
                }
            }
        }
        let all = which.len().max(1) as f64;
        for (index, slope) in slope.iter().enumerate() {
            let home = f64::from(u8::from(index / outputs == index % outputs));
            speed[index] = 0.9 * speed[index] - 0.3 * (slope / all + HOLD * (matrix[index] - home));
            matrix[index] += speed[index];
        }
        for (output, slope) in shift_slope.iter().enumerate() {
            shift_speed[output] = 0.9 * shift_speed[output] - 0.3 * slope / all;
            shift[output] += shift_speed[output];
        }
    }
    Calibration {
        matrix: matrix.into_iter().map(|value| value as f32).collect(),
        shift: shift.into_iter().map(|value| value as f32).collect(),
    }
}

fn soft(matrix: &[f64], shift: &[f64], margins: &[f32], probabilities: &mut [f64]) {
    let outputs = shift.len();
    for output in 0..outputs {
        probabilities[output] = shift[output]
            + margins
                .iter()
                .enumerate()
                .map(|(at, margin)| matrix[output * outputs + at] * f64::from(*margin))
                .sum::<f64>();
    }
    let largest = probabilities.iter().copied().fold(f64::MIN, f64::max);
    let mut sum = 0.0;
    for probability in probabilities.iter_mut() {
        *probability = (*probability - largest).exp();
        sum += *probability;
    }
    probabilities.iter_mut().for_each(|probability| *probability /= sum);
}

/// Fits `1 / (1 + exp(-(slope * margin + shift)))` (Platt) by Newton's method; `(slope, shift)`.
pub(crate) fn fit_platt(pairs: &[(f32, bool)]) -> (f32, f32) {
    let (mut slope, mut shift) = (1.0_f64, 0.0_f64);
    for _ in 0..50 {
        let (mut g0, mut g1, mut h00, mut h01, mut h11) = (1e-3 * (slope - 1.0), 0.0, 1e-3, 0.0, 1e-6);
        for (margin, truth) in pairs {
            let margin = f64::from(*margin);
            let probability = 1.0 / (1.0 + (-(slope * margin + shift)).exp());
            let error = probability - f64::from(u8::from(*truth));
            let bend = probability * (1.0 - probability);
            g0 += error * margin;
            g1 += error;
            h00 += bend * margin * margin;
            h01 += bend * margin;
            h11 += bend;
        }
        let determinant = h00 * h11 - h01 * h01;
        if determinant.abs() < 1e-12 {
            break;
        }
        let (step, shift_step) = ((h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant);
        slope -= step.clamp(-2.0, 2.0);
        shift -= shift_step.clamp(-2.0, 2.0);
        if step.abs() + shift_step.abs() < 1e-6 {
            break;
        }
    }
    (slope as f32, shift as f32)
}

/// Factors by which probabilities are multiplied before the largest one is said, so that `metric` is best.
pub(crate) fn fit_factors(
    probabilities: &[f32],
    outputs: usize,
    truths: &[usize],
    which: &[usize],
    metric: Metric,
) -> Vec<f32> {
    let mut factors = vec![1.0_f32; outputs];
    let score = |factors: &[f32]| {
        let pairs = which.iter().map(|row| (truths[*row], said(&probabilities[row * outputs..][..outputs], factors)));
        metric.of(&Confusion::of(outputs, pairs))
    };
    let mut best = score(&factors);
    for width in [0.5_f32, 0.25, 0.12, 0.06] {
        for _ in 0..2 {
            for output in 0..outputs {
                for sign in [-2.0, -1.0, 1.0, 2.0] {
                    let before = factors[output];
                    factors[output] = (before.ln() + sign * width).exp();
                    let now = score(&factors);
                    if now > best + 1e-6 {
                        best = now;
                    } else {
                        factors[output] = before;
                    }
                }
            }
        }
    }
    factors
}

/// The class with the largest product.
fn said(probabilities: &[f32], factors: &[f32]) -> usize {
    largest(probabilities.iter().zip(factors).map(|(probability, factor)| probability * factor))
}
