//! Opening a database: the folder or address, migrations, the connection pools.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::{Arc, Weak};
use std::time::Duration;

use molva_domain::{Clock, EventId, IdGenerator, Secret, Timestamp};
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::sync::watch;

use crate::data_dir::{NodeSlot, prepare};
use crate::journal::{Journal, LONGEST_JOURNAL};
use crate::kept::KeptLimits;
use crate::seal::Seal;
use crate::sql::{Database, Statement, Transaction};
use crate::{Result, StorageError, migrate};

/// How to open.
#[derive(Clone, Debug)]
pub struct StorageOptions {
    /// Folder of the embedded store, the kept stream and the sealing key. Made when missing, mode 0700.
    pub data_dir: PathBuf,
    /// `postgres://…`; `None` is the embedded SQLite at `data_dir/molva.sqlite`.
    pub postgres_url: Option<Secret>,
    pub clock: Arc<dyn Clock>,
    /// Tells machines apart that share one PostgreSQL; its low six bits count. Processes that share a `data_dir` are told
    /// apart by themselves, up to eight.
    pub node: u16,
    pub kept: KeptLimits,
    /// The key that secrets are sealed with; `None`: `data_dir/sealing.key`. Made when missing.
    pub sealing_key: Option<PathBuf>,
}

/// A handle on the truth; clones share the pools.
#[derive(Clone, Debug)]
pub struct Storage {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) database: Database,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: IdGenerator,
    pub(crate) data_dir: PathBuf,
    pub(crate) kept: KeptLimits,
    pub(crate) seal: Seal,
    pub(crate) slot: NodeSlot,
    /// Of the embedded store.
    journal: Journal,
    signal: watch::Sender<EventId>,
}

/// How often the log is looked at for events of other processes.
const POLL: Duration = Duration::from_millis(500);
/// Connections that read, besides the one that writes.
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 12;
/// How long to wait for a connection, or for another process to finish writing.
const PATIENCE: Duration = Duration::from_secs(30);

impl Storage {
    /// Opens and migrates. Refuses a database that a newer version wrote.
    pub async fn open(options: StorageOptions) -> Result<Self> {
        let data_dir = prepare(&options.data_dir)?;
        let slot = NodeSlot::take(&data_dir, options.node)?;
        let seal = Seal::open(&data_dir, options.sealing_key.as_deref())?;
        let file = data_dir.join("molva.sqlite");
        let database = match &options.postgres_url {
            None => open_sqlite(&file).await?,
            Some(url) => open_postgres(url).await?,
        };
        migrate::run(&database, options.clock.now()).await?;
        let storage = Self {
            inner: Arc::new(Inner {
                ids: IdGenerator::new(Arc::clone(&options.clock), slot.node()),
                database,
                clock: options.clock,
                data_dir,
                kept: options.kept,
                seal,
                slot,
                journal: Journal::of(&file, LONGEST_JOURNAL),
                signal: watch::Sender::new(EventId(0)),
            }),
        };
        let newest = newest_events(&storage.inner.database).await?;
        storage.inner.signal.send_replace(EventId(newest.iter().map(|(_, last)| *last).max().unwrap_or(0)));
        tokio::spawn(follow_other_processes(Arc::downgrade(&storage.inner), newest));
        Ok(storage)
    }

    #[must_use]
    pub fn ids(&self) -> &IdGenerator {
        &self.inner.ids
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// Names this process as the owner of leases. No other live process on the data folder has the name, and when this one
    /// dies the next to start gets it: what a killed process had leased is taken on at once.
    #[must_use]
    pub fn process_name(&self) -> String {
        format!("node-{}", self.inner.slot.node())
    }

    /// `sqlite` or `postgres`.
    #[must_use]
    pub fn engine(&self) -> &'static str {
        match self.inner.database {
            Database::Sqlite { .. } => "sqlite",
            Database::Postgres(_) => "postgres",
        }
    }

    /// The folder of the embedded store and of what is derived from it.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.inner.data_dir
    }

    /// One cheap statement on the real connection: for `/readyz` and `doctor`.
    pub async fn ping(&self) -> Result<()> {
        self.database().all(Statement::new("SELECT MAX(version) FROM schema_migration")).await.map(drop)
    }

    /// `(applied, known)` numbers of migrations.
    pub async fn schema_version(&self) -> Result<(u32, u32)> {
        Ok((migrate::applied(self.database()).await?, migrate::known()))
    }

    /// SQLite `PRAGMA quick_check`, PostgreSQL a read of each table's head; one line per finding, empty is healthy.
    pub async fn check(&self) -> Result<Vec<String>> {
        let mut findings = match &self.inner.database {
            Database::Sqlite { .. } => check_sqlite(self.database()).await?,
            Database::Postgres(_) => check_postgres(self.database()).await?,
        };
        findings.extend(self.check_kept().await?);
        Ok(findings)
    }

    /// The newest committed event, for wake-ups; changes after each commit that wrote events
    /// (of this process at once, of other processes within a second).
    #[must_use]
    pub fn event_signal(&self) -> watch::Receiver<EventId> {
        self.inner.signal.subscribe()
    }

    /// Closes the connections after their last statement; the embedded store is then one file without a journal beside it.
    pub async fn close(&self) {
        self.inner.database.close().await;
    }

    pub(crate) fn database(&self) -> &Database {
        &self.inner.database
    }

    pub(crate) async fn begin(&self) -> Result<Transaction> {
        self.inner.database.begin().await
    }

    /// Commits, then wakes who waits for events.
    pub(crate) async fn commit(&self, transaction: Transaction) -> Result<()> {
        let newest = transaction.newest_event;
        transaction.commit().await?;
        if let Some(newest) = newest {
            self.inner.signal.send_modify(|current| *current = newest.max(*current));
        }
        // What was committed is committed, whatever becomes of the journal.
        if let Database::Sqlite { writer, .. } = self.database()
            && let Err(error) = self.inner.journal.keep_short(writer, PATIENCE).await
        {
            tracing::warn!(%error, "the journal of the embedded store could not be cut");
        }
        Ok(())
    }
}

