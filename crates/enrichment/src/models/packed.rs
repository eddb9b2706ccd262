//! The rows of several tables beside each other, as posts are judged by them: what a feature weighs in all of them is fetched
//! from memory at once, and reckoned with where it is then.

use super::{Models, Table, WANTS};
use crate::features::{Block, NOWHERE, ROW_BITS, Reader, Weighed};
use crate::models::table::whole_square;

/// Tones of texts, then those towards objects.
const TONES: usize = 8;
const GENERAL: usize = 5;
/// Wants, then the smiley, then nothing: whole words of memory.
const OPTIONS: usize = 24;
const SMILEY: usize = WANTS;

const _: () = assert!(SMILEY < OPTIONS);

/// Tables of the same size, a row of all of them beside each other.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    tones: Vec<[u8; TONES]>,
    tone_bits: u32,
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
    tones: Vec<[u8; TONES]>,
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
    /// `None` where the tables of models are not of the same sizes.
    pub(crate) fn of(models: &Models) -> Option<Self> {
        let (tone_bits, option_bits) = (models.general.bits, models.wants.bits);
        let shapes = [
            (&models.general, GENERAL, tone_bits),
            (&models.object, TONES - GENERAL, tone_bits),
            (&models.wants, WANTS, option_bits),
            (&models.smiley, 1, option_bits),
        ];
        let fits = |(table, outputs, bits): &(&Table, usize, u32)| {
            table.outputs == *outputs && table.bits == *bits && table.bytes.len() == outputs << bits
        };
        if !shapes.iter().all(fits) {
            return None;
        }
        let [general, object, wants, smiley] = shapes.map(|(table, outputs, _)| table.bytes.chunks_exact(outputs));
        let tone = |(general, object): (&[u8], &[u8])| {
            let mut row = [0; TONES];
            row[..GENERAL].copy_from_slice(general);
            row[GENERAL..].copy_from_slice(object);
            row
        };
        let option = |(wants, smiley): (&[u8], &[u8])| {
            let mut row = [0; OPTIONS];
            row[..WANTS].copy_from_slice(wants);
            row[SMILEY] = smiley[0];
            row
        };
        Some(Self {
            tones: general.zip(object).map(tone).collect(),
            tone_bits,
            options: wants.zip(smiley).map(option).collect(),
            option_bits,
        })
    }

    /// Fetches the rows of the features that `reader` read last; those of tones for Cyrillic posts alone.
    pub(crate) fn gather(&self, reader: &Reader, weighed: &[Weighed], cyrillic: bool, gathered: &mut Gathered) {
        // Features that weigh nothing all have the same row, which then need not be waited for. Nothing is reckoned here:
        // many rows are on their way at once.
        let rows = || {
            weighed.iter().zip(&reader.features).map(|(weighed, feature)| {
                let silent = weighed.value == 0.0 && feature.block != Block::Handle;
                if silent { 0 } else { weighed.row }
            })
        };
        let from = ROW_BITS - self.option_bits;
        gathered.options.clear();
        gathered.options.extend(rows().map(|row| self.options[(row >> from) as usize]));
        gathered.tones.clear();
        if cyrillic {
            let from = ROW_BITS - self.tone_bits;
            gathered.tones.extend(rows().map(|row| self.tones[(row >> from) as usize]));
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
            let squares = row.map(whole_square).map(f32::from);
            for (sum, square) in sums.iter_mut().zip(squares) {
                *sum += weighed.value * square;
            }
            let smile = f32::from(whole_square(option[SMILEY]));
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

    /// The bytes of a feature's row in one of the tables.
    pub(crate) fn bytes(&self, which: Which, feature: u32) -> &[u8] {
        let feature = feature as usize;
        match which {
            Which::General => &self.tones[feature][..GENERAL],
            Which::Object => &self.tones[feature][GENERAL..],
            Which::Wants => &self.options[feature][..WANTS],
        }
    }
}
