//! The models of the workspace: how good they are, what they learnt from, what they were before.

use std::collections::BTreeMap;

use molva_domain::ModelState;
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::judgement::SecondByWord;
use crate::wire::words::{Word, WordList};
use crate::wire::{Id, Time};

/// The models that judge, and what people made of them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ModelPage {
    pub active: ActiveModel,
    /// Mentions that people labelled: `tone`, `intents`, `stage`, `spam`, `relevance`, `story`.
    pub labels: BTreeMap<String, u64>,
    /// On labels that were held out of learning. While the shipped models judge, theirs alone.
    pub scores: Vec<ModelScore>,
    /// Rows: what people said; columns: what the models say; negative, neutral, positive. Of mentions labelled blind, else of those
    /// held out of learning. Null where there are under ten.
    #[schema(required)]
    pub confusion: Option<Vec<Vec<u64>>>,
    pub drift: Drift,
    pub judged: Steps,
    /// The newest first.
    pub history: Vec<PastModel>,
    /// The training that runs.
    #[schema(required)]
    pub training: Option<Steps>,
    pub automatic: AutomaticTraining,
    /// Who is asked again about what the models are not sure of; null: nobody, or another process asks.
    #[schema(required)]
    pub second_opinions: Option<SecondOpinions>,
}

/// Whether the next training begins on its own.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AutomaticTraining {
    pub rest: TrainingRest,
    /// Labels that came since the last training, and how many it takes.
    pub labels: u64,
    pub needed: u64,
    /// Before this time none begins on its own; null: there was none yet.
    #[schema(required)]
    pub not_before: Option<Time>,
}

/// Why no training begins on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TrainingRest {
    /// Nothing keeps it back: one begins within ten minutes.
    Due,
    /// One runs.
    Running,
    /// Too few labels came since the last one.
    TooFewLabels,
    /// The last one was less than a day ago.
    TooSoon,
    /// A person went back to an earlier model: it stays until somebody trains.
    WentBack,
    /// This process does not judge.
    Off,
}

/// Who is asked for second opinions, and what of the day's budget is spent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SecondOpinions {
    pub by: SecondByWord,
    /// The encoder, or the endpoint's model.
    pub name: String,
    /// Mentions asked about in this day (of UTC).
    pub today: u64,
    /// And how many may be.
    pub a_day: u64,
}

/// The models that judge.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ActiveModel {
    /// `0`: the shipped ones.
    pub id: Id,
    pub version: String,
    #[schema(required)]
    pub trained_at: Option<Time>,
    pub base: BaseModel,
}

/// The models that come with Molva.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BaseModel {
    pub version: String,
    /// What they were learnt from, and how good they are: sources with hashes and licences, scores with intervals.
    #[schema(value_type = Object)]
    pub manifest: serde_json::Value,
}

/// How good a head is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ModelScore {
    pub head: ModelHead,
    /// ISO 639-1; null: all languages together.
    #[schema(required)]
    pub language: Option<String>,
    /// Null: all topics together.
    #[schema(required)]
    pub topic_id: Option<Id>,
    /// `macro_f1`, `f1`, `f1:` with the name of an intent, `auc`.
    pub metric: String,
    /// Of the shipped models, 0 to 1; null where they have no such head.
    #[schema(required)]
    pub before: Option<f64>,
    /// With what people taught; null while the shipped models judge.
    #[schema(required)]
    pub after: Option<f64>,
    /// 95 % interval of `after`.
    #[schema(required)]
    pub low: Option<f64>,
    #[schema(required)]
    pub high: Option<f64>,
    /// Labels it was measured on.
    pub examples: u64,
}

/// What is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ModelHead {
    Tone,
    Intents,
    Stage,
    Spam,
    /// Whether a post is about the object of its topic.
    Relevance,
}

/// What the models say week by week.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Drift {
    /// At most twelve, the oldest first; weeks without mentions are left out.
    pub weeks: Vec<DriftWeek>,
}

/// A week of the workspace's time zone. Shares are those of a random sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DriftWeek {
    /// When it begins.
    pub week: Time,
    pub negative: u64,
    pub neutral: u64,
    pub positive: u64,
    /// Those of them whose tone has a probability under 0.6.
    pub unsure: u64,
}

/// How far something is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Steps {
    pub done: u64,
    pub total: u64,
}

/// A model that was learnt.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PastModel {
    pub id: Id,
    pub created_at: Time,
    pub state: ModelStateWord,
    /// Why it was taken or refused.
    #[schema(required)]
    pub reason: Option<String>,
    /// Mean score of the heads that could be measured: of the shipped models, and of this one.
    #[schema(required)]
    pub before: Option<f64>,
    #[schema(required)]
    pub after: Option<f64>,
}

pub type ModelStateWord = Word<ModelState>;

impl WordList for ModelState {
    const NAME: &'static str = "ModelState";
    const ALL: &'static [Self] = Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}
