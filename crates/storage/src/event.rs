//! The event log: written beside each change, in its transaction, and read in the order of commits.
//!
//! Events of a workspace are numbered without holes by a counter in the workspace's row. The row stays locked from the moment
//! the numbers are drawn to the commit, so number order is commit order.

use molva_domain::{Actor, Event, EventId, EventKind, SourceId, Timestamp, TokenId, UserId, WorkspaceId};
use serde_json::Value as Json;

use crate::sql::{Bulk, Statement, Transaction, Value};
use crate::{Result, Storage, StorageError};

impl Storage {
    /// Events after `after` in the order of commits; `kinds` empty is all.
    /// An event is visible only when every event with a smaller id is: a reader that remembers the last id loses nothing.
    pub async fn events_after(
        &self,
        workspace: WorkspaceId,
        after: EventId,
        kinds: &[EventKind],
        limit: u32,
    ) -> Result<Vec<Event>> {
        let mut sql = String::from(
            "SELECT id, at, actor_kind, actor_id, kind, subject, topic_id, change FROM event \
             WHERE workspace_id = $1 AND id > $2",
        );
        if !kinds.is_empty() {
            // Names of our own enum, not a caller's text.
            let names: Vec<String> = kinds.iter().map(|kind| format!("'{kind}'")).collect();
            sql.push_str(&format!(" AND kind IN ({})", names.join(", ")));
        }
        sql.push_str(" ORDER BY id LIMIT $3");
        let statement = Statement::assembled(sql.into()).bind(workspace.0).bind(after.0).bind(i64::from(limit));
        let rows = self.database().all(statement).await?;
        rows.iter()
            .map(|row| {
                let mut columns = row.columns();
                Ok(Event {
                    id: EventId(columns.integer()?),
                    workspace,
                    at: columns.time()?,
                    actor: read_actor(&columns.text()?, columns.maybe_integer()?)?,
                    kind: columns.parsed("kind of event", EventKind::parse)?,
                    subject: columns.integer()?,
                    topic: columns.maybe_integer()?,
                    change: columns.maybe_text()?,
                })
            })
            .collect()
    }

    pub async fn last_event(&self, workspace: WorkspaceId) -> Result<EventId> {
        let statement = Statement::new("SELECT last_event FROM workspace WHERE id = $1").bind(workspace.0);
        let row = self.database().optional(statement).await?;
        Ok(EventId(row.map(|row| row.columns().integer()).transpose()?.unwrap_or(0)))
    }
}

/// An event about to be written; id, time and workspace come from [`Transaction::record`].
#[derive(Debug)]
pub(crate) struct NewEvent {
    pub(crate) kind: EventKind,
    pub(crate) subject: i64,
    pub(crate) topic: Option<i64>,
    pub(crate) change: Option<String>,
}

impl NewEvent {
    pub(crate) const fn of(kind: EventKind, subject: i64) -> Self {
        Self { kind, subject, topic: None, change: None }
    }

    /// What a thing was and what it is; null before it was made and after it was deleted.
    pub(crate) fn changed(kind: EventKind, subject: i64, before: Json, after: Json) -> Self {
        let change = serde_json::json!({ "before": before, "after": after }).to_string();
        Self { change: Some(change), ..Self::of(kind, subject) }
    }
}

const INSERT: Bulk = Bulk {
    head: "INSERT INTO event (workspace_id, at, actor_kind, actor_id, id, kind, subject, topic_id, change) VALUES",
    row: "($1, $2, $3, $4, ?, ?, ?, ?, ?)",
    tail: "",
};

impl Transaction {
    /// Makes other writers of the workspace wait until this transaction ends. To be called before anything else is locked,
    /// so that two transactions never wait for each other. SQLite has one writer anyway.
    pub(crate) async fn lock_workspace(&mut self, workspace: WorkspaceId) -> Result<()> {
        if self.is_postgres() {
            self.all(Statement::new("SELECT id FROM workspace WHERE id = $1 FOR UPDATE").bind(workspace.0)).await?;
        }
        Ok(())
    }

    /// `Full` when the workspace has `most` of something already. `counted` counts them; `$1` is the workspace.
    pub(crate) async fn refuse_full(
        &mut self,
        workspace: WorkspaceId,
        what: &'static str,
        counted: &'static str,
        most: u32,
    ) -> Result<()> {
        let row = self.optional(Statement::new(counted).bind(workspace.0)).await?;
        let count = row.map_or(Ok(0), |row| row.columns().count())?;
        if count >= u64::from(most) { Err(StorageError::Full { what, most }) } else { Ok(()) }
    }

    /// Writes events in the order given.
    pub(crate) async fn record(
        &mut self,
        workspace: WorkspaceId,
        at: Timestamp,
        actor: Actor,
        events: Vec<NewEvent>,
    ) -> Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let drawn = self
            .optional(
                Statement::new("UPDATE workspace SET last_event = last_event + $2 WHERE id = $1 RETURNING last_event")
                    .bind(workspace.0)
                    .bind(count),
            )
            .await?
            .ok_or_else(|| StorageError::Incompatible(format!("there is no workspace `{workspace}`")))?;
        let last = drawn.columns().integer()?;
        let (actor_kind, actor_id) = write_actor(actor);
        let shared = [workspace.0.into(), at.into(), actor_kind.into(), actor_id.into()];
        let mut values = Vec::with_capacity(events.len() * 5);
        for (id, event) in (last - count + 1..).zip(events) {
            values.extend([
                Value::from(id),
                event.kind.as_str().into(),
                event.subject.into(),
                event.topic.into(),
                event.change.into(),
            ]);
        }
        INSERT.execute(self, &shared, values).await?;
        self.newest_event = Some(EventId(last));
        Ok(())
    }
}

pub(crate) const fn write_actor(actor: Actor) -> (&'static str, Option<i64>) {
    match actor {
        Actor::System => ("system", None),
        Actor::User(id) => ("user", Some(id.0)),
        Actor::Token(id) => ("token", Some(id.0)),
        Actor::Source(id) => ("source", Some(id.0)),
    }
}

pub(crate) fn read_actor(kind: &str, id: Option<i64>) -> Result<Actor> {
    match (kind, id) {
        ("system", None) => Ok(Actor::System),
        ("user", Some(id)) => Ok(Actor::User(UserId(id))),
        ("token", Some(id)) => Ok(Actor::Token(TokenId(id))),
        ("source", Some(id)) => Ok(Actor::Source(SourceId(id))),
        _ => Err(StorageError::Incompatible("the database holds an unknown kind of actor".to_owned())),
    }
}
