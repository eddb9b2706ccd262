//! What the model says of a mention, and the short text storage keeps of it.

use std::fmt::Write as _;

use super::{Intent, Intents, SecondBy, Span, Stage};
use crate::mention::Tone;

/// Probabilities of the tones; they add up to one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ToneScores {
    pub negative: f32,
    pub neutral: f32,
    pub positive: f32,
}

impl ToneScores {
    #[must_use]
    pub const fn of(self, tone: Tone) -> f32 {
        match tone {
            Tone::Negative => self.negative,
            Tone::Neutral => self.neutral,
            Tone::Positive => self.positive,
        }
    }
}

/// The machine's judgement of a mention. Scores are calibrated probabilities, 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct MachineJudgement {
    /// The decision, which need not be the largest score: thresholds are the model's.
    pub tone: Tone,
    pub tone_scores: ToneScores,
    /// The decision, several at once or none.
    pub intents: Intents,
    /// In the order of [`Intent::ALL`].
    pub intent_scores: [f32; Intent::ALL.len()],
    pub stage: Option<Stage>,
    /// Of the stage that was decided; of "at no stage" when that was.
    pub stage_score: f32,
    /// 0.5 and more is spam.
    pub spam: f32,
    /// `None`: nothing is known of the author's habits.
    pub bot: Option<f32>,
    /// The words that say why.
    pub motive: Option<Span>,
    /// That it is about the topic's object at all; `None` where people have not taught the topic.
    pub relevance: Option<f32>,
    /// It is a second opinion; `None`: the fast models' own.
    pub second: Option<Second>,
}

/// Where a judgement comes from that took the place of the fast models'.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Second {
    pub by: SecondBy,
    /// What the fast models had said.
    pub first: Tone,
}

/// Intents whose score is smaller are not kept, unless they were decided.
pub const SMALLEST_KEPT_SCORE: f32 = 0.05;

/// One letter for each of [`Intent::ALL`].
const INTENT_LETTERS: [char; Intent::ALL.len()] = ['c', 'h', 'q', 'i', 'p', 'b', 'l', 'n', 'a', 's'];
/// One letter for each of [`Stage::ALL`].
const STAGE_LETTERS: [char; Stage::ALL.len()] = ['s', 'b', 'u', 'v', 'l'];
/// One letter for each of [`SecondBy::ALL`].
const SECOND_LETTERS: [char; SecondBy::ALL.len()] = ['e', 'c'];
/// One sign for each of [`Tone::ALL`].
const TONE_SIGNS: [char; Tone::ALL.len()] = ['-', '=', '+'];

impl MachineJudgement {
    /// Everything in about thirty bytes, scores as whole percents: `t-71,20,9 iC83h40 sv60 x2 b10 mx12-40` is a negative tone
    /// (percents of negative, neutral, positive), a complaint (large: decided) with some signs of a call for help, the stage
    /// of service, spam, bot, and the motive at bytes 12 to 40 of the text (`mt`: of the title); `r83` behind it is the relevance,
    /// `oe=` says that an encoder judged what the fast models had called neutral.
    #[must_use]
    pub fn to_compact(&self) -> String {
        let mut text = String::with_capacity(48);
        let ToneScores { negative, neutral, positive } = self.tone_scores;
        // Writing to a `String` cannot fail.
        let _ = write!(
            text,
            "t{}{},{},{}",
            TONE_SIGNS[self.tone as usize],
            percent(negative),
            percent(neutral),
            percent(positive)
        );
        let mut begun = false;
        for (intent, score) in Intent::ALL.iter().copied().zip(self.intent_scores) {
            let decided = self.intents.contains(intent);
            if decided || score >= SMALLEST_KEPT_SCORE {
                let letter = INTENT_LETTERS[intent as usize];
                let letter = if decided { letter.to_ascii_uppercase() } else { letter };
                let _ = write!(text, "{}{letter}{}", if begun { "" } else { " i" }, percent(score));
                begun = true;
            }
        }
        if self.stage.is_some() || percent(self.stage_score) > 0 {
            let letter = self.stage.map_or('-', |stage| STAGE_LETTERS[stage as usize]);
            let _ = write!(text, " s{letter}{}", percent(self.stage_score));
        }
        // Rounded down, so that what is no spam stays none.
        let _ = write!(text, " x{}", (self.spam.clamp(0.0, 1.0) * 100.0 + 0.001).floor());
        if let Some(bot) = self.bot {
            let _ = write!(text, " b{}", percent(bot));
        }
        if let Some(span) = self.motive {
            let _ = write!(text, " m{span}");
        }
        if let Some(relevance) = self.relevance {
            let _ = write!(text, " r{}", percent(relevance));
        }
        if let Some(Second { by, first }) = self.second {
            let _ = write!(text, " o{}{}", SECOND_LETTERS[by as usize], TONE_SIGNS[first as usize]);
        }
        text
    }

    /// Reads [`Self::to_compact`]; parts that cannot be read are left out, `None` when there is no tone.
    #[must_use]
    pub fn from_compact(text: &str) -> Option<Self> {
        let mut judgement = Self {
            tone: Tone::Neutral,
            tone_scores: ToneScores::default(),
            intents: Intents::EMPTY,
            intent_scores: [0.0; Intent::ALL.len()],
            stage: None,
            stage_score: 0.0,
            spam: 0.0,
            bot: None,
            motive: None,
            relevance: None,
            second: None,
        };
        let mut has_tone = false;
        for part in text.split(' ') {
            let mut letters = part.chars();
            let kind = letters.next();
            let rest = letters.as_str();
            match kind {
                Some('t') => has_tone = judgement.read_tone(rest).is_some(),
                Some('i') => judgement.read_intents(rest),
                Some('s') => {
                    let letter = letters.next();
                    let place = STAGE_LETTERS.iter().position(|known| Some(*known) == letter);
                    judgement.stage = place.and_then(|place| Stage::ALL.get(place).copied());
                    judgement.stage_score = share(letters.as_str()).unwrap_or(0.0);
                }
                Some('x') => judgement.spam = share(rest).unwrap_or(0.0),
                Some('b') => judgement.bot = share(rest),
                Some('m') => judgement.motive = Span::parse(rest),
                Some('r') => judgement.relevance = share(rest),
                Some('o') => judgement.second = read_second(rest),
                _ => {}
            }
        }
        has_tone.then_some(judgement)
    }

