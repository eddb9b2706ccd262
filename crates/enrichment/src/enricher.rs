//! Judges a mention.

use molva_domain::{Intent, Language, Stage, Tone};
use molva_text::Analysis;

use crate::features::{Mask, Reader, Weighed};
use crate::judgement::{Judgement, Object, PostSigns, Span, StageScores, ToneScores};
use crate::models::inputs::Inputs;
use crate::models::tones::{Tones, is_cyrillic};
use crate::models::{FIRST_STAGE, INTENTS, Models, OTHER, STAGES, WANTS};
use crate::slow::Second;
use crate::workspace::{DENSE, Heard};

/// The probability of a program's post when the network says that it is one.
const SAID_TO_BE_A_BOT: f32 = 0.98;
/// What stars of a review add to the logarithm of the odds of its tone. A rule, not learnt: no labelled reviews are at hand.
const STARS: [[f32; 3]; 5] = [[3.0, 0.0, -2.0], [2.0, 0.0, -1.0], [0.5, 1.0, 0.0], [-1.0, 0.0, 2.0], [-2.0, 0.0, 3.0]];

/// Judges one mention after the other; its memory is reused. One for each thread.
#[derive(Default)]
pub struct Enricher {
    pub(crate) reader: Reader,
    pub(crate) weighed: Vec<Weighed>,
    pub(crate) inputs: Inputs,
    pub(crate) places: Vec<f32>,
    pub(crate) towards_object: bool,
    /// What a workspace's correction hears of the post: its words, and what the shipped models say of it.
    pub(crate) whole_words: Vec<Weighed>,
    /// The features that they are.
    pub(crate) whole_features: Vec<u32>,
    pub(crate) dense: [f32; DENSE],
}

/// What was worked out of a post on the way to its judgement.
pub(crate) struct Worked {
    pub(crate) cyrillic: bool,
    pub(crate) tones: Tones,
    pub(crate) want_inputs: [f32; crate::models::inputs::WANT_INPUTS],
    pub(crate) wants: [f32; WANTS],
    pub(crate) language: Option<Language>,
    /// Whether rivals of the object are named.
    pub(crate) rivals: bool,
}

impl Enricher {
    /// Judges a mention. Any text will do, of any length: long ones are read around the object, else from their beginning.
    pub fn judge(
        &mut self,
        models: &Models,
        title: &str,
        text: &str,
        language: Option<Language>,
        signs: &PostSigns,
        object: Option<Object<'_>>,
    ) -> Judgement {
        let worked = self.work_out(models, None, (title, text), language, object);
        self.judge_worked(models, &worked, signs)
    }

    /// The same of a title and text that were cut into tokens already, by `analysis`.
    pub fn judge_analysed(
        &mut self,
        models: &Models,
        analysis: &Analysis,
        words: (&str, &str),
        language: Option<Language>,
        signs: &PostSigns,
        object: Option<Object<'_>>,
    ) -> Judgement {
        let worked = self.work_out(models, Some(analysis), words, language, object);
        self.judge_worked(models, &worked, signs)
    }

    /// As [`Enricher::judge`], with heads that know better about some of it.
    pub(crate) fn judge_again(
        &mut self,
        models: &Models,
        second: &Second<'_>,
        words: (&str, &str),
        language: Option<Language>,
        signs: &PostSigns,
        object: Option<Object<'_>>,
    ) -> Judgement {
        let mut worked = self.work_out(models, None, words, language, object);
        // The words are weighed for wants here, those addressed among them.
        let wants: Vec<_> = second.wants(&self.weighed, &worked.want_inputs, worked.cyrillic).collect();
        self.reader.weigh(&models.idf, &mut self.weighed);
        let which = (worked.cyrillic, object.is_some());
        second.tones(&self.reader, &self.weighed, &self.inputs, which, &mut worked.tones);
        self.reader.weigh_handles(&models.idf, &mut self.weighed);
        self.say(models, &worked, signs, &wants)
    }

    pub(crate) fn judge_worked(&mut self, models: &Models, worked: &Worked, signs: &PostSigns) -> Judgement {
        self.say(models, worked, signs, &[])
    }

    /// What is said of a post that was worked out. `better` are intents of which somebody knows more, with their probability and
    /// whether they are said; what a workspace teaches is heard after that.
    fn say(
        &mut self,
        models: &Models,
        worked: &Worked,
        signs: &PostSigns,
        better: &[(Intent, f32, bool)],
    ) -> Judgement {
        let rules = if worked.cyrillic { &models.rules.wants_cyrillic } else { &models.rules.wants_latin };
        let mut intents = [0.0; INTENTS];
        let mut intents_said = 0;
        for (intent, rule) in rules.iter().enumerate().take(INTENTS) {
            intents[intent] = rule.probability(worked.wants[intent]);
            intents_said |= u16::from(intents[intent] >= rule.threshold) << intent;
        }
        for (intent, probability, said) in better {
            let bit = *intent as u16;
            intents[*intent as usize] = *probability;
            intents_said = intents_said & !(1 << bit) | u16::from(*said) << bit;
        }
        let mut stages = [0.0; STAGES];
        let mut stage = models.rules.stage.judge(&worked.wants[FIRST_STAGE..], &mut stages);
        let mut tone = worked.tones.scores();
        if let Some(correction) = &models.correction {
            let heard = self.hear(models, worked);
            let answer = correction.judge(&self.whole_words, &heard);
            answer.overrule(&mut tone, &mut intents, &mut intents_said, &mut stages, &mut stage);
        }
        if let Some(stars) = signs.rating {
            tone = with_stars(tone, stars);
        }
        let mut scores = [0.0; Stage::ALL.len()];
        scores.copy_from_slice(&stages[..Stage::ALL.len()]);
        let mut judgement = Judgement {
            tone,
            text_tone: worked.tones.text(),
            intents,
            other: rules[OTHER].probability(worked.wants[OTHER]),
            intents_said,
            stage: StageScores { scores, none: stages[STAGES - 1], said: Stage::ALL.get(stage).copied() },
            spam: intents[Intent::Spam as usize],
            advert: intents[Intent::Advert as usize],
            bot: signs.bot.map(|bot| if bot { SAID_TO_BE_A_BOT } else { intents[Intent::Spam as usize] * 0.5 }),
            motive: None,
        };
        judgement.motive = self.motive(models, worked, &judgement);
        judgement
    }

