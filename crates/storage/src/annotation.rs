//! Notes on the time line: what happened at a moment or in a stretch of time, for everybody, of one topic or of all.

use molva_domain::{Actor, AnnotationId, EventKind, Timestamp, TopicId, WorkspaceId};
use serde_json::{Value as Json, json};

use crate::event::{NewEvent, read_actor, write_actor};
use crate::sql::{Assembly, Row, Statement, Transaction};
use crate::{Result, Storage, StorageError};

/// Annotations of one workspace.
pub const MAX_ANNOTATIONS: u32 = 5_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    pub id: AnnotationId,
    pub workspace: WorkspaceId,
    pub at: Timestamp,
    /// The end of a stretch; `None`: a moment.
    pub until: Option<Timestamp>,
    pub text: String,
    /// `None`: it concerns all topics.
    pub topic: Option<TopicId>,
    pub author: Actor,
    /// What the author was called when it was written.
    pub author_name: String,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnotationDraft {
    pub at: Timestamp,
    pub until: Option<Timestamp>,
    pub text: String,
    pub topic: Option<TopicId>,
}

/// Which annotations are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnnotationFilter {
    /// Not over before this.
    pub from: Option<Timestamp>,
    /// Begun before this.
    pub before: Option<Timestamp>,
    /// Of one of these topics, or of all; empty: whatever topic.
    pub topics: Vec<TopicId>,
}

const COLUMNS: &str = "SELECT id, workspace_id, at, until_at, text, topic_id, author_kind, author_id, author_name, created_at \
     FROM annotation WHERE workspace_id = ";

