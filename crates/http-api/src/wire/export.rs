//! Exports: what is written into a file, and the ticket to fetch it with.

use molva_exports::Format;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::questions::AskedPeriod;
use crate::wire::questions::rhythm::UnitWord;
use crate::wire::selection::{Incomplete, Selection};

/// A file to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportRequest {
    pub what: ExportContent,
    #[serde(default)]
    pub selection: Selection,
    pub format: ExportFormat,
    /// Of `rhythm`, as there.
    #[serde(default)]
    pub unit: Option<UnitWord>,
    /// Of `rhythm` and `volume` the compared period, of `words` the baseline, as there.
    #[serde(default)]
    pub compare: Option<AskedPeriod>,
}

/// Where the file can be fetched.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExportTicket {
    pub id: String,
    /// Fetch it within 15 minutes, as the same person or with the same token; it may be fetched again.
    pub url: String,
    pub file_name: String,
    /// Rows to expect; mentions may come and go until the file is fetched.
    #[schema(required)]
    pub rows: Option<u64>,
    /// The archive is still being filled: the file will lack what is not in; null when all is in.
    #[schema(required)]
    pub incomplete: Option<Incomplete>,
    /// Months that cannot be read just now and will be missing, `2026-03`.
    pub missing: Vec<String>,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExportContent {
    Mentions,
    Rhythm,
    Places,
    Authors,
    Words,
    Volume,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    Csv,
    Xlsx,
    /// JSON lines.
    Jsonl,
    Parquet,
}

impl ExportContent {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Mentions => "mentions",
            Self::Rhythm => "rhythm",
            Self::Places => "places",
            Self::Authors => "authors",
            Self::Words => "words",
            Self::Volume => "volume",
        }
    }
}

impl From<ExportFormat> for Format {
    fn from(format: ExportFormat) -> Self {
        match format {
            ExportFormat::Csv => Self::Csv,
            ExportFormat::Xlsx => Self::Xlsx,
            ExportFormat::Jsonl => Self::Jsonl,
            ExportFormat::Parquet => Self::Parquet,
        }
    }
}
