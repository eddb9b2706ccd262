//! Why a mention was judged as it was: the words and signs that decided.

use molva_domain::{Intent, Language, Stage, Tone};

use crate::enricher::{Enricher, Head, Worked};
use crate::features::{Mask, NOWHERE, Sign, Weighed};
use crate::judgement::{Object, PostSigns, Span};
use crate::models::inputs::{ANSWER_SCALE, Axis, GENERAL_INPUTS, LOUDEST, Rows, add_all_by_place, by_place};
use crate::models::packed::Which;
use crate::models::{FIRST_STAGE, Models, STAGES, Table};

/// What decided.
#[derive(Clone, Debug, PartialEq)]
pub enum Evidence {
    /// A word, everywhere it stands in the post.
    Words(Vec<Span>),
    /// The judged object itself, where it stands: how one speaks about it.
    Object(Vec<Span>),
    Sign(Sign),
}

/// One reason for a label.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    pub what: Evidence,
    /// Toward the label when positive, in units of the logarithm of the odds.
    pub weight: f32,
}

/// The reasons for everything said of a mention, the strongest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explanation {
    /// For the tone said.
    pub tone: Vec<Reason>,
    /// For each intent said.
    pub intents: Vec<(Intent, Vec<Reason>)>,
    /// For the stage said, `None` included.
    pub stage: Vec<Reason>,
    pub spam: Vec<Reason>,
}

/// Reasons shown for a label.
const MOST_REASONS: usize = 8;
/// Weaker ones decide nothing.
const WEAKEST: f32 = 0.03;

impl Enricher {
    /// Judges a mention and says why.
    pub fn explain(
        &mut self,
        models: &Models,
        title: &str,
        text: &str,
        language: Option<Language>,
        signs: &PostSigns,
        object: Option<Object<'_>>,
    ) -> Explanation {
        let worked = self.work_out(models, None, (title, text), language, object);
        let judgement = self.judge_worked(models, &worked, signs);
        let tone = match judgement.tone.said {
            Tone::Negative => 0,
            Tone::Neutral => 1,
            Tone::Positive => 2,
        };
        let stage = judgement
            .stage
            .said
            .map_or(STAGES - 1, |stage| Stage::ALL.iter().position(|known| *known == stage).unwrap_or(STAGES - 1));
        let read = (title, text);
        Explanation {
            tone: self.reasons(models, &worked, Head::Tone(tone), read),
            intents: judgement
                .said()
                .map(|intent| (intent, self.reasons(models, &worked, Head::Want(intent as usize), read)))
                .collect(),
            stage: self.reasons(models, &worked, Head::Want(FIRST_STAGE + stage), read),
            spam: self.reasons(models, &worked, Head::Want(Intent::Spam as usize), read),
        }
    }

    fn reasons(&mut self, models: &Models, worked: &Worked, head: Head, (title, text): (&str, &str)) -> Vec<Reason> {
        let mut places = std::mem::take(&mut self.places);
        self.contributions(models, worked, head, &mut places);
        let mut reasons: Vec<(String, Reason)> = Vec::new();
        for ((span, mask), weight) in self.reader.places.iter().zip(&self.reader.masks).zip(&places) {
            let source = if span.in_title { title } else { text };
            let key = match mask {
                Mask::Own => "\0".to_owned(),
                _ => source.get(span.start as usize..span.end as usize).unwrap_or_default().to_lowercase(),
            };
            match reasons.iter_mut().find(|(known, _)| *known == key) {
                Some((_, reason)) => {
                    reason.weight += weight;
                    if let Evidence::Words(spans) | Evidence::Object(spans) = &mut reason.what {
                        spans.push(*span);
                    }
                }
                None => {
                    let spans = vec![*span];
                    let what = if *mask == Mask::Own { Evidence::Object(spans) } else { Evidence::Words(spans) };
                    reasons.push((key, Reason { what, weight: *weight }));
                }
            }
        }
        self.places = places;
        let (Rows { table, .. }, output) = self.rows_of(models, worked, head);
        for seen in self.reader.seen.iter().filter(|seen| seen.from == NOWHERE) {
            let weighed = self.weighed[seen.feature as usize];
            if let Some(sign) = Sign::ALL.get(usize::from(seen.to)) {
                let weight =
                    table.weight(weighed.row, output) * weighed.value + self.learnt_weight(models, head, seen.feature);
                reasons.push((String::new(), Reason { what: Evidence::Sign(*sign), weight }));
            }
        }
        let mut reasons: Vec<Reason> = reasons.into_iter().map(|(_, reason)| reason).collect();
        reasons.retain(|reason| reason.weight.abs() >= WEAKEST);
        reasons.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
        reasons.truncate(MOST_REASONS);
        reasons
    }

