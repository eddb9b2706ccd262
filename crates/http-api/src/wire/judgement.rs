//! What machine and people judge of a mention.

use std::collections::BTreeMap;

use molva_domain::{ByPeople, Intent, MachineJudgement, ModelId, Post, SecondBy, Span};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::Id;
use crate::wire::words::{IntentWord, StageWord, ToneWord, Word, WordList};

/// A part of a judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum JudgedPart {
    Tone,
    Intents,
    Stage,
    Spam,
}

impl JudgedPart {
    pub(crate) fn of(by_people: ByPeople) -> Vec<Self> {
        let ByPeople { tone, intents, stage, spam } = by_people;
        [(tone, Self::Tone), (intents, Self::Intents), (stage, Self::Stage), (spam, Self::Spam)]
            .into_iter()
            .filter_map(|(set, part)| set.then_some(part))
            .collect()
    }
}

/// What the machine says of a mention. Scores are calibrated probabilities, 0 to 1, in hundredths.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Machine {
    /// The decision, which need not be the largest score: thresholds are the model's.
    pub tone: ToneWord,
    pub tone_scores: ToneScores,
    /// By name of the intent: those that were decided, and those of 0.05 and more.
    pub intents: BTreeMap<String, f64>,
    /// The intents that were decided; several at once, or none.
    pub decided: Vec<IntentWord>,
    /// Null: at none.
    #[schema(required)]
    pub stage: Option<StageWord>,
    /// Of that stage, or of being at none.
    pub stage_score: f64,
    /// 0.5 and more is spam.
    pub spam: f64,
    /// That the author is a program; null when nothing is known of the author's habits.
    #[schema(required)]
    pub bot: Option<f64>,
    /// The words of the post that say why.
    #[schema(required)]
    pub motive: Option<String>,
    /// That it is about the topic's object at all; null where people have not kept and binned enough for the topic. It is shown and
    /// bins nothing.
    #[schema(required)]
    pub relevance: Option<f64>,
    /// It is a second opinion, which took the place of what the fast models had said; null: it is theirs.
    #[schema(required)]
    pub second: Option<SecondOpinion>,
    /// The model that judged; 0 is the one that Molva comes with.
    pub model_id: Id,
}

/// Where a judgement comes from that is not the fast models' own.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct SecondOpinion {
    pub by: SecondByWord,
    /// The tone that the fast models had said.
    pub first: ToneWord,
}

pub type SecondByWord = Word<SecondBy>;

impl WordList for SecondBy {
    const NAME: &'static str = "SecondBy";
    const ALL: &'static [Self] = Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

/// Probabilities of the tones; they add up to one.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct ToneScores {
    pub negative: f64,
    pub neutral: f64,
    pub positive: f64,
}

impl Machine {
    pub(crate) fn of(judged: &MachineJudgement, model: Option<ModelId>, post: &Post) -> Self {
        let tones = judged.tone_scores;
        let shown = |(intent, score): &(Intent, f32)| *score >= SMALLEST_SHOWN || judged.intents.contains(*intent);
        let scored = Intent::ALL.iter().copied().zip(judged.intent_scores).filter(shown);
        Self {
            tone: Word(judged.tone),
            tone_scores: ToneScores {
                negative: score(tones.negative),
                neutral: score(tones.neutral),
                positive: score(tones.positive),
            },
            intents: scored.map(|(intent, own)| (intent.to_string(), score(own))).collect(),
            decided: judged.intents.iter().map(Word).collect(),
            stage: judged.stage.map(Word),
            stage_score: score(judged.stage_score),
            spam: score(judged.spam),
            bot: judged.bot.map(score),
            motive: judged.motive.and_then(|span| words_of(span, post)),
            relevance: judged.relevance.map(score),
            second: judged.second.map(|second| SecondOpinion { by: Word(second.by), first: Word(second.first) }),
            model_id: Id::of(model.unwrap_or(ModelId(0))),
        }
    }
}

/// Intents that were not decided are shown from here on.
const SMALLEST_SHOWN: f32 = 0.05;

/// The words at a place of a post; `None` when the post has changed and has none there.
pub(crate) fn words_of(span: Span, post: &Post) -> Option<String> {
    let text = if span.in_title { post.title.as_deref()? } else { post.text.as_str() };
    let words = text.get(span.start as usize..span.end as usize)?.trim();
    (!words.is_empty()).then(|| words.to_owned())
}

/// Thousandths, so that JSON shows no more digits than are known.
pub(crate) fn score(score: f32) -> f64 {
    (f64::from(score) * 1000.0).round() / 1000.0
}

/// The story a mention belongs to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MentionStory {
    pub id: Id,
    /// How many posts tell it.
    pub posts: u64,
}

#[cfg(test)]
mod tests {
    use molva_domain::{Timestamp, Urn};

    use super::*;

    #[test]
    fn the_machines_word_is_shown_with_the_words_that_say_why() {
        let at = Timestamp::from_secs(0);
        let post = Post::new(Urn::new("urn:smm:x:post:1"), "x", "Опять нет связи".to_owned(), at, at);
        let judged = MachineJudgement::from_compact("t-71,20,9 iC83h40 sv60 x2 mx11-28 oe=").expect("a judgement");
        let machine = serde_json::to_value(Machine::of(&judged, Some(ModelId(7)), &post)).expect("JSON");
        let expected = serde_json::json!({
            "tone": "negative", "tone_scores": {"negative": 0.71, "neutral": 0.2, "positive": 0.09},
            "intents": {"complaint": 0.83, "help": 0.4}, "decided": ["complaint"], "stage": "service", "stage_score": 0.6,
            "spam": 0.02, "bot": null, "motive": "нет связи", "relevance": null, "second": {"by": "encoder", "first": "neutral"}, "model_id": "7",
        });
        assert_eq!(machine, expected);
        let elsewhere = MachineJudgement::from_compact("t-71,20,9 mx12-280").expect("a judgement");
        assert_eq!(Machine::of(&elsewhere, None, &post).motive, None);
    }
}
