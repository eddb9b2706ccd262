//! How much weights are held, and how labels are said: found on examples that took no part in learning.

use std::ops::Range;

use super::compare::score;
use super::fit::{fit, loss, moved};
use super::parts::{OUTPUTS, Part};
use super::rows::{Rows, Taught};

/// Parts in which what teaches is taken apart.
const FOLDS: usize = 3;
/// How much weights may be held.
const HOLDS: [f32; 2] = [0.6, 4.0];
/// Fits of [`decide`].
pub(crate) const FITS: usize = FOLDS * HOLDS.len();
/// A lean that gains less is chance.
const WORTH: f64 = 0.004;
const WIDTHS: [f32; 3] = [0.6, 0.3, 0.15];

/// What was found.
#[derive(Clone, Debug)]
pub(crate) struct Decided {
    pub(crate) holds: [f32; OUTPUTS],
    pub(crate) leans: [f32; OUTPUTS],
}

/// The groups of outputs that some heads have.
pub(crate) fn groups(parts: &[Part]) -> Vec<Range<usize>> {
    parts.iter().map(|part| part.outputs()).collect()
}

/// Finds them for some heads; `None` when `step` says to stop.
pub(crate) fn decide(
    rows: &Rows,
    taught: &[Taught],
    parts: &[Part],
    seed: u64,
    step: &mut dyn FnMut() -> bool,
) -> Option<Decided> {
    let groups = groups(parts);
    let mut tried: Vec<Vec<[f32; OUTPUTS]>> = Vec::new();
    for hold in HOLDS {
        let mut shifts = vec![[0.0; OUTPUTS]; rows.len()];
        for fold in 0..FOLDS {
            let which: Vec<usize> = (0..rows.len()).filter(|row| taught[*row].fold(FOLDS) != fold).collect();
            let weights = fit(rows, &which, &groups, &[hold; OUTPUTS], seed);
            for row in (0..rows.len()).filter(|row| taught[*row].fold(FOLDS) == fold) {
                moved(rows, &weights, row, &mut shifts[row]);
            }
            if !step() {
                return None;
            }
        }
        tried.push(shifts);
    }
    let mut decided = Decided { holds: [HOLDS[1]; OUTPUTS], leans: [0.0; OUTPUTS] };
    for part in parts {
        let group = part.outputs();
        let costs = tried.iter().map(|shifts| loss(rows, &margins(taught, shifts), &group));
        let best = costs.enumerate().fold(
            (HOLDS.len() - 1, f32::INFINITY),
            |best, cost| {
                if cost.1 < best.1 { cost } else { best }
            },
        );
        decided.holds[group].fill(HOLDS[best.0]);
        lean(taught, &tried[best.0], *part, &mut decided.leans);
    }
    Some(decided)
}

fn margins(taught: &[Taught], shifts: &[[f32; OUTPUTS]]) -> Vec<[f32; OUTPUTS]> {
    let add = |(taught, shift): (&Taught, &[f32; OUTPUTS])| {
        let mut margins = taught.heard.odds;
        margins.iter_mut().zip(shift).for_each(|(margin, shift)| *margin += shift);
        margins
    };
    taught.iter().zip(shifts).map(add).collect()
}

/// Finds what is added to a head's outputs before a label is said, so that labels are found as well as can be.
fn lean(taught: &[Taught], shifts: &[[f32; OUTPUTS]], part: Part, leans: &mut [f32; OUTPUTS]) {
    let known: Vec<(usize, usize)> =
        (0..taught.len()).filter_map(|row| Some((row, taught[row].truth(part)?))).collect();
    let of = |leans: &[f32; OUTPUTS]| {
        score(part.classes(), known.iter().map(|(row, truth)| (*truth, taught[*row].says(part, &shifts[*row], leans))))
    };
    let mut best = of(leans);
    for width in WIDTHS {
        for output in part.outputs() {
            for step in [-2.0, -1.0, 1.0, 2.0] {
                let before = leans[output];
                leans[output] += step * width;
                let now = of(leans);
                if now > best + WORTH {
                    best = now;
                } else {
                    leans[output] = before;
                }
            }
        }
    }
}