    /// How likely the post just judged is about the object of a topic, by what its people kept and binned. `None` where they have
    /// not taught it.
    #[must_use]
    pub fn relevance(&self, models: &Models, topic: i64) -> Option<f32> {
        models.correction.as_ref()?.relevance(topic, &self.whole_words, &self.dense)
    }

    /// What a workspace's correction hears of a post that was worked out.
    pub(crate) fn hear(&mut self, models: &Models, worked: &Worked) -> Heard {
        self.reader.weigh_whole_words(&models.idf, &mut self.whole_features, &mut self.whole_words);
        let heard = Heard::of(models, worked, &self.inputs.general);
        self.dense = heard.dense;
        heard
    }

    pub(crate) fn work_out(
        &mut self,
        models: &Models,
        analysis: Option<&Analysis>,
        (title, text): (&str, &str),
        language: Option<Language>,
        object: Option<Object<'_>>,
    ) -> Worked {
        let cyrillic = is_cyrillic(if text.is_empty() { title } else { text }, language);
        let rivals = object.is_some_and(|object| !object.others.is_empty());
        self.reader.read_analysed(analysis, (title, text), cyrillic, object);
        models.weigh(&self.reader, cyrillic, &mut self.weighed, &mut self.inputs);
        let mut tones = models.tones(&self.reader, &self.weighed, &mut self.inputs, cyrillic, object.is_some(), None);
        self.reader.weigh_handles(&models.idf, &mut self.weighed);
        let want_inputs = tones.want_inputs();
        let mut wants = [0.0; WANTS];
        if models.packed.is_some() {
            wants = self.inputs.gathered.wants(&self.weighed);
            models.wants.finish(&want_inputs, &mut wants);
        } else {
            models.wants.margins(&self.weighed, &want_inputs, &mut wants);
        }
        // The model of objects learnt from Russian alone, that of texts from Ukrainian too: where no rival is named, it knows better.
        self.towards_object = object.is_some() && (rivals || language != Some(Language::UKRAINIAN));
        if !self.towards_object {
            tones.take_the_text();
        }
        Worked { cyrillic, tones, want_inputs, wants, language, rivals }
    }

    /// The stretch of at most six words that speaks loudest for what is felt or, where nothing is, wanted.
    fn motive(&mut self, models: &Models, worked: &Worked, judgement: &Judgement) -> Option<Span> {
        const LONGEST: usize = 6;
        let wanted = judgement.said().find(|intent| !matches!(intent, Intent::News | Intent::Advert | Intent::Spam));
        let head = match (judgement.tone.said, wanted) {
            (Tone::Neutral, None) => return None,
            (Tone::Neutral, Some(intent)) => Head::Want(intent as usize),
            (tone, _) => Head::Tone(if tone == Tone::Negative { 0 } else { 2 }),
        };
        let mut places = std::mem::take(&mut self.places);
        self.contributions(models, worked, head, &mut places);
        let spans = &self.reader.places;
        let mut best: Option<(f32, Span)> = None;
        for from in 0..places.len() {
            let mut sum = 0.0;
            for to in from..places.len().min(from + LONGEST) {
                if spans[to].in_title != spans[from].in_title || self.reader.masks[to] != Mask::None {
                    break;
                }
                sum += places[to];
                // Of two stretches that say the same, the shorter one.
                let worth = sum - 0.01 * (to - from) as f32;
                if worth > best.map_or(0.0, |(worth, _)| worth) {
                    best = Some((worth, Span { end: spans[to].end, ..spans[from] }));
                }
            }
        }
        self.places = places;
        best.map(|(_, span)| span)
    }
}

/// An output whose reasons are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Head {
    /// 0 negative, 1 neutral, 2 positive.
    Tone(usize),
    /// An output of the table of wants.
    Want(usize),
}

fn with_stars(tone: ToneScores, stars: u8) -> ToneScores {
    let shift = STARS[usize::from(stars.clamp(1, 5)) - 1];
    let mut odds = [tone.negative, tone.neutral, tone.positive];
    odds.iter_mut().zip(shift).for_each(|(odds, shift)| *odds *= shift.exp());
    let sum: f32 = odds.iter().sum();
    let [negative, neutral, positive] = odds.map(|odds| odds / sum);
    let said = if negative > neutral && negative > positive {
        Tone::Negative
    } else if positive > neutral {
        Tone::Positive
    } else {
        Tone::Neutral
    };
    ToneScores { negative, neutral, positive, said }
}
