//! Named lists of words or authors, which queries use by name.
//!
//! Storage does not read queries: who stores a topic says which lists its query names, and a list that a topic uses can neither be
//! deleted nor renamed. See [`usage`].

mod usage;

use molva_domain::{Actor, EventKind, ListId, ListKind, Timestamp, TopicId, WorkspaceId};
use serde_json::{Value as Json, json};

use crate::event::NewEvent;
use crate::sql::{Row, Statement, Transaction};
use crate::{Result, Storage, StorageError};

/// Lists of one workspace.
pub const MAX_LISTS: u32 = 200;
/// Entries of one list.
pub const MAX_ENTRIES: usize = 10_000;
/// Characters of one entry.
pub const MAX_ENTRY_CHARS: usize = 500;
/// Entries of each kind of change that an event names.
const NAMED_CHANGES: usize = 50;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    pub id: ListId,
    pub workspace: WorkspaceId,
    /// As its owner writes it.
    pub name: String,
    pub kind: ListKind,
    pub entries: Vec<String>,
    /// Grows by one with each change of the list; a change must name the version it was made from.
    pub version: u32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListDraft {
    pub name: String,
    pub kind: ListKind,
    pub entries: Vec<String>,
}

/// A live topic whose query names a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListUse {
    pub list: ListId,
    pub topic: TopicId,
    pub topic_name: String,
}

/// The spelling a name is unique and found by: letter case and the width of spaces do not count.
#[must_use]
pub fn name_key(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, workspace_id, name, kind, entries, version, created_at, updated_at \
             FROM query_list WHERE workspace_id = $1 ",
            $rest
        )
    };
}

