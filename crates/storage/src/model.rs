//! What the people of a workspace taught its models: corrections of the shipped ones, of which at most one is in use.

use molva_domain::{Actor, EventKind, ModelId, ModelState, Timestamp, WorkspaceId};

use crate::event::NewEvent;
use crate::sql::{Row, Statement, Transaction};
use crate::{Result, Storage};

mod examples;

pub use examples::{Marks, Teaching};

/// Models of a workspace that are kept, the one in use aside: the newest.
pub const MAX_MODELS: u32 = 30;

/// A model that was learnt, taken or not.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredModel {
    pub id: ModelId,
    pub created_at: Timestamp,
    pub state: ModelState,
    /// Version of the shipped models that it corrects.
    pub base: String,
    /// Version of those with the correction.
    pub version: String,
    /// JSON.
    pub manifest: String,
    /// Of the correction, in bytes; zero of one that was refused.
    pub size: u64,
    /// How far it had read what people say.
    pub marks: Marks,
}

/// A model to be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct NewModel {
    pub base: String,
    pub version: String,
    pub manifest: String,
    /// `None` of one that was refused.
    pub bytes: Option<Vec<u8>>,
    pub marks: Marks,
}

const COLUMNS: &str = "SELECT id, created_at, state, base, version, manifest, CAST(COALESCE(LENGTH(bytes), 0) AS BIGINT), \
     last_label, last_answer FROM model WHERE workspace_id = $1";

impl Storage {
    /// Keeps a model; one that is `Active` takes the place of the one in use in the same transaction. Writes `model.trained`,
    /// and `model.activated` of one in use.
    pub async fn add_model(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        model: NewModel,
        state: ModelState,
    ) -> Result<ModelId> {
        let (now, id) = (self.now(), ModelId(self.ids().next()));
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        if state == ModelState::Active {
            retire(&mut transaction, workspace).await?;
        }
        let statement = Statement::new(
            "INSERT INTO model (id, workspace_id, created_at, state, base, version, manifest, bytes, last_label, last_answer) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        );
        let statement = statement
            .bind(id.0)
            .bind(workspace.0)
            .bind(now)
            .bind(state.as_str())
            .bind(model.base)
            .bind(model.version)
            .bind(model.manifest)
            .bind(crate::sql::Value::Bytes(model.bytes))
            .bind(model.marks.label)
            .bind(model.marks.answer);
        transaction.execute(statement).await?;
        let forget = Statement::new(
            "DELETE FROM model WHERE workspace_id = $1 AND state <> 'active' AND id NOT IN \
             (SELECT id FROM model WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2)",
        );
        transaction.execute(forget.bind(workspace.0).bind(i64::from(MAX_MODELS))).await?;
        let mut events = vec![NewEvent::of(EventKind::ModelTrained, id.0)];
        if state == ModelState::Active {
            events.push(NewEvent::of(EventKind::ModelActivated, id.0));
        }
        transaction.record(workspace, now, actor, events).await?;
        self.commit(transaction).await?;
        Ok(id)
    }

    /// Takes a model into use; [`ModelId::SHIPPED`] takes the shipped ones. `false` when there is none with weights.
    pub async fn activate_model(&self, workspace: WorkspaceId, actor: Actor, id: ModelId) -> Result<bool> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let known = Statement::new(
            "SELECT state FROM model WHERE workspace_id = $1 AND id = $2 AND bytes IS NOT NULL AND state <> 'refused'",
        );
        let state = match transaction.optional(known.bind(workspace.0).bind(id.0)).await? {
            Some(row) => Some(row.columns().text()?),
            None if id == ModelId::SHIPPED => None,
            None => return Ok(false),
        };
        if state.as_deref() == Some(ModelState::Active.as_str()) {
            return Ok(true);
        }
        let retired = retire(&mut transaction, workspace).await?;
        if state.is_some() {
            let statement = Statement::new("UPDATE model SET state = 'active' WHERE workspace_id = $1 AND id = $2");
            transaction.execute(statement.bind(workspace.0).bind(id.0)).await?;
        } else if retired == 0 {
            return Ok(true);
        }
        transaction.record(workspace, now, actor, vec![NewEvent::of(EventKind::ModelActivated, id.0)]).await?;
        self.commit(transaction).await?;
        Ok(true)
    }

    /// The newest first, at most `limit`.
    pub async fn models(&self, workspace: WorkspaceId, limit: u32) -> Result<Vec<StoredModel>> {
        let statement = Statement::assembled(format!("{COLUMNS} ORDER BY id DESC LIMIT $2").into());
        let rows = self.database().all(statement.bind(workspace.0).bind(i64::from(limit))).await?;
        rows.iter().map(read).collect()
    }

    /// The one in use; `None`: the shipped ones are.
    pub async fn active_model(&self, workspace: WorkspaceId) -> Result<Option<StoredModel>> {
        let statement = Statement::assembled(format!("{COLUMNS} AND state = 'active'").into());
        self.database().optional(statement.bind(workspace.0)).await?.as_ref().map(read).transpose()
    }

    /// The correction of a model.
    pub async fn model_bytes(&self, workspace: WorkspaceId, id: ModelId) -> Result<Option<Vec<u8>>> {
        let statement = Statement::new("SELECT bytes FROM model WHERE workspace_id = $1 AND id = $2");
        let row = self.database().optional(statement.bind(workspace.0).bind(id.0)).await?;
        row.map_or(Ok(None), |row| row.columns().maybe_bytes())
    }
}

async fn retire(transaction: &mut Transaction, workspace: WorkspaceId) -> Result<u64> {
    let statement = Statement::new("UPDATE model SET state = 'retired' WHERE workspace_id = $1 AND state = 'active'");
    transaction.execute(statement.bind(workspace.0)).await
}

fn read(row: &Row) -> Result<StoredModel> {
    let mut columns = row.columns();
    Ok(StoredModel {
        id: ModelId(columns.integer()?),
        created_at: columns.time()?,
        state: columns.parsed("state of a model", ModelState::parse)?,
        base: columns.text()?,
        version: columns.text()?,
        manifest: columns.text()?,
        size: columns.count()?,
        marks: Marks { label: columns.integer()?, answer: columns.time()? },
    })
}
