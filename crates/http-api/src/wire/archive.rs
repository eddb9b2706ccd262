//! The archive that search and figures read.

use molva_archive::Damage;
use molva_pipeline::{ArchiveStatus as Status, Progress};
use serde::Serialize;
use utoipa::ToSchema;

/// How the archive is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ArchiveStatus {
    /// That can be found.
    pub mentions: u64,
    /// Changes that cannot be found yet.
    pub events_behind: u64,
    /// How old the first of them is; zero when there is none, null before the first filling.
    #[schema(required)]
    pub lag_seconds: Option<f64>,
    /// A part of the history cannot be found yet.
    #[schema(required)]
    pub filling: Option<ArchiveProgress>,
    /// It is made anew while the old one answers.
    #[schema(required)]
    pub rebuilding: Option<ArchiveProgress>,
    /// Months that do not answer because their files are damaged; they are made anew without being asked.
    pub damaged: Vec<ArchiveDamage>,
}

/// How far something has come, in mentions.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct ArchiveProgress {
    pub done: u64,
    pub total: u64,
}

/// A month that does not answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ArchiveDamage {
    /// `2026-03`.
    pub month: String,
    pub reason: String,
}

impl From<Progress> for ArchiveProgress {
    fn from(progress: Progress) -> Self {
        Self { done: progress.done, total: progress.total }
    }
}

impl From<Status> for ArchiveStatus {
    fn from(status: Status) -> Self {
        let damage = |Damage { slice, reason }| ArchiveDamage { month: slice.to_string(), reason };
        Self {
            mentions: status.mentions,
            events_behind: status.events_behind(),
            lag_seconds: status.lag.map(|lag| lag.as_secs_f64()),
            filling: status.filling.map(Into::into),
            rebuilding: status.rebuilding.map(Into::into),
            damaged: status.damaged.into_iter().map(damage).collect(),
        }
    }
}
