//! What is learnt over words, letters and the vector of an encoder.

use molva_domain::Intent;
use serde::{Deserialize, Serialize};

use super::opinion::{Asked, OpinionError};
use crate::features::{Reader, Weighed};
use crate::models::inputs::{Inputs, valence_inputs};
use crate::models::tones::{Tones, is_cyrillic};
use crate::models::{Classes, Manifest, Models, Platt, Table};

/// Heads that were learnt with one encoder beside one file of models. A head that was not learnt is not there.
#[derive(Clone, Debug)]
pub struct Heads {
    pub(crate) manifest: Manifest,
    /// The encoder's name.
    pub(crate) encoder: String,
    /// The version of the models whose words and inputs they build on.
    pub(crate) base: String,
    pub(crate) spread: Spread,
    /// The tone towards the object in Russian and Ukrainian.
    pub(crate) object: Option<Head>,
    /// The tone in English and other languages.
    pub(crate) english: Option<Head>,
    /// Single intents in English and other languages.
    pub(crate) wants: Vec<YesNoHead>,
}

/// Classes of which one holds.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) table: Table,
    pub(crate) classes: Classes,
}

/// An intent of its own.
#[derive(Clone, Debug)]
pub(crate) struct YesNoHead {
    pub(crate) intent: Intent,
    pub(crate) table: Table,
    pub(crate) rule: Platt,
}

/// Vectors of encoders lie in a narrow cone: what they have in common is taken off, and each number is made to vary alike.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Spread {
    pub(crate) mean: Vec<f32>,
    pub(crate) factor: Vec<f32>,
}

impl Spread {
    /// How long a vector is beside a block of words, about.
    const LENGTH: f32 = 2.0;

    pub(crate) fn learn<'a>(vectors: impl Iterator<Item = &'a [f32]> + Clone, width: usize) -> Self {
        let (mut mean, mut square, mut count) = (vec![0.0_f64; width], vec![0.0_f64; width], 0.0_f64);
        for vector in vectors {
            count += 1.0;
            for ((mean, square), value) in mean.iter_mut().zip(&mut square).zip(vector) {
                *mean += f64::from(*value);
                *square += f64::from(*value).powi(2);
            }
        }
        let count = count.max(1.0);
        let one = |(mean, square): (&f64, &f64)| {
            let mean = mean / count;
            let deviation = (square / count - mean * mean).max(1e-12).sqrt();
            (mean as f32, Self::LENGTH / (deviation * (width as f64).sqrt()) as f32)
        };
        let (mean, factor) = mean.iter().zip(&square).map(one).unzip();
        Self { mean, factor }
    }

    pub(crate) fn of(&self, vector: &[f32]) -> Vec<f32> {
        vector.iter().zip(&self.mean).zip(&self.factor).map(|((value, mean), factor)| (value - mean) * factor).collect()
    }
}

/// A post's vector, spread, and who reads it.
pub(crate) struct Second<'a> {
    pub(crate) heads: &'a Heads,
    pub(crate) vector: Vec<f32>,
}

impl Heads {
    /// The name of the encoder they were learnt with.
    #[must_use]
    pub fn encoder(&self) -> &str {
        &self.encoder
    }

    /// The version of the models that they were learnt beside.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// What they were learnt from and how good they are.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Says which heads these are: two with the same version judge alike.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.manifest.version
    }

    /// Whether any of them was learnt for a mention.
    #[must_use]
    pub fn knows(&self, asked: &Asked<'_>) -> bool {
        let text = if asked.text.is_empty() { asked.title } else { asked.text };
        if is_cyrillic(text, asked.language) {
            self.object.is_some() && asked.object.is_some()
        } else {
            self.english.is_some() || !self.wants.is_empty()
        }
    }

    /// # Errors
    /// When they were learnt beside other models.
    pub(crate) fn check(&self, models: &Models) -> Result<(), OpinionError> {
        if models.built_on() == self.base {
            return Ok(());
        }
        Err(OpinionError::Broken(format!(
            "the heads were learnt beside the models `{}`, these are `{}`; learn them anew with `molva train --encoder`",
            self.base,
            models.built_on()
        )))
    }
}

impl Second<'_> {
    /// Judges the tone again.
    pub(crate) fn tones(
        &self,
        reader: &Reader,
        weighed: &[Weighed],
        inputs: &Inputs,
        (cyrillic, towards_object): (bool, bool),
        tones: &mut Tones,
    ) {
        let (head, mut dense) = match (cyrillic, &self.heads.object, &self.heads.english) {
            (true, Some(head), _) if towards_object => (head, inputs.values.clone()),
            (false, _, Some(head)) => (head, valence_inputs(reader).to_vec()),
            _ => return,
        };
        dense.extend_from_slice(&self.vector);
        let mut margins = [0.0; 3];
        head.table.margins(weighed, &dense, &mut margins);
        tones.said = head.classes.judge(&margins, &mut tones.probabilities);
    }

    /// Judges single intents again: each probability, and whether it is said.
    pub(crate) fn wants<'a>(
        &'a self,
        weighed: &'a [Weighed],
        want_inputs: &[f32],
        cyrillic: bool,
    ) -> impl Iterator<Item = (Intent, f32, bool)> + 'a {
        let mut dense = want_inputs.to_vec();
        dense.extend_from_slice(&self.vector);
        self.heads.wants.iter().filter(move |_| !cyrillic).map(move |head| {
            let mut margin = [0.0];
            head.table.margins(weighed, &dense, &mut margin);
            let probability = head.rule.probability(margin[0]);
            (head.intent, probability, probability >= head.rule.threshold)
        })
    }
}
