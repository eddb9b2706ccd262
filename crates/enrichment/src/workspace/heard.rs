//! What the shipped models say of a post, in units of the logarithm of the odds.

use molva_domain::Language;

use super::parts::{FIRST_INTENT, FIRST_OF_STAGE, OUTPUTS, TONES};
use crate::enricher::Worked;
use crate::models::{FIRST_STAGE, INTENTS, Models, STAGES};

/// Inputs of a correction beside words: two tones against neutral, the intents, five stages against none, three languages, and
/// whether rivals are named.
pub(crate) const DENSE: usize = 2 + INTENTS + STAGES - 1 + 3 + 1;

/// What a correction starts from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heard {
    /// Of tones and stages the logarithms of the probabilities, of wants those of the odds.
    pub(crate) odds: [f32; OUTPUTS],
    /// By which labels are said: the largest of the tones, the largest of the stages, wants from zero on.
    pub(crate) decisions: [f32; OUTPUTS],
    pub(crate) dense: [f32; DENSE],
}

/// Surer than this no model is.
const LEAST: f32 = 0.002;
const MOST_ODDS: f32 = 6.0;

impl Heard {
    pub(crate) fn of(models: &Models, worked: &Worked, general_margins: &[f32; 5]) -> Self {
        let (mut odds, mut decisions) = ([0.0; OUTPUTS], [0.0; OUTPUTS]);
        let logs = |probabilities: &[f32], odds: &mut [f32]| {
            odds.iter_mut().zip(probabilities).for_each(|(odds, probability)| *odds = probability.max(LEAST).ln());
        };
        let tones = &worked.tones;
        logs(&tones.probabilities, &mut odds[..TONES]);
        match tones.general {
            Some((probabilities, _)) if tones.margins == [0.0; TONES] => {
                let mut five = [0.0; 5];
                models.rules.general.decisions(general_margins, &probabilities, &mut five);
                decisions[..TONES].copy_from_slice(&[five[0], five[1].max(five[3]).max(five[4]), five[2]]);
            }
            _ => {
                let rule = if worked.cyrillic { &models.rules.object } else { &models.rules.english };
                rule.decisions(&tones.margins, &tones.probabilities, &mut decisions[..TONES]);
            }
        }
        let rules = if worked.cyrillic { &models.rules.wants_cyrillic } else { &models.rules.wants_latin };
        for (intent, rule) in rules.iter().enumerate().take(INTENTS) {
            let said = (rule.slope * worked.wants[intent] + rule.shift).clamp(-MOST_ODDS, MOST_ODDS);
            let threshold = rule.threshold.clamp(LEAST, 1.0 - LEAST);
            odds[FIRST_INTENT + intent] = said;
            decisions[FIRST_INTENT + intent] = said - (threshold / (1.0 - threshold)).ln();
        }
        let mut stages = [0.0; STAGES];
        let margins = &worked.wants[FIRST_STAGE..];
        models.rules.stage.judge(margins, &mut stages);
        logs(&stages, &mut odds[FIRST_OF_STAGE..]);
        models.rules.stage.decisions(margins, &stages, &mut decisions[FIRST_OF_STAGE..]);
        Self { odds, decisions, dense: dense(&odds, worked.language, worked.rivals) }
    }
}

fn dense(odds: &[f32; OUTPUTS], language: Option<Language>, rivals: bool) -> [f32; DENSE] {
    /// Odds are larger than words.
    const SCALE: f32 = 0.25;
    const SIGN: f32 = 0.5;
    let mut dense = [0.0; DENSE];
    dense[0] = (odds[0] - odds[1]) * SCALE;
    dense[1] = (odds[2] - odds[1]) * SCALE;
    let mut next = 2;
    for odds in &odds[FIRST_INTENT..FIRST_OF_STAGE] {
        dense[next] = odds * SCALE;
        next += 1;
    }
    let none = odds[OUTPUTS - 1];
    for odds in &odds[FIRST_OF_STAGE..OUTPUTS - 1] {
        dense[next] = (odds - none) * SCALE;
        next += 1;
    }
    for known in [Language::RUSSIAN, Language::UKRAINIAN, Language::ENGLISH] {
        dense[next] = if language == Some(known) { SIGN } else { 0.0 };
        next += 1;
    }
    dense[next] = if rivals { SIGN } else { 0.0 };
    dense
}
