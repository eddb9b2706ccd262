//! What models of tone learnt elsewhere say of a post, as inputs of another: their answers, and the words that speak loudest.

use super::Models;
use super::packed::{Gathered, Which};
use super::table::{Table, square};
use crate::features::{Block, NOWHERE, Reader, Weighed};

/// A direction in which words speak: toward one output, and away from another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Axis {
    pub(crate) toward: usize,
    pub(crate) away: Option<usize>,
}

/// Toward a smile.
pub(crate) const SMILE: Axis = Axis { toward: 0, away: None };
/// From a negative text to a positive one.
pub(crate) const GOOD: Axis = Axis { toward: 2, away: Some(0) };

/// Inputs that [`loudest`] adds.
pub(crate) const LOUDEST: usize = 5;
/// Inputs of the model of general tone: the smiley's answer and its loudest words.
pub(crate) const GENERAL_INPUTS: usize = 1 + LOUDEST;
/// Inputs of the model of wants: three tones and the five classes of a text.
pub(crate) const WANT_INPUTS: usize = 8;
/// Margins are larger than words.
pub(crate) const ANSWER_SCALE: f32 = 0.3;

/// Inputs of one post; its memory is reused.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inputs {
    /// The first [`GENERAL_INPUTS`] are those of the model of general tone.
    pub(crate) values: Vec<f32>,
    /// What the model of general tone answers.
    pub(crate) general: [f32; 5],
    /// What each place says toward a smile.
    pub(crate) smiles: Vec<f32>,
    /// What each place says from a negative text to a positive one.
    pub(crate) goods: Vec<f32>,
    /// The rows of the post's features, where models are packed.
    pub(crate) gathered: Gathered,
}

impl Inputs {
    /// Works out the inputs of the Russian and Ukrainian models of tone.
    pub(crate) fn work_out(&mut self, models: &Models, reader: &Reader, weighed: &[Weighed]) {
        self.work_out_general(models, reader, weighed);
        models.general.margins(weighed, &self.values, &mut self.general);
        self.values.extend(self.general.map(|margin| margin * ANSWER_SCALE));
        by_place(Rows::of(&models.general), GOOD, reader, weighed, &mut self.goods);
        loudest(&self.goods, &mut self.values);
    }

    /// As [`Self::work_out`], from rows that were gathered; answers what the model of objects adds up, which needs these inputs.
    pub(crate) fn work_out_gathered(&mut self, models: &Models, reader: &Reader, weighed: &[Weighed]) -> [f32; 3] {
        let sums = self.gathered.tones(models, reader, weighed, (&mut self.smiles, &mut self.goods));
        self.values.clear();
        let mut smiley = [sums.smiley];
        models.smiley.finish(&[], &mut smiley);
        self.values.push(smiley[0] * ANSWER_SCALE);
        loudest(&self.smiles, &mut self.values);
        self.general = sums.general;
        models.general.finish(&self.values, &mut self.general);
        self.values.extend(self.general.map(|margin| margin * ANSWER_SCALE));
        loudest(&self.goods, &mut self.values);
        sums.object
    }

    /// Works out the inputs of the model of general tone alone.
    pub(crate) fn work_out_general(&mut self, models: &Models, reader: &Reader, weighed: &[Weighed]) {
        self.values.clear();
        let mut smiley = [0.0];
        models.smiley.margins(weighed, &[], &mut smiley);
        self.values.push(smiley[0] * ANSWER_SCALE);
        by_place(Rows::of(&models.smiley), SMILE, reader, weighed, &mut self.smiles);
        loudest(&self.smiles, &mut self.values);
    }
}

/// Inputs of the model of tone in English.
pub(crate) const ENGLISH_INPUTS: usize = 7;

