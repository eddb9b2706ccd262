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

    /// What each feature weighs along an axis.
    fn along(&self, axis: Axis, weighed: &[Weighed], each: impl FnMut(f32)) {
        let scales = &self.table.scales;
        let weight = |bytes: &[u8], output: usize| square(bytes[output]) * scales[output];
        let along = |bytes: &[u8]| match axis.away {
            Some(away) => weight(bytes, axis.toward) - weight(bytes, away),
            None => weight(bytes, axis.toward),
        };
        match self.gathered {
            Some((gathered, which)) => gathered.rows(which, along, each),
            None => weighed.iter().map(|weighed| along(self.table.row(weighed.row))).for_each(each),
        }
    }

    /// What each feature weighs toward all outputs, each multiplied by its factor.
    fn all(&self, factors: &[f32], weighed: &[Weighed], each: impl FnMut(f32)) {
        let scales = &self.table.scales;
        let all = |bytes: &[u8]| -> f32 {
            bytes.iter().zip(scales).zip(factors).map(|((byte, scale), factor)| square(*byte) * scale * factor).sum()
        };
        match self.gathered {
            Some((gathered, which)) if which != Which::Wants => gathered.tones_of_all(which, scales, factors, each),
            _ => weighed.iter().map(|weighed| all(self.table.row(weighed.row))).for_each(each),
        }
    }
}

/// Adds up what each word contributes along an axis; `by_place` is then as long as the reader's places.
pub(crate) fn by_place(rows: Rows<'_>, axis: Axis, reader: &Reader, weighed: &[Weighed], by_place: &mut Vec<f32>) {
    by_place.clear();
    by_place.resize(reader.places.len(), 0.0);
    let mut parts = Parts::new(rows, reader, weighed);
    rows.along(axis, weighed, |weight| parts.push(weight));
    parts.add_by_place(by_place);
}

/// Adds what each word contributes to the outputs of a table, each multiplied by its factor, to what is there of each place.
pub(crate) fn add_all_by_place(
    rows: Rows<'_>,
    factors: &[f32],
    reader: &Reader,
    weighed: &[Weighed],
    by_place: &mut [f32],
) {
    let mut parts = Parts::new(rows, reader, weighed);
    rows.all(factors, weighed, |weight| parts.push(weight));
    parts.add_by_place(by_place);
}

/// What each feature contributes at each of its places.
struct Parts<'a> {
    reader: &'a Reader,
    weighed: &'a [Weighed],
    hears_handles: bool,
    parts: Vec<f32>,
}

impl<'a> Parts<'a> {
    fn new(rows: Rows<'_>, reader: &'a Reader, weighed: &'a [Weighed]) -> Self {
        let (hears_handles, parts) = (rows.table.hears_handles(), Vec::with_capacity(weighed.len()));
        Self { reader, weighed, hears_handles, parts }
    }

    /// The next feature, by what it weighs.
    fn push(&mut self, weight: f32) {
        let number = self.parts.len();
        let (feature, weighed) = (&self.reader.features[number], &self.weighed[number]);
        let heard = feature.block != Block::Handle || self.hears_handles;
        self.parts.push(if heard { weight * weighed.value / f32::from(feature.count) } else { 0.0 });
    }

    fn add_by_place(&self, by_place: &mut [f32]) {
        for seen in self.reader.seen.iter().filter(|seen| seen.from != NOWHERE) {
            by_place[usize::from(seen.to)] += self.parts[seen.feature as usize];
        }
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
