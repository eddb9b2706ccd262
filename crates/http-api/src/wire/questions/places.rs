use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::estimate::ToneEstimates;
use crate::wire::selection::{Incomplete, Selection};

/// Where?
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlacesRequest {
    #[serde(default)]
    pub selection: Selection,
    /// Of each list; 20 when absent.
    #[serde(default = "super::authors::rows")]
    #[schema(minimum = 1, maximum = 100)]
    pub limit: u32,
}

/// Where it was said, and where those who said it live, as they state it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Places {
    pub mentions: u64,
    /// Of all mentions, corrected by those that people labelled blind; null where these are too few.
    #[schema(required)]
    pub estimates: Option<ToneEstimates>,
    pub networks: PlaceList,
    pub sites: PlaceList,
    pub communities: PlaceList,
    pub countries: PlaceList,
    pub regions: PlaceList,
    pub cities: PlaceList,
    #[schema(required)]
    pub incomplete: Option<Incomplete>,
    pub missing: Vec<String>,
}

/// Places of one sort, most mentions first.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct PlaceList {
    pub values: Vec<Place>,
    /// Different ones, shown or not.
    pub distinct: u64,
    /// Mentions of those that are not shown.
    pub others: u64,
    /// Mentions of which the place is not known.
    pub without: u64,
}

/// One place.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Place {
    /// What the selection takes.
    pub value: String,
    /// What people read.
    pub label: String,
    pub mentions: u64,
    /// Of all mentions of the selection.
    #[schema(required)]
    pub share: Option<f64>,
    pub negative: u64,
    pub neutral: u64,
    pub positive: u64,
    pub unjudged: u64,
    /// Followers summed over mentions: a weight.
    pub reach: u64,
}