impl Storage {
    /// `Full` at [`MAX_ANNOTATIONS`], `Missing` when its topic does not live.
    pub async fn create_annotation(
        &self,
        workspace: WorkspaceId,
        author: Actor,
        author_name: &str,
        draft: AnnotationDraft,
    ) -> Result<Annotation> {
        let now = self.now();
        let annotation = Annotation {
            id: self.ids().next(),
            workspace,
            at: draft.at,
            until: draft.until,
            text: draft.text,
            topic: draft.topic,
            author,
            author_name: author_name.to_owned(),
            created_at: now,
        };
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let counted = "SELECT COUNT(id) FROM annotation WHERE workspace_id = $1";
        transaction.refuse_full(workspace, "annotation", counted, MAX_ANNOTATIONS).await?;
        check_topic(&mut transaction, workspace, annotation.topic).await?;
        let (author_kind, author_id) = write_actor(author);
        transaction
            .execute(
                Statement::new(
                    "INSERT INTO annotation (id, workspace_id, at, until_at, text, topic_id, author_kind, author_id, \
                     author_name, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                )
                .bind(annotation.id.0)
                .bind(workspace.0)
                .bind(annotation.at)
                .bind(annotation.until)
                .bind(annotation.text.as_str())
                .bind(annotation.topic.map(|topic| topic.0))
                .bind(author_kind)
                .bind(author_id)
                .bind(author_name)
                .bind(now),
            )
            .await?;
        let event = NewEvent {
            topic: annotation.topic.map(|topic| topic.0),
            ..NewEvent::changed(EventKind::AnnotationCreated, annotation.id.0, Json::Null, outline(&annotation))
        };
        transaction.record(workspace, now, author, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(annotation)
    }

    /// Replaces what it says; its author stays. `None` when there is none, `Missing` when its topic does not live.
    pub async fn update_annotation(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        id: AnnotationId,
        draft: AnnotationDraft,
    ) -> Result<Option<Annotation>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let Some(before) = one(&mut transaction, workspace, id).await? else { return Ok(None) };
        if draft.topic != before.topic {
            check_topic(&mut transaction, workspace, draft.topic).await?;
        }
        let after =
            Annotation { at: draft.at, until: draft.until, text: draft.text, topic: draft.topic, ..before.clone() };
        transaction
            .execute(
                Statement::new(
                    "UPDATE annotation SET at = $3, until_at = $4, text = $5, topic_id = $6 \
                     WHERE workspace_id = $1 AND id = $2",
                )
                .bind(workspace.0)
                .bind(id.0)
                .bind(after.at)
                .bind(after.until)
                .bind(after.text.as_str())
                .bind(after.topic.map(|topic| topic.0)),
            )
            .await?;
        let event = NewEvent {
            topic: after.topic.map(|topic| topic.0),
            ..NewEvent::changed(EventKind::AnnotationChanged, after.id.0, outline(&before), outline(&after))
        };
        transaction.record(workspace, now, actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(Some(after))
    }

    /// `false` when there is none.
    pub async fn delete_annotation(&self, workspace: WorkspaceId, actor: Actor, id: AnnotationId) -> Result<bool> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let Some(annotation) = one(&mut transaction, workspace, id).await? else { return Ok(false) };
        let statement = Statement::new("DELETE FROM annotation WHERE workspace_id = $1 AND id = $2");
        transaction.execute(statement.bind(workspace.0).bind(id.0)).await?;
        let event = NewEvent {
            topic: annotation.topic.map(|topic| topic.0),
            ..NewEvent::changed(EventKind::AnnotationDeleted, annotation.id.0, outline(&annotation), Json::Null)
        };
        transaction.record(workspace, now, actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(true)
    }

    /// In the order of their times.
    pub async fn annotations(&self, workspace: WorkspaceId, filter: &AnnotationFilter) -> Result<Vec<Annotation>> {
        let mut query = Assembly::default();
        query.push(COLUMNS).bind(workspace.0);
        if let Some(from) = filter.from {
            query.push(" AND (at >= ").bind(from).push(" OR until_at >= ").bind(from).push(")");
        }
        if let Some(before) = filter.before {
            query.push(" AND at < ").bind(before);
        }
        if !filter.topics.is_empty() {
            query.push(" AND (topic_id IS NULL OR topic_id IN ").list(filter.topics.iter().map(|topic| topic.0));
            query.push(")");
        }
        query.push(" ORDER BY at, id");
        let rows = self.database().all(query.into_statement()).await?;
        rows.iter().map(read).collect()
    }
}

impl Transaction {
    /// A topic that is deleted takes its annotations with it.
    pub(crate) async fn forget_annotations_of_topic(&mut self, workspace: WorkspaceId, topic: TopicId) -> Result<()> {
        let statement = Statement::new("DELETE FROM annotation WHERE workspace_id = $1 AND topic_id = $2");
        self.execute(statement.bind(workspace.0).bind(topic.0)).await?;
        Ok(())
    }
}

async fn check_topic(transaction: &mut Transaction, workspace: WorkspaceId, topic: Option<TopicId>) -> Result<()> {
    let Some(topic) = topic else { return Ok(()) };
    let statement = Statement::new("SELECT id FROM topic WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL");
    match transaction.optional(statement.bind(workspace.0).bind(topic.0)).await? {
        Some(_) => Ok(()),
        None => Err(StorageError::Missing { what: "topic", name: topic.to_string() }),
    }
}

async fn one(transaction: &mut Transaction, workspace: WorkspaceId, id: AnnotationId) -> Result<Option<Annotation>> {
    let mut query = Assembly::default();
    query.push(COLUMNS).bind(workspace.0).push(" AND id = ").bind(id.0);
    transaction.optional(query.into_statement()).await?.as_ref().map(read).transpose()
}

fn outline(annotation: &Annotation) -> Json {
    let until = annotation.until.map(Timestamp::to_rfc3339);
    json!({ "at": annotation.at.to_rfc3339(), "until": until, "text": annotation.text })
}

fn read(row: &Row) -> Result<Annotation> {
    let mut columns = row.columns();
    Ok(Annotation {
        id: AnnotationId(columns.integer()?),
        workspace: WorkspaceId(columns.integer()?),
        at: columns.time()?,
        until: columns.maybe_time()?,
        text: columns.text()?,
        topic: columns.maybe_integer()?.map(TopicId),
        author: read_actor(&columns.text()?, columns.maybe_integer()?)?,
        author_name: columns.text()?,
        created_at: columns.time()?,
    })
}
