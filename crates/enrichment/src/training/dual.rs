//! L2-regularised logistic regression by dual coordinate descent (Yu, Huang, Lin 2011), several outputs in one pass.
//!
//! Deterministic: the order of the rows comes from a seed.

use super::dice::Dice;
use super::rows::Matrix;

/// What each output should say of each row.
#[derive(Clone, Debug)]
pub(crate) struct Targets {
    pub(crate) outputs: usize,
    /// Row by row: the cost of being wrong, positive where the output should say yes, negative where no, zero where nobody
    /// knows.
    pub(crate) costs: Vec<f32>,
}

/// Weights by column, the outputs of a column beside each other.
#[derive(Clone, Debug)]
pub(crate) struct Weights {
    pub(crate) outputs: usize,
    pub(crate) values: Vec<f32>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Fit {
    pub(crate) epochs: u32,
    pub(crate) seed: u64,
}

impl Targets {
    pub(crate) fn new(outputs: usize, rows: usize) -> Self {
        Self { outputs, costs: vec![0.0; outputs * rows] }
    }

    /// One output a class; `strength` is the inverse of the regularisation, `balance` from 0 (rows count alike) to 1
    /// (classes count alike).
    pub(crate) fn classes(classes: &[usize], outputs: usize, which: &[usize], strength: f32, balance: f32) -> Self {
        let mut targets = Self::new(outputs, classes.len());
        for output in 0..outputs {
            let rows = which.iter().map(|row| (*row, classes[*row] == output));
            targets.say(output, rows, strength, balance);
        }
        targets
    }

    /// Adds what an output should say of some rows.
    pub(crate) fn say(
        &mut self,
        output: usize,
        rows: impl Iterator<Item = (usize, bool)> + Clone,
        strength: f32,
        balance: f32,
    ) {
        self.say_shares(output, rows.map(|(row, says)| (row, says, 1.0)), strength, balance);
    }

    /// As [`Targets::say`], each row counting as much as its share.
    pub(crate) fn say_shares(
        &mut self,
        output: usize,
        rows: impl Iterator<Item = (usize, bool, f32)> + Clone,
        strength: f32,
        balance: f32,
    ) {
        let (mut all, mut yes) = (0.0_f32, 0.0_f32);
        for (_, says, share) in rows.clone() {
            all += share;
            yes += if says { share } else { 0.0 };
        }
        for (row, says, share) in rows {
            let (sign, count) = if says { (1.0, yes) } else { (-1.0, all - yes) };
            self.costs[row * self.outputs + output] = sign * share * strength * (all / (2.0 * count)).powf(balance);
        }
    }
}

impl Weights {
    /// What each output says of a row.
    pub(crate) fn margins(&self, (columns, values): (&[u32], &[f32]), margins: &mut [f32]) {
        margins.fill(0.0);
        for (column, value) in columns.iter().zip(values) {
            let weights = &self.values[*column as usize * self.outputs..][..self.outputs];
            for (margin, weight) in margins.iter_mut().zip(weights) {
                *margin += weight * value;
            }
        }
    }
}

/// Fits weights to the rows `which` of `matrix`.
pub(crate) fn fit(matrix: &Matrix, targets: &Targets, which: &[usize], options: Fit) -> Weights {
    let outputs = targets.outputs;
    let mut weights = Weights { outputs, values: vec![0.0; matrix.width() * outputs] };
    let mut duals = vec![0.0_f32; matrix.len() * outputs];
    let squares: Vec<f32> =
        (0..matrix.len()).map(|row| matrix.row(row).1.iter().map(|value| value * value).sum()).collect();
    let mut order = which.to_vec();
    let mut dice = Dice::new(options.seed);
    let mut margins = vec![0.0; outputs];
    let mut steps = vec![0.0; outputs];
    for _ in 0..options.epochs {
        dice.shuffle(&mut order);
        let mut largest = 0.0_f32;
        for row in &order {
            let (columns, values) = matrix.row(*row);
            weights.margins((columns, values), &mut margins);
            let mut moved = false;
            for output in 0..outputs {
                let cost = targets.costs[row * outputs + output];
                steps[output] = 0.0;
                if cost == 0.0 {
                    continue;
                }
                let (sign, cost) = (cost.signum(), cost.abs());
                let dual = &mut duals[row * outputs + output];
                let better = cost * best_share(sign * margins[output], squares[*row], *dual / cost, cost);
                let step = better - *dual;
                *dual = better;
                steps[output] = sign * step;
                largest = largest.max(step.abs() / cost);
                moved |= step != 0.0;
            }
            if moved {
                for (column, value) in columns.iter().zip(values) {
                    let weights = &mut weights.values[*column as usize * outputs..][..outputs];
                    for (weight, step) in weights.iter_mut().zip(&steps) {
                        *weight += step * value;
                    }
                }
            }
        }
        if largest < 1e-2 {
            break;
        }
    }
    weights
}

/// The share of its cost that a row's dual takes: the root of `margin + square * cost * (share - now) + ln(share / (1 - share))`,
/// by bisection that Newton's steps shorten.
fn best_share(margin: f32, square: f32, now: f32, cost: f32) -> f32 {
    // In terms of the margin after the step: share = 1 / (1 + exp(margin)).
    let pull = square * cost;
    let (mut low, mut high) = (margin - pull * now, margin + pull * (1.0 - now));
    let mut after = margin;
    for _ in 0..12 {
        let share = 1.0 / (1.0 + after.exp());
        let error = after - margin - pull * (share - now);
        if error.abs() < 1e-4 {
            break;
        }
        if error > 0.0 {
            high = after;
        } else {
            low = after;
        }
        let newton = after - error / (1.0 + pull * share * (1.0 - share));
        after = if newton > low && newton < high { newton } else { (low + high) * 0.5 };
    }
    (1.0 / (1.0 + after.exp())).clamp(0.0, 1.0)
}
