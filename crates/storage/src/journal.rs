//! Keeps SQLite's write-ahead log bounded.
//!
//! SQLite starts the log anew only at a moment when nobody reads from it. Under steady writing every commit wakes readers,
//! some reader is always there, and the log grows by gigabytes although all of it was written back long ago. So when it has
//! become too long the writer waits for those who read from it; whoever begins to read meanwhile reads the database itself.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::{AssertSqlSafe, Row as _, SqlitePool};

use crate::Result;

/// A log longer than this many bytes is cut.
pub(crate) const LONGEST_JOURNAL: u64 = 256 << 20;
/// How long writing may stand still for readers; then the log may grow by the same length again before the next attempt.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    longest: u64,
    /// Bytes at which it is cut.
    cut_at: AtomicU64,
}

impl Journal {
    /// Of the database in this file.
    pub(crate) fn of(database: &Path, longest: u64) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push("-wal");
        Self { path: path.into(), longest, cut_at: AtomicU64::new(longest) }
    }

    /// Looks at the log after a commit and cuts it when it is too long. `restore` is the patience the connection has otherwise.
    pub(crate) async fn keep_short(&self, writer: &SqlitePool, restore: Duration) -> Result<()> {
        if self.length() < self.cut_at.load(Ordering::Relaxed) {
            return Ok(());
        }
        let mut connection = writer.acquire().await?;
        // Another commit may have cut it while this one waited for the connection.
        let length = self.length();
        if length < self.cut_at.load(Ordering::Relaxed) {
            return Ok(());
        }
        let patience = |time: Duration| AssertSqlSafe(format!("PRAGMA busy_timeout = {}", time.as_millis()));
        sqlx::raw_sql(patience(PATIENCE)).execute(&mut *connection).await?;
        let cut = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await;
        sqlx::raw_sql(patience(restore)).execute(&mut *connection).await?;
        let busy = cut?.try_get::<i64, _>(0)? != 0;
        self.cut_at.store(if busy { length + self.longest } else { self.longest }, Ordering::Relaxed);
        if busy {
            tracing::warn!(
                journal.bytes = length,
                "the journal of the embedded store could not be cut because something reads it for longer than {PATIENCE:?}"
            );
        }
        Ok(())
    }

    fn length(&self) -> u64 {
        std::fs::metadata(&self.path).map_or(0, |file| file.len())
    }
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};

    use super::*;

    const LONGEST: u64 = 1 << 20;

    /// A database whose log is written back every hundred pages, and the log.
    async fn open(folder: &Path) -> (SqlitePool, SqlitePool, Journal) {
        let file = folder.join("x.sqlite");
        let options =
            SqliteConnectOptions::new().filename(&file).create_if_missing(true).journal_mode(SqliteJournalMode::Wal);
        let options = options.pragma("wal_autocheckpoint", "100").pragma("journal_size_limit", "0");
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await.unwrap();
        sqlx::query("CREATE TABLE x (body BLOB)").execute(&writer).await.unwrap();
        let readers = SqlitePoolOptions::new().max_connections(2).connect_with(options).await.unwrap();
        (writer, readers, Journal::of(&file, LONGEST))
    }

    async fn write(writer: &SqlitePool) {
        sqlx::query("INSERT INTO x VALUES (zeroblob(65536))").execute(writer).await.unwrap();
    }

    async fn read(readers: &SqlitePool) -> sqlx::Transaction<'static, sqlx::Sqlite> {
        let mut transaction = readers.begin().await.unwrap();
        sqlx::query("SELECT COUNT(*) FROM x").fetch_all(&mut *transaction).await.unwrap();
        transaction
    }

    #[tokio::test]
    async fn the_log_grows_while_one_reader_follows_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, readers, journal) = open(folder.path()).await;
        let mut reading = read(&readers).await;
        for _ in 0..128 {
            write(&writer).await;
            let next = read(&readers).await;
            reading.commit().await.unwrap();
            reading = next;
        }
        assert!(journal.length() > 7 * LONGEST, "the cut is for nothing");
    }

    #[tokio::test]
    async fn a_log_that_is_too_long_is_cut_between_readers() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, readers, journal) = open(folder.path()).await;
        let reading = read(&readers).await;
        for _ in 0..32 {
            write(&writer).await;
        }
        assert!(journal.length() > LONGEST);
        let leave = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            reading.commit().await.unwrap();
        };
        let (cut, ()) = tokio::join!(journal.keep_short(&writer, Duration::from_secs(30)), leave);
        cut.unwrap();
        assert_eq!(journal.length(), 0);
    }
}
