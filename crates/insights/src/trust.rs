//! How far the figures of a selection can be trusted.

use serde::Serialize;

/// The trust strip in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Score {
    /// What can be known is in.
    Good,
    /// Something is missing; the reasons say what.
    Some,
    /// Too much is missing to rely on the figures.
    Poor,
}

impl Score {
    pub const ALL: [Self; 3] = [Self::Good, Self::Some, Self::Poor];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Some => "some",
            Self::Poor => "poor",
        }
    }
}
