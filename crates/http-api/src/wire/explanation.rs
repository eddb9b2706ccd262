//! Why the machine judges a mention as it does.

use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::words::{IntentWord, StageWord, ToneWord};
use crate::wire::{Id, Span};

/// What decided, the strongest first. The active model says it now: `mention.machine` may be of an older one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Explanation {
    pub tone: ToneReasons,
    /// Those that the machine decided; several at once, or none.
    pub intents: Vec<IntentReasons>,
    /// Null: at no stage.
    #[schema(required)]
    pub stage: Option<StageReasons>,
    pub spam: SpamReasons,
    /// The words of the post that say why its author writes.
    #[schema(required)]
    pub motive: Option<String>,
    /// Where they stand.
    pub motive_spans: Vec<Span>,
    pub model: ExplainingModel,
}

/// Scores are probabilities, 0 to 1.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ToneReasons {
    pub label: ToneWord,
    pub score: f64,
    pub reasons: Vec<Reason>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IntentReasons {
    pub intent: IntentWord,
    pub score: f64,
    pub reasons: Vec<Reason>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StageReasons {
    pub stage: StageWord,
    pub score: f64,
    pub reasons: Vec<Reason>,
}

/// For spam, whether it was decided or not: weights below zero speak against it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SpamReasons {
    pub score: f64,
    pub reasons: Vec<Reason>,
}

/// Something that spoke for a label, or against it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reason {
    pub kind: ReasonKind,
    /// The words, or the sign in the reader's language.
    pub text: String,
    /// Where the words stand in the post; none of a sign.
    pub spans: Vec<Span>,
    /// The sign's name, for programs; null of words.
    #[schema(required)]
    pub sign: Option<String>,
    /// Toward the label above zero, against it below; in logarithms of the odds.
    pub weight: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReasonKind {
    /// A word of the post; of the topic's object itself, how one speaks about it.
    Words,
    /// What the post shows beside its words.
    Sign,
}

/// The model that was asked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExplainingModel {
    /// 0 is the one that Molva comes with.
    pub id: Id,
    pub version: String,
}
