//! The labelling game: mentions drawn at random, labelled blind.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::post::Span;
use crate::wire::words::{IntentWord, StageWord, ToneWord};
use crate::wire::{Id, Time};

/// How far the labelling is, and what came of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Labelling {
    /// The round that is being labelled; null when there is nothing to label.
    #[schema(required)]
    pub round: Option<Round>,
    /// Weeks in a row, up to this or the last one, in which the caller labelled.
    pub streak_weeks: u32,
    /// What is left of the round for the caller, at the pace of their last answers.
    pub minutes_estimate: u32,
    pub agreement: Agreement,
    /// The newest first, at most 12.
    pub history: Vec<LabelledWeek>,
}

/// A stretch of time, mostly a week of the workspace's time zone, whose mentions were drawn from.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Round {
    pub id: Id,
    pub from: Time,
    /// Not included.
    pub to: Time,
    /// Mentions that were drawn.
    pub size: u64,
    /// Answered or skipped by the caller.
    pub answered_by_me: u64,
    /// Answered by somebody.
    pub answered: u64,
    /// Answered by two people.
    pub double: u64,
}

/// Cohen's kappa over mentions of the last 12 rounds that two people labelled: 1 is full agreement, 0 what chance would give. Null
/// where nobody did, or everybody always said the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Agreement {
    /// Mentions that two people labelled.
    pub mentions: u64,
    #[schema(required)]
    pub tone: Option<f64>,
    /// Of every intent's yes or no.
    #[schema(required)]
    pub intents: Option<f64>,
    #[schema(required)]
    pub stage: Option<f64>,
    #[schema(required)]
    pub spam: Option<f64>,
    /// Whether it is about the object at all.
    #[schema(required)]
    pub relevant: Option<f64>,
}

/// A round that was labelled.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LabelledWeek {
    /// When it begins.
    pub week: Time,
    /// Not included.
    pub to: Time,
    pub size: u64,
    pub answered: u64,
    /// Null under ten answers.
    #[schema(required)]
    pub accuracy_of_model: Option<Accuracy>,
}

/// How often the machine said what people say, of all mentions of the round: each label weighs what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Accuracy {
    /// 0 to 1.
    pub tone: f64,
}

/// A mention to label. What machine or people said of it is not told.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ToLabel {
    pub audit_id: Id,
    pub mention_id: Id,
    pub mention: Blind,
    pub object: LabelledObject,
    /// Where the topic's query matched.
    pub spans: Vec<Span>,
}

/// What is needed to judge a mention.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Blind {
    #[schema(required)]
    pub title: Option<String>,
    pub text: String,
    pub network: String,
    pub published_at: Time,
    /// ISO 639-1.
    #[schema(required)]
    pub language: Option<String>,
    /// The original.
    #[schema(required)]
    pub url: Option<String>,
}

/// What the judgement is about.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LabelledObject {
    pub topic_id: Id,
    pub name: String,
}

/// What somebody says of a mention: a whole judgement, or that they skip it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelAnswer {
    /// Towards the object. Needed unless it is skipped; neutral when left out of spam or of what is not about the object.
    #[serde(default)]
    pub tone: Option<ToneWord>,
    /// Several at once, or none.
    #[serde(default)]
    pub intents: Vec<IntentWord>,
    /// Null: at none.
    #[serde(default)]
    pub stage: Option<StageWord>,
    #[serde(default)]
    pub spam: bool,
    /// It is about the object at all.
    #[serde(default = "yes")]
    pub relevant: bool,
    /// The person cannot tell; the rest does not count.
    #[serde(default)]
    pub skipped: bool,
    /// From being shown to being answered; an hour at most counts.
    pub seconds: u32,
}

const fn yes() -> bool {
    true
}
