//! From margins to probabilities, and from probabilities to what is said.

use serde::{Deserialize, Serialize};

/// `softmax(matrix * margins + shift)`: classes of which one holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Calibration {
    /// Row by row, as many as there are classes squared.
    pub(crate) matrix: Vec<f32>,
    pub(crate) shift: Vec<f32>,
}

impl Calibration {
    pub(crate) fn probabilities(&self, margins: &[f32], probabilities: &mut [f32]) {
        let classes = self.shift.len();
        let mut largest = f32::MIN;
        for (class, probability) in probabilities.iter_mut().enumerate().take(classes) {
            let row = &self.matrix[class * classes..][..classes];
            *probability =
                self.shift[class] + row.iter().zip(margins).map(|(weight, margin)| weight * margin).sum::<f32>();
            largest = largest.max(*probability);
        }
        let mut sum = 0.0;
        for probability in &mut probabilities[..classes] {
            *probability = (*probability - largest).exp();
            sum += *probability;
        }
        probabilities[..classes].iter_mut().for_each(|probability| *probability /= sum);
    }
}

/// `1 / (1 + exp(-(slope * margin + shift)))`: a label of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Platt {
    pub(crate) slope: f32,
    pub(crate) shift: f32,
    /// From which probability on the label is said.
    pub(crate) threshold: f32,
}

impl Platt {
    pub(crate) fn probability(&self, margin: f32) -> f32 {
        1.0 / (1.0 + (-(self.slope * margin + self.shift)).exp())
    }
}
