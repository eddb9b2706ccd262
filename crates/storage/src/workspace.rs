//! Tenants.

use molva_domain::{Actor, EventKind, WorkspaceId};
use serde_json::json;

use crate::event::NewEvent;
use crate::sql::{Row, Statement};
use crate::{Result, Storage};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    pub id: WorkspaceId,
    pub name: String,
    /// IANA name of the zone that days and hours are counted in; `UTC` until somebody says otherwise.
    pub time_zone: String,
}

/// A change to a workspace; `None` leaves as is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkspaceChange {
    pub name: Option<String>,
    /// Storage knows no zones: the caller has looked that it is one.
    pub time_zone: Option<String>,
}

/// Key of the PostgreSQL advisory lock under which the first workspace is made: "works" in ASCII.
const LOCK: i64 = 0x77_6f72_6b73;
const FIRST: &str = "SELECT id, name, time_zone FROM workspace ORDER BY id LIMIT 1";
const ONE: &str = "SELECT id, name, time_zone FROM workspace WHERE id = $1";
const UTC: &str = "UTC";

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
        Ok(Workspace { id, name: name.to_owned(), time_zone: UTC.to_owned() })
    }

    pub async fn workspace(&self, id: WorkspaceId) -> Result<Option<Workspace>> {
        self.database().optional(Statement::new(ONE).bind(id.0)).await?.as_ref().map(read).transpose()
    }

    /// Writes a `workspace.changed` event when anything changes. `None` when there is no such workspace.
    pub async fn update_workspace(
        &self,
        id: WorkspaceId,
        actor: Actor,
        change: WorkspaceChange,
    ) -> Result<Option<Workspace>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(id).await?;
        let Some(row) = transaction.optional(Statement::new(ONE).bind(id.0)).await? else { return Ok(None) };
        let before = read(&row)?;
        let after = Workspace {
            id,
            name: change.name.unwrap_or_else(|| before.name.clone()),
            time_zone: change.time_zone.unwrap_or_else(|| before.time_zone.clone()),
        };
        if after == before {
            return Ok(Some(after));
        }
        transaction
            .execute(
                Statement::new("UPDATE workspace SET name = $2, time_zone = $3 WHERE id = $1")
                    .bind(id.0)
                    .bind(after.name.as_str())
                    .bind(after.time_zone.as_str()),
            )
            .await?;
        let change = Some(json!({ "before": describe(&before), "after": describe(&after) }).to_string());
        let event = NewEvent { kind: EventKind::WorkspaceChanged, subject: id.0, topic: None, change };
        transaction.record(id, now, actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(Some(after))
    }
}

fn describe(workspace: &Workspace) -> serde_json::Value {
    json!({ "name": workspace.name, "time_zone": workspace.time_zone })
}

fn read(row: &Row) -> Result<Workspace> {
    let mut columns = row.columns();
    Ok(Workspace { id: WorkspaceId(columns.integer()?), name: columns.text()?, time_zone: columns.text()? })
}
