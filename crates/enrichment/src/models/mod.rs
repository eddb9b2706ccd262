//! The models and the file they stand in.

mod calibration;
mod file;
pub(crate) mod inputs;
mod manifest;
pub(crate) mod packed;
mod table;
pub(crate) mod tones;

use std::sync::{Arc, LazyLock};

use molva_domain::{Intent, Stage};
use serde::{Deserialize, Serialize};

use crate::features::Idf;
use crate::workspace::Correction;
pub(crate) use calibration::{Calibration, Platt};
pub use file::ModelError;
pub use manifest::{Manifest, Score, Source};
use packed::Packed;
pub(crate) use table::{MOST_OUTPUTS, Table};

/// Outputs of the table of wants: the intents, "other", the stages, no stage.
pub(crate) const INTENTS: usize = Intent::ALL.len();
pub(crate) const OTHER: usize = INTENTS;
pub(crate) const FIRST_STAGE: usize = INTENTS + 1;
pub(crate) const STAGES: usize = Stage::ALL.len() + 1;
pub(crate) const WANTS: usize = FIRST_STAGE + STAGES;

static SHIPPED: LazyLock<Models> = LazyLock::new(|| {
    Models::read_static(include_bytes!("../../models/shipped.model")).unwrap_or_else(|_| Models::silent())
});

/// Everything that is learnt. Cheap to share, read only.
#[derive(Clone, Debug)]
pub struct Models {
    pub(crate) manifest: Manifest,
    pub(crate) idf: Idf,
    /// Whether a smiley would stand here: one output.
    pub(crate) smiley: Table,
    /// The tone of Russian and Ukrainian texts: five classes.
    pub(crate) general: Table,
    /// The tone towards the object in Russian and Ukrainian: three classes.
    pub(crate) object: Table,
    /// The tone in English and other languages: three classes.
    pub(crate) english: Table,
    /// Intents and stages in all languages.
    pub(crate) wants: Table,
    pub(crate) rules: Rules,
    /// The tables once more, as posts are judged by them. Made of models that were read; those that are being learnt have none.
    pub(crate) packed: Option<Arc<Packed>>,
    /// What a workspace's people made of it.
    pub(crate) correction: Option<Arc<Correction>>,
}

/// How margins become probabilities and labels.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rules {
    pub(crate) general: Classes,
    pub(crate) object: Classes,
    pub(crate) english: Classes,
    /// By intent and, last, "other".
    pub(crate) wants_cyrillic: Vec<Platt>,
    pub(crate) wants_latin: Vec<Platt>,
    pub(crate) stage: Classes,
}

/// Classes of which one holds: calibration, and the factors by which each is weighed before the largest is said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Classes {
    pub(crate) calibration: Calibration,
    /// None: the class with the largest margin is said, which does not depend on how frequent classes were.
    pub(crate) factors: Vec<f32>,
}

impl Classes {
    /// Fills in the probabilities; answers the class said.
    pub(crate) fn judge(&self, margins: &[f32], probabilities: &mut [f32]) -> usize {
        self.calibration.probabilities(margins, probabilities);
        if self.factors.is_empty() {
            return largest(margins.iter().copied());
        }
        largest(probabilities.iter().zip(&self.factors).map(|(probability, factor)| probability * factor))
    }

    /// By which the class said is the largest, in units of the logarithm of the odds.
    pub(crate) fn decisions(&self, margins: &[f32], probabilities: &[f32], decisions: &mut [f32]) {
        let classes = self.calibration.shift.len();
        if self.factors.is_empty() {
            let slope = (0..classes).map(|class| self.calibration.matrix[class * classes + class]).sum::<f32>();
            let slope = (slope / classes as f32).max(0.1);
            decisions.iter_mut().zip(margins).for_each(|(decision, margin)| *decision = slope * margin);
            return;
        }
        for ((decision, probability), factor) in decisions.iter_mut().zip(probabilities).zip(&self.factors) {
            *decision = (probability * factor).max(1e-4).ln();
        }
    }
}

/// The place of the largest value, the first of equals.
pub(crate) fn largest(values: impl Iterator<Item = f32>) -> usize {
    let first = (0, f32::NEG_INFINITY);
    values.enumerate().fold(first, |best, value| if value.1 > best.1 { value } else { best }).0
}

impl Models {
    /// Those that are part of the program.
    #[must_use]
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Says which models these are: two with the same version judge alike.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.manifest.version
    }

    /// The version of the models that others build on: what a workspace teaches does not change it.
    #[must_use]
    pub(crate) fn built_on(&self) -> &str {
        self.correction().map_or(self.manifest.version.as_str(), Correction::base)
    }

    /// What they were learnt from and how good they are.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Models that know nothing: everything is as likely as everything else.
    #[must_use]
    pub fn silent() -> Self {
        let table = |outputs: usize| Table {
            outputs,
            bits: 0,
            scales: vec![0.0; outputs],
            bytes: vec![0; outputs].into(),
            tail: vec![0.0; outputs],
        };
        Self {
            manifest: Manifest { version: "none".to_owned(), ..Manifest::default() },
            idf: Idf(vec![0].into()),
            smiley: table(1),
            general: table(5),
            object: table(3),
            english: table(3),
            wants: table(WANTS),
            rules: Rules {
                general: Classes::plain(5),
                object: Classes::plain(3),
                english: Classes::plain(3),
                wants_cyrillic: vec![Platt { slope: 1.0, shift: 0.0, threshold: 0.6 }; INTENTS + 1],
                wants_latin: vec![Platt { slope: 1.0, shift: 0.0, threshold: 0.6 }; INTENTS + 1],
                stage: Classes::plain(STAGES),
            },
            packed: None,
            correction: None,
        }
    }

    /// The same models with what a workspace's people made of them. A correction of other models changes nothing good: see
    /// [`Correction::base`].
    #[must_use]
    pub fn corrected(&self, correction: Arc<Correction>) -> Self {
        let manifest = Manifest { version: correction.version().to_owned(), ..self.manifest.clone() };
        Self { manifest, correction: Some(correction), ..self.clone() }
    }

    /// What a workspace's people made of them.
    #[must_use]
    pub fn correction(&self) -> Option<&Correction> {
        self.correction.as_deref()
    }
}

impl Classes {
    pub(crate) fn plain(classes: usize) -> Self {
        let mut matrix = vec![0.0; classes * classes];
        (0..classes).for_each(|class| matrix[class * classes + class] = 1.0);
        Self { calibration: Calibration { matrix, shift: vec![0.0; classes] }, factors: vec![1.0; classes] }
    }
}

#[cfg(test)]
mod tests;