    fn rows_of<'m>(&'m self, models: &'m Models, worked: &Worked, head: Head) -> (Rows<'m>, usize) {
        let gathered = |which| Rows::gathered(models, which, &self.inputs.gathered);
        match head {
            Head::Want(output) => (gathered(Which::Wants), output),
            Head::Tone(class) if !worked.cyrillic => (Rows::of(&models.english), class),
            Head::Tone(class) if self.towards_object => (gathered(Which::Object), class),
            Head::Tone(class) => (gathered(Which::General), class),
        }
    }

    /// What people taught of a feature.
    fn learnt_weight(&self, models: &Models, head: Head, feature: u32) -> f32 {
        let Some(correction) = &models.correction else { return 0.0 };
        let Ok(place) = self.whole_features.binary_search(&feature) else { return 0.0 };
        let heard = self.whole_words[place];
        correction.output(head).map_or(0.0, |output| correction.table.weight(heard.row, output) * heard.value)
    }

    /// What each place of the post adds to an output's margin, through the models it listens to as well.
    pub(crate) fn contributions(&self, models: &Models, worked: &Worked, head: Head, places: &mut Vec<f32>) {
        let (rows, output) = self.rows_of(models, worked, head);
        let table = rows.table;
        by_place(rows, Axis { toward: output, away: None }, &self.reader, &self.weighed, places);
        match head {
            Head::Want(_) => {
                // Words that make the tone speak for the wants that go with it.
                let factor = |tone: usize| {
                    let probability = worked.want_inputs[tone];
                    table.dense_weight(tone, output) * probability * (1.0 - probability)
                };
                let (tones, _) = self.rows_of(models, worked, Head::Tone(0));
                add_all_by_place(tones, &[factor(0), 0.0, factor(2)], &self.reader, &self.weighed, places);
            }
            Head::Tone(_) if worked.cyrillic => {
                let heard = table.dense_weight(0, output) * ANSWER_SCALE;
                places.iter_mut().zip(&self.inputs.smiles).for_each(|(place, part)| *place += heard * part);
                add_loudest(table, output, 1, &self.inputs.smiles, places);
                if self.towards_object {
                    let factor = |class| table.dense_weight(GENERAL_INPUTS + class, output) * ANSWER_SCALE;
                    let factors: [f32; 5] = std::array::from_fn(factor);
                    let general = Rows::gathered(models, Which::General, &self.inputs.gathered);
                    add_all_by_place(general, &factors, &self.reader, &self.weighed, places);
                    add_loudest(table, output, GENERAL_INPUTS + 5, &self.inputs.goods, places);
                }
            }
            Head::Tone(_) => {}
        }
        if let Some(correction) = &models.correction
            && let Some(output) = correction.output(head)
        {
            let mut heard = vec![Weighed { row: 0, value: 0.0 }; self.reader.features.len()];
            for (feature, word) in self.whole_features.iter().zip(&self.whole_words) {
                heard[*feature as usize] = *word;
            }
            let (axis, mut part) = (Axis { toward: output, away: None }, Vec::new());
            by_place(Rows::of(&correction.table), axis, &self.reader, &heard, &mut part);
            places.iter_mut().zip(part).for_each(|(place, part)| *place += part);
        }
    }
}

/// The share of each place in the inputs that the loudest words make, which begin at `first`.
fn add_loudest(table: &Table, output: usize, first: usize, part: &[f32], places: &mut [f32]) {
    let weight = |input: usize| table.dense_weight(first + input, output);
    let most = part.iter().copied().fold(0.0_f32, f32::max);
    let least = part.iter().copied().fold(0.0_f32, f32::min);
    let all = part.len();
    for (index, (place, part)) in places.iter_mut().zip(part).enumerate() {
        let mut factor = if *part > 0.0 { weight(0) } else { weight(1) };
        if *part == most {
            factor += weight(2);
        }
        if *part == least {
            factor += weight(3);
        }
        if index + 1 == all {
            factor += weight(LOUDEST - 1);
        }
        *place += factor * part;
    }
}
