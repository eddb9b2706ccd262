//! The five questions, what is understood, and their trust strip. Shares are 0 to 1; what cannot be worked out, because there is nothing to divide by, is
//! null. Every figure is defined in `GET /api/figures`.

pub mod authors;
pub mod figures;
pub mod places;
pub mod rhythm;
pub mod trust;
pub mod understanding;
pub mod volume;
pub mod words;

use molva_insights::Stretch;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::Time;

/// A stretch of time.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskedPeriod {
    /// RFC 3339.
    #[schema(value_type = Time)]
    pub from: String,
    /// RFC 3339, not included.
    #[schema(value_type = Time)]
    pub to: String,
}

/// The stretch of time that was looked at.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Period {
    pub from: Time,
    /// Not included.
    pub to: Time,
}

impl From<Stretch> for Period {
    fn from(stretch: Stretch) -> Self {
        Self { from: stretch.from.into(), to: stretch.before.into() }
    }
}
