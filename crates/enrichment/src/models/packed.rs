//! The rows of several tables beside each other, as posts are judged by them: what a feature weighs in all of them is fetched
//! from memory at once, and reckoned with where it is then.

use super::inputs::Inputs;
use super::{Models, Table, WANTS};
use crate::features::{Block, NOWHERE, ROW_BITS, ROWS, Reader, Weighed, of_sixteenths};
use crate::models::table::{square, whole_square};

/// Tones of texts, then those towards objects.
const TONES: usize = 8;
const GENERAL: usize = 5;
/// Behind the tones, the frequencies of the features that share the row.
const TONE_ROW: usize = TONES + (1 << (ROW_BITS - TONE_BITS));
const TONE_BITS: u32 = 19;
/// Wants, then the smiley, then nothing: whole words of memory.
const OPTIONS: usize = 24;
const SMILEY: usize = WANTS;

const _: () = assert!(SMILEY < OPTIONS);

/// Tables of the same size, a row of all of them beside each other.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    tones: Vec<[u8; TONE_ROW]>,
    options: Vec<[u8; OPTIONS]>,
    option_bits: u32,
}

/// A table of those that are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    General,
    Object,
    Wants,
}

/// The rows of one post's features, in their order; memory is reused.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gathered {
    tones: Vec<[u8; TONE_ROW]>,
    options: Vec<[u8; OPTIONS]>,
    /// What each feature says toward a smile, and from a negative text to a positive one, at each of its places.
    sayings: Vec<[f32; 2]>,
}

/// What the models of tone add up of a post, before scales and inputs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ToneSums {
    pub(crate) smiley: f32,
    pub(crate) general: [f32; GENERAL],
    pub(crate) object: [f32; 3],
}

impl Packed {
    /// `None` where the tables of models are of other sizes than those learnt here.
    pub(crate) fn of(models: &Models) -> Option<Self> {
        let option_bits = models.wants.bits;
        let shapes = [
            (&models.general, GENERAL, TONE_BITS),
            (&models.object, TONES - GENERAL, TONE_BITS),
            (&models.wants, WANTS, option_bits),
            (&models.smiley, 1, option_bits),
        ];
        let fits = |(table, outputs, bits): &(&Table, usize, u32)| {
            table.outputs == *outputs && table.bits == *bits && table.bytes.len() == outputs << bits
        };
        if !shapes.iter().all(fits) || models.idf.0.len() != ROWS {
            return None;
        }
        let [general, object, wants, smiley] = shapes.map(|(table, outputs, _)| table.bytes.chunks_exact(outputs));
        let tone = |((general, object), frequencies): ((&[u8], &[u8]), &[u8])| {
            let mut row = [0; TONE_ROW];
            row[..GENERAL].copy_from_slice(general);
            row[GENERAL..TONES].copy_from_slice(object);
            row[TONES..].copy_from_slice(frequencies);
            row
        };
        let frequencies = models.idf.0.chunks_exact(TONE_ROW - TONES);
        let option = |(wants, smiley): (&[u8], &[u8])| {
            let mut row = [0; OPTIONS];
            row[..WANTS].copy_from_slice(wants);
            row[SMILEY] = smiley[0];
            row
        };
        Some(Self {
            tones: general.zip(object).zip(frequencies).map(tone).collect(),
            options: wants.zip(smiley).map(option).collect(),
            option_bits,
        })
    }

    /// Fetches the rows of the features that `reader` read last. Nothing is reckoned meanwhile: many rows are on their way at
    /// once.
    fn gather_tones(&self, reader: &Reader, tones: &mut Vec<[u8; TONE_ROW]>) {
        tones.clear();
        let row = |row: u32| self.tones[(row >> (ROW_BITS - TONE_BITS)) as usize];
        tones.extend(reader.features.iter().map(|feature| row(feature.row)));
    }

    fn gather_options(&self, reader: &Reader, weighed: &[Weighed], options: &mut Vec<[u8; OPTIONS]>) {
        options.clear();
        let from = ROW_BITS - self.option_bits;
        options.extend(weighed.iter().zip(&reader.features).map(|(weighed, feature)| {
            // Features that weigh nothing all have the same row, which then need not be waited for.
            let silent = weighed.value == 0.0 && feature.block != Block::Handle;
            self.options[if silent { 0 } else { (weighed.row >> from) as usize }]
        }));
    }
}

