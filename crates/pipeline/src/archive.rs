//! The archive lives here: it is opened, filled from storage, kept in line with the event log, and healed.
//!
//! One process on a data folder keeps the archive: whoever holds the lock file. The others show what it commits, and ask for
//! rebuilds by leaving a file. [`keeper`] decides who keeps and what is to be done, [`follow`] applies events, [`changes`] reads
//! them with their rows, [`fill`] builds slices from storage.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use molva_archive::{Archive, Damage};
use molva_domain::{EventId, WorkspaceId};
use molva_storage::{Storage, StorageError};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::ingest::Pipeline;

mod changes;
mod fill;
mod follow;
mod keeper;
mod rows;
mod work;

pub use work::ArchiveFolder;

use work::Work;

/// How far something has come, in mentions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub done: u64,
    pub total: u64,
}

/// How the archive is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveStatus {
    /// Mentions that can be found.
    pub mentions: u64,
    /// The last event whose effects can be found; 0 before the first fill has begun.
    pub applied: EventId,
    /// The newest event there is.
    pub last_event: EventId,
    /// How old the first event is that is not applied; zero when none waits, `None` before the first fill has begun.
    pub lag: Option<Duration>,
    /// Months are read from storage that do not answer yet.
    pub filling: Option<Progress>,
    /// Months are read anew while their old state answers.
    pub rebuilding: Option<Progress>,
    /// Months that do not answer because their files are damaged; they are rebuilt by themselves.
    pub damaged: Vec<Damage>,
}

impl ArchiveStatus {
    /// Events that are not applied.
    #[must_use]
    pub fn events_behind(&self) -> u64 {
        u64::try_from(self.last_event.0 - self.applied.0).unwrap_or(0)
    }
}

/// The archive of a workspace and what is being done for it; clones share it.
#[derive(Clone)]
pub struct LiveArchive {
    storage: Storage,
    workspace: WorkspaceId,
    folder: ArchiveFolder,
    archive: Archive,
    work: Arc<Work>,
}

impl LiveArchive {
    /// The archive in the storage's data folder; empty until it is kept or [`Archive::reload`]ed.
    #[must_use]
    pub fn new(storage: Storage, workspace: WorkspaceId) -> Self {
        let folder = ArchiveFolder::of(storage.data_dir(), workspace);
        let archive = Archive::vacant(&folder.slices());
        let work = Arc::new(Work::new(folder.clone()));
        Self { storage, workspace, folder, archive, work }
    }

    /// Keeps it until cancelled, as soon as no other process does; until then shows what that one commits.
    pub fn keep(&self, cancel: CancellationToken) {
        tokio::spawn(keeper::keep(self.clone(), cancel, keeper::Until::Cancelled));
    }

    /// Keeps it until it is whole and in line with the event log. `false`: another process keeps it, nothing was done.
    ///
    /// # Errors
    /// When the disk or the storage fails, as a sentence.
    pub async fn bring_up_to_date(&self, cancel: CancellationToken) -> Result<bool, ArchiveFailure> {
        keeper::keep_once(self, &cancel, keeper::Until::UpToDate).await
    }

    #[must_use]
    pub const fn archive(&self) -> &Archive {
        &self.archive
    }

    #[must_use]
    pub const fn folder(&self) -> &ArchiveFolder {
        &self.folder
    }

    /// How far a fill or rebuild is, of whichever process works on it.
    #[must_use]
    pub fn progress_of_work(&self) -> Option<Progress> {
        self.work.progress()
    }

    /// How it is now. Cheap: two small statements.
    ///
    /// # Errors
    /// When the storage cannot be asked.
    pub async fn status(&self) -> Result<ArchiveStatus, StorageError> {
        let (filling, rebuilding) = self.progress();
        let applied = self.archive.applied();
        let last_event = self.storage.last_event(self.workspace).await?;
        let lag = match applied {
            None => None,
            Some(applied) if applied >= last_event => Some(Duration::ZERO),
            Some(applied) => {
                let waiting = self.storage.events_after(self.workspace, applied, &[], 1).await?;
                waiting.first().map(|event| self.storage.now().since(event.at))
            }
        };
        Ok(ArchiveStatus {
            mentions: self.archive.len(),
            applied: applied.unwrap_or(EventId(0)),
            last_event,
            lag,
            filling,
            rebuilding,
            damaged: self.archive.damaged(),
        })
    }

    /// Filling and rebuilding, by what the archive still lacks.
    fn progress(&self) -> (Option<Progress>, Option<Progress>) {
        if self.archive.applied().is_some() && self.archive.to_build().is_empty() {
            return (None, None);
        }
        let progress = self.work.progress().unwrap_or_default();
        if self.archive.applied().is_none() || !self.archive.to_fill().is_empty() {
            (Some(progress), None)
        } else {
            (None, Some(progress))
        }
    }
}

/// Why the archive could not be kept. What was committed stays; the storage is not touched by it.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveFailure {
    #[error(transparent)]
    Archive(#[from] molva_archive::Error),
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("the archive's folder `{}` cannot be used: {source}", path.display())]
    Folder {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("a part of the archive's keeping stopped inside; it is started again, please report it")]
    Stopped,
}

impl ArchiveFailure {
    fn folder(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Folder { path, source }
    }
}

impl From<tokio::task::JoinError> for ArchiveFailure {
    fn from(_: tokio::task::JoinError) -> Self {
        Self::Stopped
    }
}

impl Pipeline {
    /// The archive: a cheap clone that stays the current one, whatever is rebuilt.
    #[must_use]
    pub fn archive(&self) -> Archive {
        self.inner.archive.archive.clone()
    }

    /// How the archive is now. Cheap: two small statements.
    ///
    /// # Errors
    /// When the storage cannot be asked.
    pub async fn archive_status(&self) -> Result<ArchiveStatus, StorageError> {
        self.inner.archive.status().await
    }

    /// Set while parts of the history cannot be found yet because the archive is filled for the first time or anew.
    #[must_use]
    pub fn archive_filling(&self) -> Option<Progress> {
        self.inner.archive.progress().0
    }

    /// Asks for the archive to be built anew while it answers. Returns at once; [`Self::archive_status`] tells how far it is.
    ///
    /// # Errors
    /// When the request cannot be left in the archive's folder.
    pub fn rebuild_archive(&self) -> Result<(), ArchiveFailure> {
        self.inner.archive.folder.ask_for_rebuild(&[])?;
        self.inner.archive.work.wake();
        Ok(())
    }

    /// Writes down how the archive is, for `/metrics`.
    pub async fn note_archive(&self) {
        let Ok(status) = self.archive_status().await else { return };
        let (filling, rebuilding) = (status.filling.unwrap_or_default(), status.rebuilding.unwrap_or_default());
        metrics::gauge!("molva_archive_mentions").set(status.mentions as f64);
        metrics::gauge!("molva_archive_events_behind").set(status.events_behind() as f64);
        metrics::gauge!("molva_archive_lag_seconds").set(status.lag.unwrap_or_default().as_secs_f64());
        metrics::gauge!("molva_archive_damaged_slices").set(status.damaged.len() as f64);
        for (work, progress) in [("fill", filling), ("rebuild", rebuilding)] {
            metrics::gauge!("molva_archive_work_done", "work" => work).set(progress.done as f64);
            metrics::gauge!("molva_archive_work_total", "work" => work).set(progress.total as f64);
        }
    }
}
