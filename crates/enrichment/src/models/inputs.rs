//! What models of tone learnt elsewhere say of a post, as inputs of another: their answers, and the words that speak loudest.

use super::Models;
use super::table::Table;
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
}

impl Inputs {
    /// Works out the inputs of the Russian and Ukrainian models of tone.
    pub(crate) fn work_out(&mut self, models: &Models, reader: &Reader, weighed: &[Weighed]) {
        self.work_out_general(models, reader, weighed);
        models.general.margins(weighed, &self.values, &mut self.general);
        self.values.extend(self.general.map(|margin| margin * ANSWER_SCALE));
        by_place(&models.general, GOOD, reader, weighed, &mut self.goods);
        loudest(&self.goods, &mut self.values);
    }

    /// Works out the inputs of the model of general tone alone.
    pub(crate) fn work_out_general(&mut self, models: &Models, reader: &Reader, weighed: &[Weighed]) {
        self.values.clear();
        let mut smiley = [0.0];
        models.smiley.margins(weighed, &[], &mut smiley);
        self.values.push(smiley[0] * ANSWER_SCALE);
        by_place(&models.smiley, SMILE, reader, weighed, &mut self.smiles);
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

/// Adds up what each word contributes along an axis; `by_place` is then as long as the reader's places.
pub(crate) fn by_place(table: &Table, axis: Axis, reader: &Reader, weighed: &[Weighed], by_place: &mut Vec<f32>) {
    by_place.clear();
    by_place.resize(reader.places.len(), 0.0);
    add_by_place(table, reader, weighed, by_place, |row| {
        let weight = table.weight(row, axis.toward);
        axis.away.map_or(weight, |away| weight - table.weight(row, away))
    });
}

/// Adds what each word contributes to the outputs of a table, each multiplied by its factor, to what is there of each place.
pub(crate) fn add_all_by_place(
    table: &Table,
    factors: &[f32],
    reader: &Reader,
    weighed: &[Weighed],
    by_place: &mut [f32],
) {
    add_by_place(table, reader, weighed, by_place, |row| table.weight_of_all(row, factors));
}

fn add_by_place(
    table: &Table,
    reader: &Reader,
    weighed: &[Weighed],
    by_place: &mut [f32],
    weight: impl Fn(u32) -> f32,
) {
    for seen in reader.seen.iter().filter(|seen| seen.from != NOWHERE) {
        let (feature, weighed) = (&reader.features[seen.feature as usize], &weighed[seen.feature as usize]);
        if weighed.value == 0.0 || feature.block == Block::Handle && !table.hears_handles() {
            continue;
        }
        by_place[usize::from(seen.to)] += weight(weighed.row) * weighed.value / f32::from(feature.count);
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