async fn open_sqlite(path: &Path) -> Result<Database> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .statement_cache_capacity(256)
        // Rows on their way from the connection's thread; few make the two wait for each other.
        .row_buffer_size(512)
        .pragma("temp_store", "MEMORY")
        .pragma("journal_size_limit", "67108864")
        .disable_statement_logging();
    // The writer keeps what it changes all the time, the inner pages of the trees; readers look at little at a time. Hashes touch
    // a page each: a journal of up to 64 MiB lets several transactions share the writing back.
    let writer = options.clone().pragma("cache_size", "-32768").pragma("wal_autocheckpoint", "16000");
    let readers = options.pragma("cache_size", "-4096").pragma("query_only", "ON");
    let pool = SqlitePoolOptions::new()
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None);
    // The writer first: it makes the file.
    let writer = pool.clone().max_connections(1).connect_with(writer).await?;
    let readers = pool.max_connections(SQLITE_READERS).connect_with(readers).await?;
    Ok(Database::Sqlite { writer, readers })
}

async fn open_postgres(url: &Secret) -> Result<Database> {
    let options = PgConnectOptions::from_str(url.expose())
        .map_err(|_| {
            StorageError::Incompatible(
                "the address of the database cannot be read; it looks like `postgres://user:password@host/database`"
                    .to_owned(),
            )
        })?
        .application_name("molva")
        .statement_cache_capacity(256)
        .disable_statement_logging();
    let pool = PgPoolOptions::new()
        .acquire_timeout(PATIENCE)
        .max_connections(POSTGRES_CONNECTIONS)
        .connect_with(options)
        .await?;
    Ok(Database::Postgres(pool))
}

async fn check_sqlite(database: &Database) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for row in database.all(Statement::new("PRAGMA quick_check")).await? {
        let line = row.columns().text()?;
        if line != "ok" {
            findings.push(line);
        }
    }
    Ok(findings)
}

async fn check_postgres(database: &Database) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for (table, statement) in [
        ("workspace", "SELECT COUNT(id) FROM (SELECT id FROM workspace LIMIT 1) AS head"),
        ("event", "SELECT COUNT(id) FROM (SELECT id FROM event LIMIT 1) AS head"),
        ("topic", "SELECT COUNT(id) FROM (SELECT id FROM topic LIMIT 1) AS head"),
        ("query_list", "SELECT COUNT(id) FROM (SELECT id FROM query_list LIMIT 1) AS head"),
        ("source", "SELECT COUNT(id) FROM (SELECT id FROM source LIMIT 1) AS head"),
        ("ledger", "SELECT COUNT(hour) FROM (SELECT hour FROM ledger LIMIT 1) AS head"),
        ("known_urn", "SELECT COUNT(place) FROM (SELECT place FROM known_urn LIMIT 1) AS head"),
        ("post", "SELECT COUNT(id) FROM (SELECT id FROM post LIMIT 1) AS head"),
        ("mention", "SELECT COUNT(id) FROM (SELECT id FROM mention LIMIT 1) AS head"),
        ("kept_segment", "SELECT COUNT(id) FROM (SELECT id FROM kept_segment LIMIT 1) AS head"),
        ("account", "SELECT COUNT(id) FROM (SELECT id FROM account LIMIT 1) AS head"),
        ("reply", "SELECT COUNT(id) FROM (SELECT id FROM reply LIMIT 1) AS head"),
        ("app_user", "SELECT COUNT(id) FROM (SELECT id FROM app_user LIMIT 1) AS head"),
    ] {
        if let Err(error) = database.all(Statement::new(statement)).await {
            findings.push(format!("table `{table}` cannot be read: {error}"));
        }
    }
    Ok(findings)
}

async fn newest_events(database: &Database) -> Result<Vec<(i64, i64)>> {
    let rows = database.all(Statement::new("SELECT id, last_event FROM workspace ORDER BY id")).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            Ok((columns.integer()?, columns.integer()?))
        })
        .collect()
}

/// Wakes our readers when another process on the same database wrote events. Ends with the last handle.
async fn follow_other_processes(inner: Weak<Inner>, mut seen: Vec<(i64, i64)>) {
    loop {
        tokio::time::sleep(POLL).await;
        let Some(inner) = inner.upgrade() else { return };
        // A failing database shows itself to whoever uses it; here the next look may be better.
        let Ok(newest) = newest_events(&inner.database).await else { continue };
        if newest != seen {
            let changed = newest.iter().filter(|pair| !seen.contains(pair)).map(|(_, last)| *last).max();
            seen = newest;
            if let Some(last) = changed {
                inner.signal.send_modify(|current| *current = EventId(last).max(*current));
            }
        }
    }
}