/// What rated words say: all good and all bad, the best and the worst, the last, and whether there are any.
pub(crate) fn valence_inputs(reader: &Reader) -> [f32; ENGLISH_INPUTS] {
    let (mut good, mut bad, mut best, mut worst, mut last) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
    for (_, valence) in &reader.valences {
        if *valence > 0.0 {
            good += valence;
        } else {
            bad += valence;
        }
        best = best.max(*valence);
        worst = worst.min(*valence);
        last = *valence;
    }
    let sum = good + bad;
    let any = if reader.valences.is_empty() { 0.0 } else { 0.3 };
    // The sum as VADER folds it into -1 to 1.
    [good.min(2.0), bad.max(-2.0), best, worst, last, 2.0 * sum / (sum * sum + 1.0).sqrt(), any]
}

/// A table, and its rows for the features of a post where they were gathered.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) table: &'a Table,
    gathered: Option<(&'a Gathered, Which)>,
}

impl<'a> Rows<'a> {
    pub(crate) const fn of(table: &'a Table) -> Self {
        Self { table, gathered: None }
    }

    /// One of the tables of `models`, whose rows lie in `gathered` when they are packed.
    pub(crate) fn gathered(models: &'a Models, which: Which, gathered: &'a Gathered) -> Self {
        let table = match which {
            Which::General => &models.general,
            Which::Object => &models.object,
            Which::Wants => &models.wants,
        };
        Self { table, gathered: models.packed.as_ref().map(|_| (gathered, which)) }
    }

    fn bytes(&self, feature: u32, row: u32) -> &'a [u8] {
        match self.gathered {
            Some((gathered, which)) => gathered.bytes(which, feature),
            None => self.table.row(row),
        }
    }
}

/// Adds up what each word contributes along an axis; `by_place` is then as long as the reader's places.
pub(crate) fn by_place(rows: Rows<'_>, axis: Axis, reader: &Reader, weighed: &[Weighed], by_place: &mut Vec<f32>) {
    by_place.clear();
    by_place.resize(reader.places.len(), 0.0);
    let scales = &rows.table.scales;
    add_by_place(rows, reader, weighed, by_place, |bytes| {
        let weight = |output: usize| square(bytes[output]) * scales[output];
        axis.away.map_or_else(|| weight(axis.toward), |away| weight(axis.toward) - weight(away))
    });
}

/// Adds what each word contributes to the outputs of a table, each multiplied by its factor, to what is there of each place.
pub(crate) fn add_all_by_place(
    rows: Rows<'_>,
    factors: &[f32],
    reader: &Reader,
    weighed: &[Weighed],
    by_place: &mut [f32],
) {
    let scales = &rows.table.scales;
    add_by_place(rows, reader, weighed, by_place, |bytes| {
        bytes.iter().zip(scales).zip(factors).map(|((byte, scale), factor)| square(*byte) * scale * factor).sum()
    });
}

fn add_by_place(
    rows: Rows<'_>,
    reader: &Reader,
    weighed: &[Weighed],
    by_place: &mut [f32],
    weight: impl Fn(&[u8]) -> f32,
) {
    for seen in reader.seen.iter().filter(|seen| seen.from != NOWHERE) {
        let (feature, weighed) = (&reader.features[seen.feature as usize], &weighed[seen.feature as usize]);
        if weighed.value == 0.0 || feature.block == Block::Handle && !rows.table.hears_handles() {
            continue;
        }
        let weight = weight(rows.bytes(seen.feature, weighed.row));
        by_place[usize::from(seen.to)] += weight * weighed.value / f32::from(feature.count);
    }
}

/// All that speaks for, all that speaks against, the loudest word of each, and the last word's.
fn loudest(by_place: &[f32], out: &mut Vec<f32>) {
    let (mut plus, mut minus, mut most, mut least) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
    for value in by_place {
        if *value > 0.0 {
            plus += value;
        } else {
            minus += value;
        }
        most = most.max(*value);
        least = least.min(*value);
    }
    out.extend([plus, minus, most, least, by_place.last().copied().unwrap_or_default()]);
}
