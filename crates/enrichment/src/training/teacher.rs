//! A teacher of the fast model: a regression that also hears an encoder says how posts feel that nobody labelled.

use super::corpora::Corpora;
use super::object::{self, TAUGHT_STEP};
use super::reading::{Example, Reading};
use super::rows::Matrix;
use crate::judgement::Object;
use crate::models::Models;
use crate::slow::{EncodeFailed, Encoder, Spread, passage};

/// Vectors of the posts that the tone towards objects is learnt from, labelled or not.
#[derive(Clone, Debug)]
pub struct Teacher {
    spread: Spread,
    vectors: Vec<Vec<f32>>,
}

impl Teacher {
    /// Asks `encoder` for the vectors.
    ///
    /// # Errors
    /// When the encoder fails.
    pub fn hear(corpora: &Corpora, encoder: &dyn Encoder) -> Result<Self, EncodeFailed> {
        let labelled = object::labelled(corpora);
        let examples: Vec<Example<'_>> = object::examples(corpora, &labelled, TAUGHT_STEP).collect();
        let vectors = encode(encoder, &examples)?;
        let spread = Spread::learn(vectors.iter().map(Vec::as_slice), encoder.width());
        Ok(Self { spread, vectors })
    }

    /// How many posts it hears.
    #[must_use]
    pub const fn posts(&self) -> usize {
        self.vectors.len()
    }

    /// The same rows as the fast model's, a vector beside each.
    pub(super) fn matrix<'a>(&self, models: &Models, examples: impl Iterator<Item = Example<'a>>, bits: u32) -> Matrix {
        let mut reading = Reading::default();
        let mut matrix: Option<Matrix> = None;
        for (example, vector) in examples.zip(&self.vectors) {
            let (reader, weighed, inputs) = reading.one(models, example);
            inputs.work_out(models, reader, weighed);
            let dense = [inputs.values.as_slice(), &self.spread.of(vector)].concat();
            matrix.get_or_insert_with(|| Matrix::new(bits, dense.len())).push(weighed, &dense);
        }
        matrix.unwrap_or_else(|| Matrix::new(bits, 0))
    }
}

/// The vectors of what stands around the object of each example.
pub(super) fn encode(encoder: &dyn Encoder, examples: &[Example<'_>]) -> Result<Vec<Vec<f32>>, EncodeFailed> {
    let mut reading = Reading::default();
    let passages: Vec<&str> = examples
        .iter()
        .map(|example| {
            let object: Option<Object<'_>> = reading.object(*example);
            passage(example.text, object.and_then(|object| object.own.first()))
        })
        .collect();
    encoder.encode(&passages)
}