impl Storage {
    /// `Taken` when a list has the name in any letter case, `Full` at [`MAX_LISTS`].
    pub async fn create_list(&self, workspace: WorkspaceId, actor: Actor, draft: ListDraft) -> Result<List> {
        let now = self.now();
        let list = List {
            id: self.ids().next(),
            workspace,
            name: draft.name,
            kind: draft.kind,
            entries: draft.entries,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let counted = "SELECT COUNT(id) FROM query_list WHERE workspace_id = $1";
        transaction.refuse_full(workspace, "list", counted, MAX_LISTS).await?;
        transaction
            .execute(
                Statement::new(
                    "INSERT INTO query_list \
                     (id, workspace_id, name, name_key, kind, entries, version, created_at, updated_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7)",
                )
                .bind(list.id.0)
                .bind(workspace.0)
                .bind(list.name.as_str())
                .bind(name_key(&list.name))
                .bind(list.kind.as_str())
                .bind(json!(list.entries).to_string())
                .bind(now),
            )
            .await
            .map_err(|error| error.or_taken("list", &list.name))?;
        let event = NewEvent { change: Some(describe(None, &list)), ..NewEvent::of(EventKind::ListCreated, list.id.0) };
        transaction.record(workspace, now, actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(list)
    }

    /// Replaces a list when it still has the version `from`. `None` when there is none, `Stale` when somebody else changed it,
    /// `Taken` when another has the name, `InUse` when it would get another name while topics use this one.
    pub async fn update_list(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        id: ListId,
        from: u32,
        draft: ListDraft,
    ) -> Result<Option<List>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let Some(before) = locked(&mut transaction, workspace, id).await? else { return Ok(None) };
        if before.version != from {
            return Err(StorageError::Stale { what: "list", version: before.version });
        }
        if name_key(&before.name) != name_key(&draft.name) {
            transaction.refuse_used_list(workspace, &before).await?;
        }
        let after = List {
            name: draft.name,
            kind: draft.kind,
            entries: draft.entries,
            version: before.version.saturating_add(1),
            updated_at: now,
            ..before.clone()
        };
        transaction
            .execute(
                Statement::new(
                    "UPDATE query_list SET name = $3, name_key = $4, kind = $5, entries = $6, version = $7, \
                     updated_at = $8 WHERE workspace_id = $1 AND id = $2",
                )
                .bind(workspace.0)
                .bind(id.0)
                .bind(after.name.as_str())
                .bind(name_key(&after.name))
                .bind(after.kind.as_str())
                .bind(json!(after.entries).to_string())
                .bind(i64::from(after.version))
                .bind(now),
            )
            .await
            .map_err(|error| error.or_taken("list", &after.name))?;
        let event = NewEvent {
            change: Some(describe(Some(&before), &after)),
            ..NewEvent::of(EventKind::ListChanged, after.id.0)
        };
        transaction.record(workspace, now, actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(Some(after))
    }

    /// `false` when there is none, `InUse` while a topic's query names it.
    pub async fn delete_list(&self, workspace: WorkspaceId, actor: Actor, id: ListId) -> Result<bool> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let Some(list) = locked(&mut transaction, workspace, id).await? else { return Ok(false) };
        transaction.refuse_used_list(workspace, &list).await?;
        let statement = Statement::new("DELETE FROM query_list WHERE workspace_id = $1 AND id = $2");
        transaction.execute(statement.bind(workspace.0).bind(id.0)).await?;
        let event = NewEvent::changed(EventKind::ListDeleted, list.id.0, outline(&list), Json::Null);
        transaction.record(workspace, now, actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(true)
    }

    /// By name.
    pub async fn lists(&self, workspace: WorkspaceId) -> Result<Vec<List>> {
        let rows = self.database().all(Statement::new(select!("ORDER BY id")).bind(workspace.0)).await?;
        let mut lists = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        // Sorted here: the engines do not agree on the order of letters.
        lists.sort_by_cached_key(|list| (name_key(&list.name), list.id));
        Ok(lists)
    }

    pub async fn list(&self, workspace: WorkspaceId, id: ListId) -> Result<Option<List>> {
        let statement = Statement::new(select!("AND id = $2")).bind(workspace.0).bind(id.0);
        self.database().optional(statement).await?.as_ref().map(read).transpose()
    }

    /// Which lists there are and in which version, without their entries: what tells whether a copy of them is still good.
    pub async fn list_versions(&self, workspace: WorkspaceId) -> Result<Vec<(ListId, u32)>> {
        let statement = Statement::new("SELECT id, version FROM query_list WHERE workspace_id = $1 ORDER BY id");
        let rows = self.database().all(statement.bind(workspace.0)).await?;
        rows.iter()
            .map(|row| {
                let mut columns = row.columns();
                Ok((ListId(columns.integer()?), version(columns.integer()?)))
            })
            .collect()
    }
}

async fn locked(transaction: &mut Transaction, workspace: WorkspaceId, id: ListId) -> Result<Option<List>> {
    let statement = Statement::new(select!("AND id = $2")).bind(workspace.0).bind(id.0);
    transaction.optional(statement).await?.as_ref().map(read).transpose()
}

/// Before and after without the entries, and the first of those that came and went: a list may be long, the log is not.
fn describe(before: Option<&List>, after: &List) -> String {
    let entries = |list: Option<&List>| list.map(|list| list.entries.clone()).unwrap_or_default();
    let (old, new) = (entries(before), entries(Some(after)));
    let missing = |from: &[String], among: &[String]| -> Vec<String> {
        let among: std::collections::HashSet<&String> = among.iter().collect();
        from.iter().filter(|entry| !among.contains(entry)).take(NAMED_CHANGES).cloned().collect()
    };
    json!({
        "before": before.map(outline),
        "after": outline(after),
        "added": missing(&new, &old),
        "removed": missing(&old, &new),
    })
    .to_string()
}

fn outline(list: &List) -> Json {
    json!({ "name": list.name, "kind": list.kind, "entries": list.entries.len(), "version": list.version })
}

fn version(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn read(row: &Row) -> Result<List> {
    let mut columns = row.columns();
    Ok(List {
        id: ListId(columns.integer()?),
        workspace: WorkspaceId(columns.integer()?),
        name: columns.text()?,
        kind: columns.parsed("kind of list", ListKind::parse)?,
        entries: columns.parsed("form of a list's entries", |json| serde_json::from_str(json).ok())?,
        version: version(columns.integer()?),
        created_at: columns.time()?,
        updated_at: columns.time()?,
    })
}
