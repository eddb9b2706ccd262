//! Posts as rows of numbers, one behind the other.

use crate::features::{ROW_BITS, Weighed};

/// Sparse rows; the first `1 << bits` columns are hashed features, the ones behind them dense inputs, the last the constant.
#[derive(Clone, Debug)]
pub(crate) struct Matrix {
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
    pub(crate) bits: u32,
    dense: usize,
}

impl Matrix {
    pub(crate) fn new(bits: u32, dense: usize) -> Self {
        Self { starts: vec![0], columns: Vec::new(), values: Vec::new(), bits, dense }
    }

    pub(crate) fn push(&mut self, weighed: &[Weighed], dense: &[f32]) {
        debug_assert_eq!(dense.len(), self.dense);
        for feature in weighed.iter().filter(|feature| feature.value != 0.0) {
            self.columns.push(feature.row >> (ROW_BITS - self.bits));
            self.values.push(feature.value);
        }
        let behind = 1 << self.bits;
        for (index, value) in dense.iter().chain([&1.0]).enumerate() {
            self.columns.push(behind + index as u32);
            self.values.push(*value);
        }
        self.starts.push(self.columns.len());
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Columns in all, the constant included.
    pub(crate) fn width(&self) -> usize {
        (1 << self.bits) + self.dense + 1
    }

    pub(crate) fn row(&self, index: usize) -> (&[u32], &[f32]) {
        let range = self.starts[index]..self.starts[index + 1];
        (&self.columns[range.clone()], &self.values[range])
    }
}