    /// As it comes back from [`Self::to_compact`].
    #[must_use]
    pub fn rounded(&self) -> Self {
        Self::from_compact(&self.to_compact()).unwrap_or_else(|| self.clone())
    }

    fn read_tone(&mut self, text: &str) -> Option<()> {
        let sign = text.chars().next()?;
        self.tone = *Tone::ALL.get(TONE_SIGNS.iter().position(|known| *known == sign)?)?;
        let mut scores = text.get(1..)?.split(',').map(|score| share(score).unwrap_or(0.0));
        let mut next = || scores.next().unwrap_or(0.0);
        let (negative, neutral, positive) = (next(), next(), next());
        let sum = (negative + neutral + positive).max(f32::EPSILON);
        self.tone_scores = ToneScores { negative: negative / sum, neutral: neutral / sum, positive: positive / sum };
        Some(())
    }

    fn read_intents(&mut self, text: &str) {
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let (score, behind) = rest.split_at(digits);
            rest = behind;
            let Some(place) = INTENT_LETTERS.iter().position(|known| *known == letter.to_ascii_lowercase()) else {
                continue;
            };
            self.intent_scores[place] = share(score).unwrap_or(0.0);
            if letter.is_ascii_uppercase() {
                self.intents = self.intents.with(Intent::ALL[place]);
            }
        }
    }
}

fn read_second(text: &str) -> Option<Second> {
    let mut letters = text.chars();
    let by = place(&SECOND_LETTERS, letters.next()?)?;
    let first = place(&TONE_SIGNS, letters.next()?)?;
    Some(Second { by: *SecondBy::ALL.get(by)?, first: *Tone::ALL.get(first)? })
}

fn place(letters: &[char], letter: char) -> Option<usize> {
    letters.iter().position(|known| *known == letter)
}

/// Whole percents; not a number is nothing.
fn percent(score: f32) -> u8 {
    (score.clamp(0.0, 1.0) * 100.0).round() as u8
}

fn share(percent: &str) -> Option<f32> {
    percent.parse::<u8>().ok().map(|percent| f32::from(percent.min(100)) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judgement() -> MachineJudgement {
        let mut intent_scores = [0.0; Intent::ALL.len()];
        intent_scores[Intent::Complaint as usize] = 0.831;
        intent_scores[Intent::Help as usize] = 0.4;
        intent_scores[Intent::Spam as usize] = 0.049;
        MachineJudgement {
            tone: Tone::Negative,
            tone_scores: ToneScores { negative: 0.708, neutral: 0.2, positive: 0.092 },
            intents: Intents::EMPTY.with(Intent::Complaint),
            intent_scores,
            stage: Some(Stage::Service),
            stage_score: 0.6,
            spam: 0.4999,
            bot: Some(0.1),
            motive: Some(Span { in_title: false, start: 12, end: 40 }),
            relevance: Some(0.834),
            second: Some(Second { by: SecondBy::Endpoint, first: Tone::Positive }),
        }
    }

    #[test]
    fn a_judgement_survives_its_short_form_but_for_rounding() {
        assert_eq!(judgement().to_compact(), "t-71,20,9 iC83h40 sv60 x49 b10 mx12-40 r83 oc+");
        let rounded = judgement().rounded();
        let mut expected = judgement();
        expected.tone_scores = ToneScores { negative: 0.71, neutral: 0.2, positive: 0.09 };
        expected.intent_scores[Intent::Complaint as usize] = 0.83;
        expected.intent_scores[Intent::Spam as usize] = 0.0;
        expected.spam = 0.49;
        expected.relevance = Some(0.83);
        assert_eq!(rounded, expected);
        assert_eq!(rounded.rounded(), rounded);
    }

    #[test]
    fn every_percent_of_spam_comes_back_as_it_was() {
        for percent in 0..=100_u8 {
            let judgement = MachineJudgement { spam: f32::from(percent) / 100.0, ..judgement() }.rounded();
            assert_eq!(judgement.rounded().spam, f32::from(percent) / 100.0);
        }
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        assert_eq!(MachineJudgement::from_compact(""), None);
        assert_eq!(MachineJudgement::from_compact("x99"), None);
        let read = MachineJudgement::from_compact("t+0,0,100 iЖ5Q70z s?3 x900 mq oe? z").expect("a tone");
        assert_eq!((read.tone, read.intents), (Tone::Positive, Intents::EMPTY.with(Intent::Question)));
        assert_eq!((read.stage, read.spam, read.motive, read.second), (None, 0.0, None, None));
    }

    #[test]
    fn no_two_letters_are_the_same() {
        let different = |letters: &[char]| letters.iter().collect::<std::collections::HashSet<_>>().len();
        assert_eq!(different(&INTENT_LETTERS), Intent::ALL.len());
        assert_eq!(different(&STAGE_LETTERS), Stage::ALL.len());
        assert_eq!(different(&SECOND_LETTERS), SecondBy::ALL.len());
    }
}
