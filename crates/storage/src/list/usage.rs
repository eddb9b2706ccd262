//! Which topic uses which list.

use molva_domain::{ListId, TopicId, WorkspaceId};

use super::{List, ListUse, name_key};
use crate::sql::{Row, Statement, Transaction};
use crate::{Result, Storage, StorageError};

/// Topics named by the error that keeps a list.
const NAMED_TOPICS: i64 = 20;

impl Storage {
    /// Every use of every list, by list, then in the order in which the topics were made.
    pub async fn list_uses(&self, workspace: WorkspaceId) -> Result<Vec<ListUse>> {
        let statement = Statement::new(
            "SELECT u.list_id, t.id, t.name FROM topic_list AS u JOIN topic AS t ON t.id = u.topic_id \
             WHERE u.workspace_id = $1 ORDER BY u.list_id, t.id",
        );
        self.database().all(statement.bind(workspace.0)).await?.iter().map(read).collect()
    }

    /// The uses of one list, in the order in which the topics were made.
    pub async fn uses_of_list(&self, workspace: WorkspaceId, list: ListId) -> Result<Vec<ListUse>> {
        let statement = Statement::new(
            "SELECT u.list_id, t.id, t.name FROM topic_list AS u JOIN topic AS t ON t.id = u.topic_id \
             WHERE u.workspace_id = $1 AND u.list_id = $2 ORDER BY t.id",
        );
        self.database().all(statement.bind(workspace.0).bind(list.0)).await?.iter().map(read).collect()
    }
}

impl Transaction {
    /// Notes that a topic's query names these lists and no others; `Missing` when one of them does not exist.
    pub(crate) async fn set_lists_of_topic(
        &mut self,
        workspace: WorkspaceId,
        topic: TopicId,
        names: &[String],
    ) -> Result<()> {
        self.forget_lists_of_topic(topic).await?;
        let mut keys: Vec<(String, &String)> = names.iter().map(|name| (name_key(name), name)).collect();
        keys.sort();
        keys.dedup_by(|one, other| one.0 == other.0);
        for (key, name) in keys {
            let statement = Statement::new(
                "INSERT INTO topic_list (workspace_id, list_id, topic_id) \
                 SELECT workspace_id, id, $3 FROM query_list WHERE workspace_id = $1 AND name_key = $2",
            );
            if self.execute(statement.bind(workspace.0).bind(key).bind(topic.0)).await? == 0 {
                return Err(StorageError::Missing { what: "list", name: name.clone() });
            }
        }
        Ok(())
    }

    pub(crate) async fn forget_lists_of_topic(&mut self, topic: TopicId) -> Result<()> {
        self.execute(Statement::new("DELETE FROM topic_list WHERE topic_id = $1").bind(topic.0)).await.map(drop)
    }

    /// `InUse` with the first topics that use it.
    pub(super) async fn refuse_used_list(&mut self, workspace: WorkspaceId, list: &List) -> Result<()> {
        let statement = Statement::new(
            "SELECT u.list_id, t.id, t.name FROM topic_list AS u JOIN topic AS t ON t.id = u.topic_id \
             WHERE u.workspace_id = $1 AND u.list_id = $2 ORDER BY t.id LIMIT $3",
        );
        let rows = self.all(statement.bind(workspace.0).bind(list.id.0).bind(NAMED_TOPICS)).await?;
        let uses = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        if uses.is_empty() {
            return Ok(());
        }
        let by = uses.into_iter().map(|list_use| list_use.topic_name).collect();
        Err(StorageError::InUse { what: "list", name: list.name.clone(), by })
    }
}

fn read(row: &Row) -> Result<ListUse> {
    let mut columns = row.columns();
    Ok(ListUse { list: ListId(columns.integer()?), topic: TopicId(columns.integer()?), topic_name: columns.text()? })
}
