//! A linear model over hashed features: a byte a weight.

use std::borrow::Cow;

use crate::features::{ROW_BITS, Weighed};

/// Weights of one linear model, the outputs of a row beside each other.
///
/// A byte `q` of -127 to 127 stands for the weight `q * |q| * scale`: fine where most weights are, near zero.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) outputs: usize,
    /// Rows as a power of two; features that share their first bits share a row.
    pub(crate) bits: u32,
    pub(crate) scales: Vec<f32>,
    pub(crate) bytes: Cow<'static, [u8]>,
    /// Of the dense inputs and, last, the constant: as they are.
    pub(crate) tail: Vec<f32>,
}

/// More outputs than any table has.
pub(crate) const MOST_OUTPUTS: usize = 24;

/// Rows fetched before they are reckoned with.
const FETCHED: usize = 32;

impl Table {
    /// From weights by column, `outputs` each: the rows of features, then the dense inputs and the constant.
    pub(crate) fn of(weights: &[f32], outputs: usize, bits: u32) -> Self {
        let (rows, tail) = weights.split_at(outputs << bits);
        let largest = |output: usize| {
            rows.iter().skip(output).step_by(outputs).fold(1e-6_f32, |largest, weight| largest.max(weight.abs()))
        };
        let scales: Vec<f32> = (0..outputs).map(|output| largest(output) / (127.0 * 127.0)).collect();
        let byte = |(index, weight): (usize, &f32)| {
            let root = (weight.abs() / scales[index % outputs]).sqrt().round().min(127.0);
            root.copysign(*weight) as i8 as u8
        };
        Self { outputs, bits, bytes: rows.iter().enumerate().map(byte).collect(), scales, tail: tail.to_vec() }
    }

    /// What each output says; `margins` has as many places as there are outputs.
    pub(crate) fn margins(&self, weighed: &[Weighed], dense: &[f32], margins: &mut [f32]) {
        self.sums(weighed, margins);
        self.finish(dense, margins);
    }

    /// Makes margins of what the features add up to: by the scales, with the dense inputs and the constant.
    pub(crate) fn finish(&self, dense: &[f32], margins: &mut [f32]) {
        for (margin, scale) in margins.iter_mut().zip(&self.scales) {
            *margin *= scale;
        }
        for (input, weights) in dense.iter().chain([&1.0]).zip(self.tail.chunks_exact(self.outputs)) {
            for (margin, weight) in margins.iter_mut().zip(weights) {
                *margin += input * weight;
            }
        }
    }

    fn sums(&self, weighed: &[Weighed], margins: &mut [f32]) {
        // A count known to the compiler makes the inner loop straight.
        match self.outputs {
            1 => self.sum::<1>(weighed, margins),
            3 => self.sum::<3>(weighed, margins),
            5 => self.sum::<5>(weighed, margins),
            17 => self.sum::<17>(weighed, margins),
            19 => self.sum::<19>(weighed, margins),
            _ => self.sum_any(weighed, margins),
        }
    }

    fn sum<const OUTPUTS: usize>(&self, weighed: &[Weighed], margins: &mut [f32]) {
        let mut sums = [0.0_f32; OUTPUTS];
        let mut rows = [(0.0_f32, [0_u8; OUTPUTS]); FETCHED];
        let mut features = weighed.iter().filter(|feature| feature.value != 0.0);
        loop {
            // Rows lie all over a table that no fast memory holds: fetched one behind the other without reckoning in between,
            // many are on their way at once.
            let mut fetched = 0;
            for (row, feature) in rows.iter_mut().zip(&mut features) {
                let from = self.slot(feature.row) * OUTPUTS;
                let bytes = self.bytes.get(from..).and_then(|bytes| bytes.first_chunk::<OUTPUTS>());
                *row = (feature.value, bytes.copied().unwrap_or([0; OUTPUTS]));
                fetched += 1;
            }
            for (value, bytes) in &rows[..fetched] {
                // In whole numbers first: eight at once.
                let squares: [i16; OUTPUTS] = bytes.map(whole_square);
                for (sum, square) in sums.iter_mut().zip(squares) {
                    *sum += value * f32::from(square);
                }
            }
            if fetched < FETCHED {
                break;
            }
        }
        margins[..OUTPUTS].copy_from_slice(&sums);
    }

    fn sum_any(&self, weighed: &[Weighed], margins: &mut [f32]) {
        let mut sums = [0.0_f32; MOST_OUTPUTS];
        for feature in weighed {
            let from = self.slot(feature.row) * self.outputs;
            let Some(bytes) = self.bytes.get(from..from + self.outputs) else { continue };
            for (sum, byte) in sums.iter_mut().zip(bytes) {
                *sum += feature.value * square(*byte);
            }
        }
        margins[..self.outputs].copy_from_slice(&sums[..self.outputs]);
    }

    /// The weight of a feature toward an output.
    pub(crate) fn weight(&self, row: u32, output: usize) -> f32 {
        let byte = self.bytes.get(self.slot(row) * self.outputs + output).copied().unwrap_or_default();
        square(byte) * self.scales[output]
    }

    /// The bytes of a feature's row.
    pub(crate) fn row(&self, row: u32) -> &[u8] {
        let from = self.slot(row) * self.outputs;
        self.bytes.get(from..from + self.outputs).unwrap_or_default()
    }

    /// The weight of a dense input toward an output.
    pub(crate) fn dense_weight(&self, input: usize, output: usize) -> f32 {
        self.tail.get(input * self.outputs + output).copied().unwrap_or_default()
    }

    /// Whether the names of those addressed are among what it was learnt from: those of wants are, those of tone not.
    pub(crate) const fn hears_handles(&self) -> bool {
        self.outputs > 5
    }

    const fn slot(&self, row: u32) -> usize {
        (row >> (ROW_BITS - self.bits)) as usize
    }
}

#[inline]
pub(crate) fn square(byte: u8) -> f32 {
    f32::from(whole_square(byte))
}

/// Of -127 to 127; their squares fit.
#[inline]
pub(crate) const fn whole_square(byte: u8) -> i16 {
    let value = byte as i8 as i16;
    value * value.abs()
}
