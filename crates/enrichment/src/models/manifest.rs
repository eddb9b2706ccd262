//! What models were learnt from and how good they are.

use serde::{Deserialize, Serialize};

/// The papers of a model file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Made of the content: the same data and the same program give the same version.
    pub version: String,
    pub sources: Vec<Source>,
    pub scores: Vec<Score>,
}

/// A file that was learnt from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Path within the data folder.
    pub file: String,
    /// Of the bytes as they lie there, in hexadecimal.
    pub sha256: String,
    pub licence: String,
    /// Examples in it.
    pub rows: usize,
    /// What it was used for.
    pub used: String,
}

/// How good a head is on a set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Score {
    pub set: String,
    pub metric: String,
    /// How the answers were kept apart from what was learnt: `5-fold`, `held out`, …
    pub method: String,
    pub value: f64,
    /// 95 % interval by resampling the answers.
    pub low: f64,
    pub high: f64,
    /// Expected calibration error of the probabilities; `None` where labels are said without.
    pub calibration_error: Option<f64>,
    pub examples: usize,
    /// F1 by class.
    pub classes: Vec<(String, f64)>,
}
