//! Opening a database: the folder or address, migrations, the connection pools.

use std::path::PathBuf;
use std::sync::Arc;

use molva_domain::{Clock, EventId, IdGenerator, Secret, Timestamp};
use tokio::sync::watch;

use crate::Result;
use crate::kept::KeptLimits;

/// How to open.
#[derive(Clone, Debug)]
pub struct StorageOptions {
    /// Folder of the embedded store, the kept stream and the sealing key. Made when missing, mode 0700.
    pub data_dir: PathBuf,
    /// `postgres://…`; `None` is the embedded SQLite at `data_dir/molva.sqlite`.
    pub postgres_url: Option<Secret>,
    pub clock: Arc<dyn Clock>,
    /// Tells processes apart that share one PostgreSQL.
    pub node: u16,
    pub kept: KeptLimits,
}

/// A handle on the truth; clones share the pools.
#[derive(Clone, Debug)]
pub struct Storage {}

impl Storage {
    /// Opens and migrates. Refuses a database that a newer version wrote.
    pub async fn open(_options: StorageOptions) -> Result<Self> {
        todo!()
    }

    #[must_use]
    pub fn ids(&self) -> &IdGenerator {
        todo!()
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        todo!()
    }

    /// `sqlite` or `postgres`.
    #[must_use]
    pub fn engine(&self) -> &'static str {
        todo!()
    }

    /// One cheap statement on the real connection: for `/readyz` and `doctor`.
    pub async fn ping(&self) -> Result<()> {
        todo!()
    }

    /// `(applied, known)` numbers of migrations.
    pub async fn schema_version(&self) -> Result<(u32, u32)> {
        todo!()
    }

    /// SQLite `PRAGMA quick_check`, PostgreSQL a read of each table's head; one line per finding, empty is healthy.
    pub async fn check(&self) -> Result<Vec<String>> {
        todo!()
    }

    /// The newest committed event, for wake-ups; changes after each commit that wrote events
    /// (of this process at once, of other processes on PostgreSQL within a second).
    #[must_use]
    pub fn event_signal(&self) -> watch::Receiver<EventId> {
        todo!()
    }
}
