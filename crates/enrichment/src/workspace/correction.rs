//! The correction itself: how it moves what the shipped models say.

use molva_domain::Intent;

use super::heard::{DENSE, Heard};
use super::parts::{FIRST_INTENT, FIRST_OF_STAGE, OUTPUTS, Part, TONES, output_of};
use crate::enricher::Head;
use crate::features::{ROW_BITS, Weighed};
use crate::judgement::ToneScores;
use crate::models::tones::tone_of;
use crate::models::{INTENTS, STAGES, Table, largest};

/// Rows of words, as powers of two.
pub(crate) const WORD_BITS: u32 = 15;
pub(crate) const TOPIC_BITS: u32 = 13;
/// Topics whose relevance is learnt at most.
pub(crate) const MOST_TOPICS: usize = 100;

/// What people of a workspace made of the shipped models. Under two megabytes, read only.
#[derive(Clone, Debug)]
pub struct Correction {
    pub(crate) base: String,
    pub(crate) version: String,
    pub(crate) table: Table,
    /// What is added before a label is said, beside what moves its probability.
    pub(crate) leans: Vec<f32>,
    /// The heads that are moved; of the others every weight is zero.
    pub(crate) taken: Vec<bool>,
    /// In the order of their topics.
    pub(crate) relevance: Vec<(i64, Table)>,
}

/// What is said after the correction. Only what was taken counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer<'a> {
    taken: &'a [bool],
    pub(crate) probabilities: [f32; OUTPUTS],
    pub(crate) tone: usize,
    pub(crate) intents: u16,
    pub(crate) stage: usize,
}

impl Correction {
    pub(crate) fn new(base: &str, weights: &[f32], leans: Vec<f32>, parts: &[Part], topics: Vec<(i64, Table)>) -> Self {
        let mut taken = vec![false; OUTPUTS];
        parts.iter().flat_map(|part| part.outputs()).for_each(|output| taken[output] = true);
        let table = if parts.is_empty() { silent() } else { masked(weights, &taken) };
        let leans = leans.iter().zip(&taken).map(|(lean, taken)| if *taken { *lean } else { 0.0 }).collect();
        let mut correction =
            Self { base: base.to_owned(), version: String::new(), table, leans, taken, relevance: topics };
        correction.name();
        correction
    }

    /// The version of the models that it corrects; on top of others it means nothing.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The base's version and, behind a `+`, what the correction is made of.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Judges by the words of a post and what the shipped models say of it.
    pub(crate) fn judge(&self, words: &[Weighed], heard: &Heard) -> Answer<'_> {
        let mut moved = [0.0; OUTPUTS];
        self.table.margins(words, &heard.dense, &mut moved);
        answer(heard, &moved, &self.leans, &self.taken)
    }

    pub(crate) fn relevance(&self, topic: i64, words: &[Weighed], dense: &[f32; DENSE]) -> Option<f32> {
        let place = self.relevance.binary_search_by_key(&topic, |(topic, _)| *topic).ok()?;
        let mut margin = [0.0];
        self.relevance[place].1.margins(words, dense, &mut margin);
        Some(1.0 / (1.0 + (-margin[0]).exp()))
    }

    /// Its output that moves one of the shipped models; `None` when it does not.
    pub(crate) fn output(&self, head: Head) -> Option<usize> {
        output_of(head).filter(|output| self.taken[*output])
    }
}

/// What is said where `moved` is added to the odds.
pub(crate) fn answer<'a>(heard: &Heard, moved: &[f32; OUTPUTS], leans: &[f32], taken: &'a [bool]) -> Answer<'a> {
    let mut probabilities = [0.0; OUTPUTS];
    let odds = |output: usize| heard.odds[output] + moved[output];
    let says = |output: usize| heard.decisions[output] + moved[output] + leans[output];
    soft(&odds, 0, &mut probabilities[..TONES]);
    soft(&odds, FIRST_OF_STAGE, &mut probabilities[FIRST_OF_STAGE..]);
    let mut intents = 0;
    for intent in 0..INTENTS {
        let output = FIRST_INTENT + intent;
        probabilities[output] = 1.0 / (1.0 + (-odds(output)).exp());
        intents |= u16::from(says(output) >= 0.0) << intent;
    }
    let tone = largest((0..TONES).map(says));
    let stage = largest((FIRST_OF_STAGE..OUTPUTS).map(says));
    Answer { taken, probabilities, tone, intents, stage }
}

fn soft(odds: &impl Fn(usize) -> f32, first: usize, probabilities: &mut [f32]) {
    let most = (first..first + probabilities.len()).map(odds).fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for (place, probability) in probabilities.iter_mut().enumerate() {
        *probability = (odds(first + place) - most).exp();
        sum += *probability;
    }
    probabilities.iter_mut().for_each(|probability| *probability /= sum);
}

impl Answer<'_> {
    pub(crate) fn overrule(
        &self,
        tone: &mut ToneScores,
        intents: &mut [f32; INTENTS],
        intents_said: &mut u16,
        stages: &mut [f32; STAGES],
        stage: &mut usize,
    ) {
        if self.taken[0] {
            let [negative, neutral, positive, ..] = self.probabilities;
            *tone = ToneScores { negative, neutral, positive, said: tone_of(self.tone) };
        }
        for (intent, probability) in intents.iter_mut().enumerate() {
            if self.taken[FIRST_INTENT + intent] {
                *probability = self.probabilities[FIRST_INTENT + intent];
                *intents_said = *intents_said & !(1 << intent) | self.intents & 1 << intent;
            }
        }
        if self.taken[FIRST_OF_STAGE] {
            stages.copy_from_slice(&self.probabilities[FIRST_OF_STAGE..]);
            *stage = self.stage;
        }
    }
}

/// Weights of what was not taken are zero, to the bit.
fn masked(weights: &[f32], taken: &[bool]) -> Table {
    let weights: Vec<f32> =
        weights.iter().enumerate().map(|(place, weight)| if taken[place % OUTPUTS] { *weight } else { 0.0 }).collect();
    Table::of(&weights, OUTPUTS, WORD_BITS)
}

fn silent() -> Table {
    Table::of(&vec![0.0; OUTPUTS * (1 + DENSE + 1)], OUTPUTS, 0)
}

/// The row of words that a feature falls into.
pub(crate) const fn slot(row: u32, bits: u32) -> u32 {
    row >> (ROW_BITS - bits)
}

/// The intent that is learnt from what people say of spam.
pub(crate) const SPAM: usize = Intent::Spam as usize;
