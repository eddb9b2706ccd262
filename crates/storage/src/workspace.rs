//! Tenants.

use molva_domain::WorkspaceId;

use crate::sql::{Row, Statement};
use crate::{Result, Storage};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    pub id: WorkspaceId,
    pub name: String,
}

/// Key of the PostgreSQL advisory lock under which the first workspace is made: "works" in ASCII.
const LOCK: i64 = 0x77_6f72_6b73;
const FIRST: &str = "SELECT id, name FROM workspace ORDER BY id LIMIT 1";

impl Storage {
    /// The first workspace, made as `name` when there is none. Safe to call from two processes at once.
    pub async fn ensure_workspace(&self, name: &str) -> Result<Workspace> {
        if let Some(row) = self.database().optional(Statement::new(FIRST)).await? {
            return read(&row);
        }
        let mut transaction = self.begin().await?;
        if transaction.is_postgres() {
            transaction.all(Statement::new("SELECT pg_advisory_xact_lock($1)").bind(LOCK)).await?;
        }
        if let Some(row) = transaction.optional(Statement::new(FIRST)).await? {
            return read(&row);
        }
        let id: WorkspaceId = self.ids().next();
        transaction
            .execute(
                Statement::new("INSERT INTO workspace (id, name, created_at, last_event) VALUES ($1, $2, $3, 0)")
                    .bind(id.0)
                    .bind(name)
                    .bind(self.now()),
            )
            .await?;
        self.commit(transaction).await?;
        Ok(Workspace { id, name: name.to_owned() })
    }
}

fn read(row: &Row) -> Result<Workspace> {
    let mut columns = row.columns();
    Ok(Workspace { id: WorkspaceId(columns.integer()?), name: columns.text()? })
}
