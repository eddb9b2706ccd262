//! Topics and the versions of their queries.

use std::collections::HashMap;

use molva_domain::{Actor, EventKind, Timestamp, TopicId, TopicKind, TopicLevel, WorkspaceId};
use serde_json::json;

use crate::event::NewEvent;
use crate::sql::{Database, Row, Statement, Transaction, in_list};
use crate::{Result, Storage};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    pub id: TopicId,
    pub workspace: WorkspaceId,
    pub name: String,
    pub level: TopicLevel,
    pub kind: TopicKind,
    pub query: String,
    /// Grows by one with each change of the query.
    pub version: u32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Mentions stored for it, copies included.
    pub mentions: u64,
    pub last_mention_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct TopicDraft {
    pub name: String,
    pub level: TopicLevel,
    pub kind: TopicKind,
    pub query: String,
    /// Names of the lists that the query uses.
    pub lists: Vec<String>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, workspace_id, name, level, kind, query, version, created_at, updated_at, mentions, last_mention_at \
             FROM topic WHERE workspace_id = $1 AND deleted_at IS NULL ",
            $rest
        )
    };
}

const ONE_OF: &str = select!("AND id IN");

impl Storage {
    /// `Taken` when a live topic has the name, `Missing` when a list that the query uses does not exist.
    pub async fn create_topic(&self, workspace: WorkspaceId, actor: Actor, draft: TopicDraft) -> Result<Topic> {
        let now = self.now();
        let topic = Topic {
            id: self.ids().next(),
            workspace,
            name: draft.name,
            level: draft.level,
            kind: draft.kind,
            query: draft.query,
            version: 1,
            created_at: now,
            updated_at: now,
            mentions: 0,
            last_mention_at: None,
        };
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        transaction
            .execute(
                Statement::new(
                    "INSERT INTO topic (id, workspace_id, name, level, kind, query, version, created_at, updated_at, mentions) \
                     VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7, 0)",
                )
                .bind(topic.id.0)
                .bind(workspace.0)
                .bind(topic.name.as_str())
                .bind(topic.level.as_str())
                .bind(topic.kind.as_str())
                .bind(topic.query.as_str())
                .bind(now),
            )
            .await
            .map_err(|error| error.or_taken("topic", &topic.name))?;
        transaction.set_lists_of_topic(workspace, topic.id, &draft.lists).await?;
        keep_version(&mut transaction, &topic, now).await?;
        let change = json!({ "before": null, "after": describe(&topic) }).to_string();
        let event = NewEvent {
            kind: EventKind::TopicCreated,
            subject: topic.id.0,
            topic: Some(topic.id.0),
            change: Some(change),
        };
        transaction.record(workspace, now, actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(topic)
    }

    /// `None` when there is none; otherwise as [`Self::create_topic`]. The query's version grows only when its text changes.
    pub async fn update_topic(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        id: TopicId,
        draft: TopicDraft,
    ) -> Result<Option<Topic>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let statement = Statement::new(select!("AND id = $2")).bind(workspace.0).bind(id.0);
        let Some(row) = transaction.optional(statement).await? else { return Ok(None) };
        let before = read(&row)?;
        let new_query = before.query != draft.query;
        let after = Topic {
            name: draft.name,
            level: draft.level,
            kind: draft.kind,
            query: draft.query,
            version: before.version + u32::from(new_query),
            updated_at: now,
            ..before.clone()
        };
        transaction
            .execute(
                Statement::new(
                    "UPDATE topic SET name = $3, level = $4, kind = $5, query = $6, version = $7, updated_at = $8 \
                     WHERE workspace_id = $1 AND id = $2",
                )
                .bind(workspace.0)
                .bind(id.0)
                .bind(after.name.as_str())
                .bind(after.level.as_str())
                .bind(after.kind.as_str())
                .bind(after.query.as_str())
                .bind(i64::from(after.version))
                .bind(now),
            )
            .await
            .map_err(|error| error.or_taken("topic", &after.name))?;
        transaction.set_lists_of_topic(workspace, id, &draft.lists).await?;
        if new_query {
            keep_version(&mut transaction, &after, now).await?;
        }
        let change = json!({ "before": describe(&before), "after": describe(&after) }).to_string();
        let event = NewEvent { kind: EventKind::TopicChanged, subject: id.0, topic: Some(id.0), change: Some(change) };
        transaction.record(workspace, now, actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(Some(after))
    }

    /// Its mentions stay in storage but leave every list. `false` when there is none.
    pub async fn delete_topic(&self, workspace: WorkspaceId, actor: Actor, id: TopicId) -> Result<bool> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let statement = Statement::new(
            "UPDATE topic SET deleted_at = $3 WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL",
        );
        if transaction.execute(statement.bind(workspace.0).bind(id.0).bind(now)).await? == 0 {
            return Ok(false);
        }
        transaction.forget_lists_of_topic(id).await?;
        transaction.forget_annotations_of_topic(workspace, id).await?;
        let event = NewEvent { kind: EventKind::TopicDeleted, subject: id.0, topic: Some(id.0), change: None };
        transaction.record(workspace, now, actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(true)
    }

    /// By name.
    pub async fn topics(&self, workspace: WorkspaceId) -> Result<Vec<Topic>> {
        let statement = Statement::new(select!("ORDER BY id")).bind(workspace.0);
        let rows = self.database().all(statement).await?;
        let mut topics = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        // Sorted here: the engines do not agree on the order of letters.
        topics.sort_by_cached_key(|topic| (topic.name.to_lowercase(), topic.id));
        Ok(topics)
    }

    /// Those of the topics that exist, in no particular order.
    pub async fn topics_by_id(&self, workspace: WorkspaceId, ids: &[TopicId]) -> Result<Vec<Topic>> {
        let keys = ids.iter().map(|id| id.0.into()).collect();
        let postgres = matches!(self.database(), Database::Postgres(_));
        let mut topics = HashMap::new();
        for statement in in_list(postgres, ONE_OF, "", &[workspace.0.into()], keys) {
            for row in self.database().all(statement).await? {
                let topic = read(&row)?;
                topics.insert(topic.id, topic);
            }
        }
        Ok(topics.into_values().collect())
    }

    pub async fn topic(&self, workspace: WorkspaceId, id: TopicId) -> Result<Option<Topic>> {
        let statement = Statement::new(select!("AND id = $2")).bind(workspace.0).bind(id.0);
        self.database().optional(statement).await?.as_ref().map(read).transpose()
    }
}

/// Every text a query ever had stays, so that a mention's reason can be explained later.
async fn keep_version(transaction: &mut Transaction, topic: &Topic, now: Timestamp) -> Result<()> {
    transaction
        .execute(
            Statement::new(
                "INSERT INTO topic_version (topic_id, version, workspace_id, query, created_at) \
                 VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(topic.id.0)
            .bind(i64::from(topic.version))
            .bind(topic.workspace.0)
            .bind(topic.query.as_str())
            .bind(now),
        )
        .await?;
    Ok(())
}

fn describe(topic: &Topic) -> serde_json::Value {
    json!({
        "name": topic.name,
        "level": topic.level,
        "kind": topic.kind,
        "query": topic.query,
        "version": topic.version,
    })
}

fn read(row: &Row) -> Result<Topic> {
    let mut columns = row.columns();
    Ok(Topic {
        id: TopicId(columns.integer()?),
        workspace: WorkspaceId(columns.integer()?),
        name: columns.text()?,
        level: columns.parsed("topic level", TopicLevel::parse)?,
        kind: columns.parsed("topic kind", TopicKind::parse)?,
        query: columns.text()?,
        version: u32::try_from(columns.integer()?).unwrap_or(u32::MAX),
        created_at: columns.time()?,
        updated_at: columns.time()?,
        mentions: columns.count()?,
        last_mention_at: columns.maybe_time()?,
    })
}
