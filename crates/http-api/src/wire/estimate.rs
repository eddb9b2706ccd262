//! What shares truly are, as far as mentions that people labelled blind can tell.

use molva_insights::estimate::{self, Method};
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::words::{Word, WordList};

/// A corrected value and where the true one lies in 95 cases of 100. Shares are 0 to 1, net sentiment is -100 to +100.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Estimate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
    /// Labelled mentions it rests on.
    pub audited: u64,
    /// Part of the mentions that lies in weeks that were labelled; the machine is taken to err in the others as it does in these.
    pub covered: f64,
    pub method: MethodWord,
}

/// Estimates of tones; each is null where too few mentions were labelled.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct ToneEstimates {
    #[schema(required)]
    pub negative: Option<Estimate>,
    #[schema(required)]
    pub neutral: Option<Estimate>,
    #[schema(required)]
    pub positive: Option<Estimate>,
    /// -100 to +100, of all mentions.
    #[schema(required)]
    pub net_sentiment: Option<Estimate>,
}

impl From<estimate::Estimate> for Estimate {
    fn from(estimate: estimate::Estimate) -> Self {
        let estimate::Estimate { value, low, high, audited, covered, method } = estimate;
        Self { value, low, high, audited, covered, method: Word(method) }
    }
}

impl Estimate {
    /// In hundredths.
    pub(crate) fn in_points(self) -> Self {
        Self { value: self.value * 100.0, low: self.low * 100.0, high: self.high * 100.0, ..self }
    }
}

pub type MethodWord = Word<Method>;

impl WordList for Method {
    const NAME: &'static str = "EstimateMethod";
    const ALL: &'static [Self] = &Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}