impl Models {
    /// Fills in the values of the features that were read last, names of those addressed left at zero, and gathers what
    /// [`Models::tones`] asks of them.
    pub(crate) fn weigh(&self, reader: &Reader, cyrillic: bool, weighed: &mut Vec<Weighed>, inputs: &mut Inputs) {
        let Gathered { tones, options, .. } = &mut inputs.gathered;
        match &self.packed {
            None => return reader.weigh(&self.idf, weighed),
            Some(packed) if cyrillic => {
                packed.gather_tones(reader, tones);
                reader.weigh_by(weighed, |feature, row| {
                    of_sixteenths(tones[feature][TONES + row as usize % (TONE_ROW - TONES)])
                });
            }
            Some(_) => reader.weigh(&self.idf, weighed),
        }
        if let Some(packed) = &self.packed {
            packed.gather_options(reader, weighed, options);
        }
    }
}

impl Gathered {
    /// What the models of tone add up, and what each place says toward a smile and toward a good text.
    pub(crate) fn tones(
        &mut self,
        models: &Models,
        reader: &Reader,
        weighed: &[Weighed],
        (smiles, goods): (&mut Vec<f32>, &mut Vec<f32>),
    ) -> ToneSums {
        let (mut smiley, mut sums) = (0.0, [0.0; TONES]);
        let (smile_scale, scales) = (models.smiley.scales[0], &models.general.scales);
        let (bad_scale, good_scale) = (scales[0], scales[2]);
        self.sayings.clear();
        for (((row, option), weighed), feature) in
            self.tones.iter().zip(&self.options).zip(weighed).zip(&reader.features)
        {
            let squares: [f32; TONES] = std::array::from_fn(|output| square(row[output]));
            for (sum, square) in sums.iter_mut().zip(squares) {
                *sum += weighed.value * square;
            }
            let smile = square(option[SMILEY]);
            smiley += weighed.value * smile;
            let (smile, good) = (smile * smile_scale, squares[2] * good_scale - squares[0] * bad_scale);
            let count = f32::from(feature.count);
            self.sayings.push([smile * weighed.value / count, good * weighed.value / count]);
        }
        for places in [&mut *smiles, &mut *goods] {
            places.clear();
            places.resize(reader.places.len(), 0.0);
        }
        for seen in reader.seen.iter().filter(|seen| seen.from != NOWHERE) {
            let [smile, good] = self.sayings[seen.feature as usize];
            let place = usize::from(seen.to);
            smiles[place] += smile;
            goods[place] += good;
        }
        let (general, object) = sums.split_at(GENERAL);
        let mut tones = ToneSums { smiley, ..ToneSums::default() };
        tones.general.copy_from_slice(general);
        tones.object.copy_from_slice(object);
        tones
    }

    /// What the model of wants adds up, names of those addressed weighed with the rest.
    pub(crate) fn wants(&self, weighed: &[Weighed]) -> [f32; WANTS] {
        let mut sums = [0.0; OPTIONS];
        for (row, weighed) in self.options.iter().zip(weighed) {
            let squares = row.map(whole_square);
            for (sum, square) in sums.iter_mut().zip(squares) {
                *sum += weighed.value * f32::from(square);
            }
        }
        std::array::from_fn(|output| sums[output])
    }

    /// The weights of each feature toward all outputs of a table of tones, each multiplied by its factor, added up.
    pub(crate) fn tones_of_all(&self, which: Which, scales: &[f32], factors: &[f32], mut each: impl FnMut(f32)) {
        // Those of the other table count nothing.
        let from = if which == Which::Object { GENERAL } else { 0 };
        let (mut all_scales, mut all_factors) = ([0.0; TONES], [0.0; TONES]);
        all_scales[from..].iter_mut().zip(scales).for_each(|(place, scale)| *place = *scale);
        all_factors[from..].iter_mut().zip(scales).zip(factors).for_each(|((place, _), factor)| *place = *factor);
        for row in &self.tones {
            let parts: [f32; TONES] =
                std::array::from_fn(|output| square(row[output]) * all_scales[output] * all_factors[output]);
            each(parts.iter().sum());
        }
    }

    /// What is made of the bytes of each feature's row in one of the tables.
    pub(crate) fn rows(&self, which: Which, weight: impl Fn(&[u8]) -> f32, mut each: impl FnMut(f32)) {
        match which {
            Which::General => self.tones.iter().for_each(|row| each(weight(&row[..GENERAL]))),
            Which::Object => self.tones.iter().for_each(|row| each(weight(&row[GENERAL..TONES]))),
            Which::Wants => self.options.iter().for_each(|row| each(weight(&row[..WANTS]))),
        }
    }
}
