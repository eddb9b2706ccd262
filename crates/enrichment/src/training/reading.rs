//! Reads the examples of a set into rows.

use super::Brands;
use super::corpora::Wanted;
use super::dual::Weights;
use super::rows::Matrix;
use crate::features::{Idf, ROWS, Reader, Weighed};
use crate::judgement::{Object, Span};
use crate::models::Models;
use crate::models::Table;
use crate::models::inputs::{Inputs, valence_inputs};
use crate::models::tones::is_cyrillic;

/// A text to be read, and the brand that is judged in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Example<'a> {
    pub(crate) text: &'a str,
    pub(crate) brand: Option<&'a str>,
}

impl Wanted {
    pub(crate) fn example(&self) -> Example<'_> {
        Example { text: &self.text, brand: Some(self.brand.as_str()).filter(|brand| !brand.is_empty()) }
    }
}

/// What a reading is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inward {
    Nothing,
    General,
    Object,
    English,
}

/// Reads examples; its memory is reused.
#[derive(Default)]
pub(crate) struct Reading {
    brands: Brands,
    reader: Reader,
    own: Vec<Span>,
    others: Vec<Span>,
    weighed: Vec<Weighed>,
    inputs: Inputs,
}

impl Reading {
    pub(crate) fn blind_to_smileys() -> Self {
        let mut reading = Self::default();
        reading.reader.blind_to_smileys = true;
        reading
    }

    /// Where the example's brand stands.
    pub(crate) fn object(&mut self, example: Example<'_>) -> Option<Object<'_>> {
        example.brand.map(|brand| {
            self.brands.find(example.text, brand, &mut self.own, &mut self.others);
            Object { own: &self.own, others: &self.others }
        })
    }

    fn read(&mut self, example: Example<'_>) {
        let object = example.brand.map(|brand| {
            self.brands.find(example.text, brand, &mut self.own, &mut self.others);
            Object { own: &self.own, others: &self.others }
        });
        self.reader.read("", example.text, is_cyrillic(example.text, None), object);
    }

    /// In how many examples each row of features is seen.
    pub(crate) fn frequencies<'a>(examples: impl Iterator<Item = Example<'a>>, fewest: u32) -> Idf {
        let mut reading = Self::default();
        let (mut counts, mut posts) = (vec![0; ROWS], 0);
        for example in examples {
            reading.read(example);
            posts += 1;
            reading.reader.features.iter().for_each(|feature| counts[feature.row as usize] += 1);
        }
        Idf::of_counts(&counts, posts, fewest)
    }

    /// The examples as rows of `bits` bits, with the inputs that `models` give so far.
    pub(crate) fn matrix<'a>(
        &mut self,
        models: &Models,
        examples: impl Iterator<Item = Example<'a>>,
        bits: u32,
        inward: Inward,
    ) -> Matrix {
        let mut matrix: Option<Matrix> = None;
        for example in examples {
            self.read(example);
            self.reader.weigh(&models.idf, &mut self.weighed);
            self.inputs.values.clear();
            match inward {
                Inward::Nothing => {}
                Inward::General => self.inputs.work_out_general(models, &self.reader, &self.weighed),
                Inward::English => self.inputs.values.extend(valence_inputs(&self.reader)),
                Inward::Object => self.inputs.work_out(models, &self.reader, &self.weighed),
            }
            matrix
                .get_or_insert_with(|| Matrix::new(bits, self.inputs.values.len()))
                .push(&self.weighed, &self.inputs.values);
        }
        matrix.unwrap_or_else(|| Matrix::new(bits, 0))
    }

    /// Reads one example and hands over what a model would see of it.
    pub(crate) fn one(&mut self, models: &Models, example: Example<'_>) -> (&Reader, &mut Vec<Weighed>, &mut Inputs) {
        self.read(example);
        models.weigh(&self.reader, is_cyrillic(example.text, None), &mut self.weighed, &mut self.inputs);
        (&self.reader, &mut self.weighed, &mut self.inputs)
    }
}

impl Weights {
    /// As a table of the model file.
    pub(crate) fn table(&self, bits: u32) -> Table {
        Table::of(&self.values, self.outputs, bits)
    }
}
