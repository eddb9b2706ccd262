//! Examples as a correction hears them: words and what the shipped models say, with what people say.

use molva_domain::{Stage, Tone};

use super::correction::{SPAM, WORD_BITS, answer, slot};
use super::heard::{DENSE, Heard};
use super::parts::{FIRST_INTENT, OUTPUTS, Part};
use super::{Example, Origin, Said, mix};
use crate::enricher::Enricher;
use crate::judgement::{Judgement, Object};
use crate::models::{Models, STAGES};

/// Words of all examples together: what does not fit is left out, the oldest first.
const MOST_WORDS: usize = 12_000_000;
/// What a mention that nobody changed counts beside one that somebody corrected.
const LEFT_WEIGHT: f32 = 0.5;

/// Sparse rows with their goals.
#[derive(Debug)]
pub(crate) struct Rows {
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
    /// Columns there are: words, dense inputs, the constant.
    pub(crate) width: usize,
    pub(crate) outputs: usize,
    /// Row by row, one for each output: what is said before anything is learnt, what should be said, and how much it counts:
    /// nothing where nobody knows.
    pub(crate) odds: Vec<f32>,
    pub(crate) targets: Vec<f32>,
    pub(crate) weights: Vec<f32>,
}

/// A row of the correction beside what it is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taught {
    pub(crate) heard: Heard,
    pub(crate) said: Said,
    pub(crate) key: i64,
    pub(crate) origin: Origin,
}

impl Rows {
    pub(crate) fn new(bits: u32, outputs: usize) -> Self {
        let (odds, targets, weights) = (Vec::new(), Vec::new(), Vec::new());
        let width = (1 << bits) + DENSE + 1;
        Self { starts: vec![0], columns: Vec::new(), values: Vec::new(), width, outputs, odds, targets, weights }
    }

    pub(crate) fn row(&self, row: usize) -> (&[u32], &[f32]) {
        let range = self.starts[row]..self.starts[row + 1];
        (&self.columns[range.clone()], &self.values[range])
    }

    pub(crate) const fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Adds the post that the enricher has just heard.
    pub(crate) fn push(&mut self, enricher: &Enricher, bits: u32) {
        for word in enricher.whole_words.iter().filter(|word| word.value != 0.0) {
            self.columns.push(slot(word.row, bits));
            self.values.push(word.value);
        }
        let first = 1 << bits;
        for (column, value) in (first..).zip(enricher.dense.iter().chain([&1.0])) {
            if *value != 0.0 {
                self.columns.push(column);
                self.values.push(*value);
            }
        }
        self.starts.push(self.columns.len());
    }

    fn is_full(&self) -> bool {
        self.columns.len() >= MOST_WORDS
    }
}

/// Reads examples in their order, as many as fit. `stop` is asked now and then.
pub(crate) fn read(models: &Models, examples: &[&Example], enricher: &mut Enricher) -> (Rows, Vec<Taught>) {
    let mut rows = Rows::new(WORD_BITS, OUTPUTS);
    let mut taught = Vec::with_capacity(examples.len());
    for example in examples {
        if rows.is_full() {
            break;
        }
        let heard = hear(models, example, enricher);
        rows.push(enricher, WORD_BITS);
        let one = Taught { heard, said: example.said, key: example.key, origin: example.origin };
        rows.add_goals(&one);
        taught.push(one);
    }
    (rows, taught)
}

/// What a correction hears of an example.
pub(crate) fn hear(models: &Models, example: &Example, enricher: &mut Enricher) -> Heard {
    let object = Some(Object { own: &example.own, others: &example.others });
    let worked = enricher.work_out(models, None, (&example.title, &example.text), example.language, object);
    enricher.hear(models, &worked)
}

impl Rows {
    fn add_goals(&mut self, taught: &Taught) {
        self.odds.extend_from_slice(&taught.heard.odds);
        let (mut targets, mut weights) = ([0.0; OUTPUTS], [0.0; OUTPUTS]);
        if taught.origin == Origin::Left {
            // What the shipped models think of it should stay as it is.
            let base = answer(&taught.heard, &[0.0; OUTPUTS], &[0.0; OUTPUTS], &[]);
            (targets, weights) = (base.probabilities, [LEFT_WEIGHT; OUTPUTS]);
        } else {
            for part in Part::all() {
                let Some(class) = said(&taught.said, part) else { continue };
                weights[part.outputs()].fill(1.0);
                match part {
                    Part::Want(intent) => targets[FIRST_INTENT + intent] = f32::from(u8::from(class == 1)),
                    _ => targets[part.outputs().start + class] = 1.0,
                }
            }
        }
        self.targets.extend_from_slice(&targets);
        self.weights.extend_from_slice(&weights);
    }
}

impl Taught {
    /// What is true of it, as far as anybody knows: of those nobody changed what the shipped models say.
    pub(crate) fn truth(&self, part: Part) -> Option<usize> {
        if self.origin == Origin::Left {
            return Some(self.says(part, &[0.0; OUTPUTS], &[0.0; OUTPUTS]));
        }
        said(&self.said, part)
    }

    /// The class that is said where the odds are moved.
    pub(crate) fn says(&self, part: Part, moved: &[f32; OUTPUTS], leans: &[f32; OUTPUTS]) -> usize {
        let answer = answer(&self.heard, moved, leans, &[]);
        match part {
            Part::Tone => answer.tone,
            Part::Want(intent) => usize::from(answer.intents >> intent & 1),
            Part::Stage => answer.stage,
        }
    }

    /// One of `folds` parts in which examples are taken apart.
    pub(crate) const fn fold(&self, folds: usize) -> usize {
        // The last bits decided already who is held out.
        (mix(self.key) >> 20) as usize % folds
    }
}

/// The class that people say; `None` where they say nothing.
pub(crate) fn said(said: &Said, part: Part) -> Option<usize> {
    match part {
        Part::Tone => said.tone.map(class_of),
        Part::Want(SPAM) => {
            let among = said.intents.filter(|intents| intents >> SPAM & 1 == 1).map(|_| true);
            said.spam.or(among).map(usize::from)
        }
        Part::Want(intent) => said.intents.map(|intents| usize::from(intents >> intent & 1)),
        Part::Stage => said.stage.map(stage_class),
    }
}

/// The class that a judgement says.
pub(crate) fn judged(judgement: &Judgement, part: Part) -> usize {
    match part {
        Part::Tone => class_of(judgement.tone.said),
        Part::Want(intent) => usize::from(judgement.intents_said >> intent & 1),
        Part::Stage => stage_class(judgement.stage.said),
    }
}

pub(crate) const fn class_of(tone: Tone) -> usize {
    match tone {
        Tone::Negative => 0,
        Tone::Neutral => 1,
        Tone::Positive => 2,
    }
}

fn stage_class(stage: Option<Stage>) -> usize {
    let place = |stage: Stage| Stage::ALL.iter().position(|known| *known == stage);
    stage.and_then(place).unwrap_or(STAGES - 1)
}
