//! Sources: settings, sealed secrets, state, cursor and the lease that decides who polls.

use std::collections::BTreeMap;
use std::time::Duration;

use molva_domain::{Actor, EventKind, Quota, Secret, SourceId, SourceState, Timestamp, WorkspaceId};
use serde_json::json;

use crate::event::NewEvent;
use crate::oauth::{self, GrantOwner, NewGrant};
use crate::secret::SOURCE;
use crate::sql::{Connection, Row, Statement, Transaction, Value};
use crate::{Result, Storage, StorageError};

mod gap;
mod lease;
mod report;

pub use lease::Lease;
pub use report::{Problem, SourceReport};

#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    pub id: SourceId,
    pub workspace: WorkspaceId,
    /// Name of the connector's row in the table: `feed`, `mastodon`, …
    pub connector: String,
    pub name: String,
    /// Values by the setting's key; secrets are not among them.
    pub settings: BTreeMap<String, String>,
    /// Keys of the secrets that are set.
    pub secret_keys: Vec<String>,
    pub state: SourceState,
    /// Opaque to everyone but its connector, at most 4 KiB.
    pub cursor: Option<String>,
    pub created_at: Timestamp,
    /// Last time the source answered well, with or without items.
    pub last_success_at: Option<Timestamp>,
    /// Arrival of the last item.
    pub last_item_at: Option<Timestamp>,
    /// Published time of the newest item seen.
    pub newest_published_at: Option<Timestamp>,
    /// How far behind the network the source is, as last measured.
    pub lag: Option<Duration>,
    pub quota: Option<Quota>,
    /// Machine word of the last problem, `None` when the last try was well.
    pub problem_code: Option<String>,
    /// What failed and what to do, one sentence.
    pub problem: Option<String>,
    pub problem_since: Option<Timestamp>,
    pub next_attempt_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct SourceDraft {
    pub connector: String,
    pub name: String,
    pub settings: BTreeMap<String, String>,
    pub secrets: BTreeMap<String, Secret>,
}

const COLUMNS: &str = "id, workspace_id, connector, name, settings, state, cursor, created_at, last_success_at, last_item_at, \
     newest_published_at, lag_us, quota_limit, quota_remaining, quota_resets_at, problem_code, problem, problem_since, next_attempt_at";

impl Storage {
    /// `Taken` when a source of that name exists.
    pub async fn create_source(&self, workspace: WorkspaceId, actor: Actor, draft: SourceDraft) -> Result<Source> {
        self.create_source_by(workspace, actor, draft, None).await
    }

