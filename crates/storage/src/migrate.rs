//! Embedded migrations: numbered scripts, each applied once, in a transaction of its own.

use molva_domain::Timestamp;

use crate::sql::{Database, Statement, Transaction};
use crate::{Result, StorageError};

/// Every migration there is; the number is its place, from one. Scripts are never changed once released.
const MIGRATIONS: &[(&str, &str)] = &[
    ("first", include_str!("../migrations/0001_first.sql")),
    ("lists", include_str!("../migrations/0002_lists.sql")),
    ("views", include_str!("../migrations/0003_views.sql")),
    ("understanding", include_str!("../migrations/0004_understanding.sql")),
    ("audits", include_str!("../migrations/0005_audits.sql")),
    ("models", include_str!("../migrations/0006_models.sql")),
    ("replies", include_str!("../migrations/0007_replies.sql")),
    ("webhooks", include_str!("../migrations/0008_webhooks.sql")),
    ("edits", include_str!("../migrations/0009_edits.sql")),
    ("oauth", include_str!("../migrations/0010_oauth.sql")),
    ("attachments", include_str!("../migrations/0011_attachments.sql")),
    ("second_opinions", include_str!("../migrations/0012_second_opinions.sql")),
    ("tombstones", include_str!("../migrations/0013_tombstones.sql")),
];

/// Key of the PostgreSQL advisory lock that lets one process migrate at a time: "molva" in ASCII.
const LOCK: i64 = 0x6d_6f6c_7661;

/// How many migrations this version knows.
pub(crate) fn known() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// The last migration applied to the database.
pub(crate) async fn applied(database: &Database) -> Result<u32> {
    let row = database.optional(Statement::new(APPLIED)).await?;
    newest(row.as_ref())
}

const APPLIED: &str = "SELECT MAX(version) FROM schema_migration";

fn newest(row: Option<&crate::sql::Row>) -> Result<u32> {
    let version = row.map(|row| row.columns().maybe_integer()).transpose()?.flatten();
    Ok(version.and_then(|version| u32::try_from(version).ok()).unwrap_or(0))
}

/// Applies what is missing; `Incompatible` when the database is ahead of us.
pub(crate) async fn run(database: &Database, now: Timestamp) -> Result<()> {
    let mut transaction = database.begin().await?;
    if transaction.is_postgres() {
        transaction.all(Statement::new("SELECT pg_advisory_xact_lock($1)").bind(LOCK)).await?;
    }
    transaction
        .script(
            "CREATE TABLE IF NOT EXISTS schema_migration \
             (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)"
                .to_owned(),
        )
        .await?;
    let applied = newest(transaction.optional(Statement::new(APPLIED)).await?.as_ref())?;
    if applied > known() {
        return Err(StorageError::Incompatible(format!(
            "the database has schema {applied}, but this version knows schemas up to {}; \
             start the version that wrote it, or restore a backup made before the upgrade",
            known()
        )));
    }
    for (index, (name, script)) in MIGRATIONS.iter().enumerate().skip(applied as usize) {
        apply(&mut transaction, index + 1, name, script, now).await?;
    }
    transaction.commit().await
}

async fn apply(transaction: &mut Transaction, version: usize, name: &str, script: &str, now: Timestamp) -> Result<()> {
    let script = for_engine(script, transaction.is_postgres());
    transaction.script(script).await?;
    let version = i64::try_from(version).unwrap_or(i64::MAX);
    transaction
        .execute(
            Statement::new("INSERT INTO schema_migration (version, name, applied_at) VALUES ($1, $2, $3)")
                .bind(version)
                .bind(name)
                .bind(now),
        )
        .await?;
    tracing::info!(schema.version = version, "applied migration `{name}`");
    Ok(())
}

/// The few words of a script in which the engines differ.
///
/// `{id}`: in SQLite only `INTEGER PRIMARY KEY` is the key of the table itself. `{clustered}`: rows live in the index of their
/// primary key, which spares small rows a second tree.
fn for_engine(script: &str, postgres: bool) -> String {
    let (id, bytes, clustered) =
        if postgres { ("BIGINT PRIMARY KEY", "BYTEA", "") } else { ("INTEGER PRIMARY KEY", "BLOB", " WITHOUT ROWID") };
    script.replace("{id}", id).replace("{bytes}", bytes).replace("{clustered}", clustered)
}
