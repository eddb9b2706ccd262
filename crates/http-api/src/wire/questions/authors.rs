use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::selection::{Incomplete, Selection};

/// By whom?
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorsRequest {
    #[serde(default)]
    pub selection: Selection,
    /// Of each list; 20 when absent.
    #[serde(default = "rows")]
    #[schema(minimum = 1, maximum = 100)]
    pub limit: u32,
}

/// Rows of a list when nobody says how many.
pub(super) const fn rows() -> u32 {
    20
}

/// Who writes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Authors {
    pub mentions: u64,
    /// Different ones.
    pub distinct: u64,
    /// Authors with two mentions or more.
    pub repeat: u64,
    /// What those wrote, of the mentions whose author is known.
    #[schema(required)]
    pub repeat_share: Option<f64>,
    /// Followers of different authors: an upper bound.
    pub potential_reach: u64,
    /// Mentions that name no author.
    pub without: u64,
    /// Most mentions first.
    pub authors: Vec<AuthorRow>,
    /// Most followers first.
    pub loudest: Vec<AuthorRow>,
    #[schema(required)]
    pub incomplete: Option<Incomplete>,
    pub missing: Vec<String>,
}

/// One author, as the newest of the mentions shows them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuthorRow {
    /// What the selection takes.
    pub author: String,
    #[schema(required)]
    pub name: Option<String>,
    #[schema(required)]
    pub handle: Option<String>,
    pub network: String,
    #[schema(required)]
    pub url: Option<String>,
    #[schema(required)]
    pub followers: Option<u64>,
    #[schema(required)]
    pub verified: Option<bool>,
    pub mentions: u64,
    /// Of all mentions of the selection.
    #[schema(required)]
    pub share: Option<f64>,
    pub negative: u64,
    pub neutral: u64,
    pub positive: u64,
    pub unjudged: u64,
}