    /// The same, with what keeps its token alive.
    pub async fn create_source_by(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        draft: SourceDraft,
        grant: Option<NewGrant>,
    ) -> Result<Source> {
        let now = self.now();
        let id: SourceId = self.ids().next();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        transaction
            .execute(
                Statement::new(
                    "INSERT INTO source (id, workspace_id, connector, name, settings, state, created_at, lease_fence, lease_until) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)",
                )
                .bind(id.0)
                .bind(workspace.0)
                .bind(draft.connector.as_str())
                .bind(draft.name.as_str())
                .bind(json!(draft.settings).to_string())
                .bind(SourceState::Starting.as_str())
                .bind(now),
            )
            .await
            .map_err(|error| error.or_taken("source", &draft.name))?;
        self.keep_secrets(&mut transaction, &SOURCE, workspace, id.0, &draft.secrets).await?;
        if let Some(grant) = grant {
            self.keep_grant(&mut transaction, workspace, GrantOwner::Source(id), grant).await?;
        }
        let source = existing(&mut Connection::Transaction(&mut transaction), workspace, id).await?;
        let change = json!({ "before": null, "after": describe(&source) }).to_string();
        let event = NewEvent { kind: EventKind::SourceCreated, subject: id.0, topic: None, change: Some(change) };
        transaction.record(workspace, now, actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(source)
    }

    /// Replaces name and settings; secrets that are given replace, others stay. Connector, problem and cursor stay.
    /// `None` when there is none.
    pub async fn update_source(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        id: SourceId,
        draft: SourceDraft,
    ) -> Result<Option<Source>> {
        self.update_source_by(workspace, actor, id, draft, None).await
    }

    /// The same, with what keeps the new token alive. New secrets without that are kept alive by nobody.
    pub async fn update_source_by(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        id: SourceId,
        draft: SourceDraft,
        grant: Option<NewGrant>,
    ) -> Result<Option<Source>> {
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let Some(before) = find(&mut Connection::Transaction(&mut transaction), workspace, id).await? else {
            return Ok(None);
        };
        transaction
            .execute(
                Statement::new("UPDATE source SET name = $3, settings = $4 WHERE workspace_id = $1 AND id = $2")
                    .bind(workspace.0)
                    .bind(id.0)
                    .bind(draft.name.as_str())
                    .bind(json!(draft.settings).to_string()),
            )
            .await
            .map_err(|error| error.or_taken("source", &draft.name))?;
        self.keep_secrets(&mut transaction, &SOURCE, workspace, id.0, &draft.secrets).await?;
        if let Some(grant) = grant {
            self.keep_grant(&mut transaction, workspace, GrantOwner::Source(id), grant).await?;
        } else if !draft.secrets.is_empty() {
            oauth::forget_grant(&mut transaction, workspace, GrantOwner::Source(id)).await?;
        }
        self.finish_change(transaction, actor, &before).await.map(Some)
    }

    /// The ledger and posts stay. `false` when there is none.
    pub async fn delete_source(&self, workspace: WorkspaceId, actor: Actor, id: SourceId) -> Result<bool> {
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let statement = Statement::new("DELETE FROM source WHERE workspace_id = $1 AND id = $2");
        if transaction.execute(statement.bind(workspace.0).bind(id.0)).await? == 0 {
            return Ok(false);
        }
        for statement in [
            "DELETE FROM gap WHERE workspace_id = $1 AND source_id = $2",
            "DELETE FROM quarantine WHERE workspace_id = $1 AND source_id = $2",
            "DELETE FROM delivery WHERE workspace_id = $1 AND source_id = $2",
            "DELETE FROM oauth_grant WHERE workspace_id = $1 AND owner_kind = 'source' AND owner_id = $2",
        ] {
            transaction.execute(Statement::new(statement).bind(workspace.0).bind(id.0)).await?;
        }
        let event = NewEvent::of(EventKind::SourceDeleted, id.0);
        transaction.record(workspace, self.now(), actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(true)
    }

    /// Pausing sets `Paused`; resuming sets `Starting` and clears the problem.
    pub async fn set_source_paused(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        id: SourceId,
        paused: bool,
    ) -> Result<Option<Source>> {
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let Some(before) = find(&mut Connection::Transaction(&mut transaction), workspace, id).await? else {
            return Ok(None);
        };
        let statement = if paused {
            Statement::new("UPDATE source SET state = $3, next_attempt_at = NULL WHERE workspace_id = $1 AND id = $2")
        } else {
            Statement::new(
                "UPDATE source SET state = $3, next_attempt_at = NULL, problem_code = NULL, problem = NULL, \
                 problem_since = NULL WHERE workspace_id = $1 AND id = $2",
            )
        };
        let state = if paused { SourceState::Paused } else { SourceState::Starting };
        transaction.execute(statement.bind(workspace.0).bind(id.0).bind(state.as_str())).await?;
        self.finish_change(transaction, actor, &before).await.map(Some)
    }

    /// Oldest first.
    pub async fn sources(&self, workspace: WorkspaceId) -> Result<Vec<Source>> {
        load(&mut Connection::Pool(self.database()), workspace, None).await
    }

    pub async fn source(&self, workspace: WorkspaceId, id: SourceId) -> Result<Option<Source>> {
        find(&mut Connection::Pool(self.database()), workspace, id).await
    }

    /// The secrets in the clear, for the connector alone.
    pub async fn source_secrets(&self, workspace: WorkspaceId, id: SourceId) -> Result<BTreeMap<String, Secret>> {
        self.opened(&SOURCE, workspace, id.0).await
    }

    /// Writes the event of a change by a person and commits.
    async fn finish_change(&self, mut transaction: Transaction, actor: Actor, before: &Source) -> Result<Source> {
        let after = existing(&mut Connection::Transaction(&mut transaction), before.workspace, before.id).await?;
        let change = json!({ "before": describe(before), "after": describe(&after) }).to_string();
        let event = NewEvent { kind: EventKind::SourceChanged, subject: after.id.0, topic: None, change: Some(change) };
        transaction.record(after.workspace, self.now(), actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(after)
    }
}

/// For events: settings by name only, for an address may carry a password.
fn describe(source: &Source) -> serde_json::Value {
    json!({
        "name": source.name,
        "connector": source.connector,
        "state": source.state,
        "settings": source.settings.keys().collect::<Vec<_>>(),
        "secrets": source.secret_keys,
    })
}

async fn find(connection: &mut Connection<'_>, workspace: WorkspaceId, id: SourceId) -> Result<Option<Source>> {
    Ok(load(connection, workspace, Some(id)).await?.into_iter().next())
}

async fn existing(connection: &mut Connection<'_>, workspace: WorkspaceId, id: SourceId) -> Result<Source> {
    find(connection, workspace, id).await?.ok_or(StorageError::SourceGone(id))
}

async fn load(connection: &mut Connection<'_>, workspace: WorkspaceId, id: Option<SourceId>) -> Result<Vec<Source>> {
    let wanted = if id.is_some() { "AND id = $2" } else { "" };
    let sql = format!("SELECT {COLUMNS} FROM source WHERE workspace_id = $1 {wanted} ORDER BY id");
    let bound = id.map(|id| Value::from(id.0));
    let rows = connection.all(Statement::assembled(sql.into()).bind(workspace.0).bind_all(bound)).await?;
    let mut sources = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let mut keys = SOURCE.keys(connection, workspace, id.map(|id| id.0)).await?;
    for source in &mut sources {
        source.secret_keys = keys.remove(&source.id.0).unwrap_or_default();
    }
    Ok(sources)
}

fn read(row: &Row) -> Result<Source> {
    let mut columns = row.columns();
    Ok(Source {
        id: SourceId(columns.integer()?),
        workspace: WorkspaceId(columns.integer()?),
        connector: columns.text()?,
        name: columns.text()?,
        settings: columns.parsed("source setting", |text| serde_json::from_str(text).ok())?,
        secret_keys: Vec::new(),
        state: columns.parsed("source state", SourceState::parse)?,
        cursor: columns.maybe_text()?,
        created_at: columns.time()?,
        last_success_at: columns.maybe_time()?,
        last_item_at: columns.maybe_time()?,
        newest_published_at: columns.maybe_time()?,
        lag: columns.maybe_integer()?.map(|lag| Duration::from_micros(u64::try_from(lag).unwrap_or(0))),
        quota: match (columns.maybe_integer()?, columns.maybe_integer()?, columns.maybe_time()?) {
            (Some(limit), Some(remaining), resets_at) => Some(Quota {
                limit: u64::try_from(limit).unwrap_or(0),
                remaining: u64::try_from(remaining).unwrap_or(0),
                resets_at,
            }),
            _ => None,
        },
        problem_code: columns.maybe_text()?,
        problem: columns.maybe_text()?,
        problem_since: columns.maybe_time()?,
        next_attempt_at: columns.maybe_time()?,
    })
}
