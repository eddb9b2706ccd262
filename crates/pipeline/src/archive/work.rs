//! The archive's folder, and what is being done in it: a lock file, requests and progress that other processes see.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use molva_archive::Slice;
use molva_domain::WorkspaceId;
use tokio::sync::Notify;

use super::{ArchiveFailure, Progress};

/// Where the archive of a workspace lies, beside the files its processes talk by.
#[derive(Clone, Debug)]
pub struct ArchiveFolder(PathBuf);

/// Held by the process that keeps the archive; freed when that ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "holds the lock")] File);

impl ArchiveFolder {
    #[must_use]
    pub fn of(data_dir: &Path, workspace: WorkspaceId) -> Self {
        Self(data_dir.join("archive").join(workspace.to_string()))
    }

    /// The archive itself.
    #[must_use]
    pub fn slices(&self) -> PathBuf {
        self.0.join("slices")
    }

    /// Whether a process keeps the archive.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        let Ok(file) = File::open(self.0.join("lock")) else { return false };
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    }

    /// The lock, unless another process has it.
    pub(crate) fn lock(&self) -> Result<Option<Lock>, ArchiveFailure> {
        let path = self.0.join("lock");
        let open = || {
            fs::create_dir_all(self.slices())?;
            OpenOptions::new().create(true).append(true).open(&path)
        };
        let file = open().map_err(ArchiveFailure::folder(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(ArchiveFailure::folder(&path)(error)),
        }
    }

    /// Leaves word for whoever keeps the archive: these slices are to be built anew, all of them when none is named.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn ask_for_rebuild(&self, slices: &[Slice]) -> Result<(), ArchiveFailure> {
        let names: Vec<String> = slices.iter().map(ToString::to_string).collect();
        self.replace("rebuild", &names.join("\n"))
    }

    /// A request that waits; `None` when there is none, empty when everything is asked for.
    pub(crate) fn asked(&self) -> Option<Vec<Slice>> {
        let text = fs::read_to_string(self.0.join("rebuild")).ok()?;
        Some(text.lines().filter_map(Slice::parse).collect())
    }

    /// Whether a request was not taken up yet.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.0.join("rebuild").exists()
    }

    /// The request is written into the archive itself.
    pub(crate) fn taken_up(&self) -> Result<(), ArchiveFailure> {
        self.remove("rebuild")
    }

    /// How far a fill or rebuild is that some process works on.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        serde_json::from_slice(&fs::read(self.0.join("progress")).ok()?).ok()
    }

    fn replace(&self, name: &str, text: &str) -> Result<(), ArchiveFailure> {
        let (path, fresh) = (self.0.join(name), self.0.join(format!("{name}.new")));
        let write = || {
            fs::create_dir_all(&self.0)?;
            fs::write(&fresh, text)?;
            fs::rename(&fresh, &path)
        };
        write().map_err(ArchiveFailure::folder(&path))
    }

    fn remove(&self, name: &str) -> Result<(), ArchiveFailure> {
        let path = self.0.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(ArchiveFailure::folder(&path)(error)),
            _ => Ok(()),
        }
    }
}

/// What is being done, as this process knows it.
#[derive(Debug)]
pub(crate) struct Work {
    folder: ArchiveFolder,
    /// This process keeps the archive.
    own: AtomicBool,
    done: AtomicU64,
    total: AtomicU64,
    wake: Notify,
}

impl Work {
    pub(crate) fn new(folder: ArchiveFolder) -> Self {
        Self {
            folder,
            own: AtomicBool::new(false),
            done: AtomicU64::new(0),
            total: AtomicU64::new(0),
            wake: Notify::new(),
        }
    }

    pub(crate) fn set_own(&self, own: bool) {
        self.own.store(own, Ordering::Relaxed);
    }

    /// Of the process that keeps the archive, this or another.
    pub(crate) fn progress(&self) -> Option<Progress> {
        if !self.own.load(Ordering::Relaxed) {
            return self.folder.progress();
        }
        let total = self.total.load(Ordering::Relaxed);
        Some(Progress { done: self.done.load(Ordering::Relaxed).min(total), total })
    }

    pub(crate) fn begin(&self, progress: Progress) {
        self.done.store(progress.done, Ordering::Relaxed);
        self.total.store(progress.total, Ordering::Relaxed);
    }

    pub(crate) fn add(&self, done: u64) {
        self.done.fetch_add(done, Ordering::Relaxed);
    }

    /// Lets other processes see how far it is. Told for their sake alone: what fails is tried again soon.
    pub(crate) fn tell(&self, busy: bool) {
        let told = match self.progress().filter(|_| busy) {
            Some(progress) => match serde_json::to_string(&progress) {
                Ok(text) => self.folder.replace("progress", &text),
                Err(_) => Ok(()),
            },
            None => self.folder.remove("progress"),
        };
        if let Err(error) = told {
            tracing::debug!(%error, "the progress of the archive was not written down");
        }
    }

    /// Looks for requests at once.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    pub(crate) async fn woken(&self) {
        self.wake.notified().await;
    }
}
