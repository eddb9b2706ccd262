//! What people judge of mentions.

use molva_domain::{Actor, EventKind, MentionId, MentionState, Timestamp, Tone, WorkspaceId};
use serde_json::json;

use super::{Mention, load};
use crate::event::{NewEvent, write_actor};
use crate::sql::{Bulk, Connection, Statement, Transaction, Value};
use crate::{Result, Storage};

/// A change to a mention; `None` leaves as is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MentionChange {
    pub state: Option<MentionState>,
    /// `Some(None)` takes the tone away.
    pub tone: Option<Option<Tone>>,
    pub add_tags: Vec<String>,
    pub remove_tags: Vec<String>,
}

impl Storage {
    /// Writes one `mention.changed` event with before and after for each that changes, and keeps the decisions as labels for
    /// training. Answers the mentions as they are now.
    pub async fn change_mentions(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        ids: &[MentionId],
        change: &MentionChange,
    ) -> Result<Vec<Mention>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let mut mentions = load(&mut Connection::Transaction(&mut transaction), workspace, ids).await?;
        let (mut events, mut labels) = (Vec::new(), Vec::new());
        for mention in &mut mentions {
            let before = mention.clone();
            change.apply(mention);
            if *mention == before {
                continue;
            }
            self.write_change(&mut transaction, workspace, mention).await?;
            if mention.tags != before.tags {
                replace_tags(&mut transaction, workspace, mention).await?;
            }
            for (kind, value) in decisions(&before, mention) {
                let id: i64 = self.ids().next();
                labels.extend([
                    Value::from(id),
                    mention.id.0.into(),
                    mention.post_id.0.into(),
                    mention.topic.0.into(),
                    kind.into(),
                    value.into(),
                ]);
            }
            events.push(NewEvent {
                kind: EventKind::MentionChanged,
                subject: mention.id.0,
                topic: Some(mention.topic.0),
                change: Some(json!({ "before": describe(&before), "after": describe(mention) }).to_string()),
            });
        }
        let (actor_kind, actor_id) = write_actor(actor);
        let shared = [workspace.0.into(), now.into(), actor_kind.into(), actor_id.into()];
        KEEP_LABELS.execute(&mut transaction, &shared, labels).await?;
        transaction.record(workspace, now, actor, events).await?;
        self.commit(transaction).await?;
        Ok(mentions)
    }

    async fn write_change(
        &self,
        transaction: &mut Transaction,
        workspace: WorkspaceId,
        mention: &Mention,
    ) -> Result<()> {
        let tags = (!mention.tags.is_empty()).then(|| json!(mention.tags).to_string());
        let statement =
            Statement::new("UPDATE mention SET state = $3, tone = $4, tags = $5 WHERE workspace_id = $1 AND id = $2");
        transaction
            .execute(
                statement
                    .bind(workspace.0)
                    .bind(mention.id.0)
                    .bind(mention.state.as_str())
                    .bind(mention.tone.map(Tone::as_str))
                    .bind(tags),
            )
            .await?;
        Ok(())
    }

    /// Decisions of people, oldest first, those after `after` (a label's id): what training reads.
    pub async fn labels(&self, workspace: WorkspaceId, after: i64, limit: u32) -> Result<Vec<Label>> {
        let statement = Statement::new(
            "SELECT id, mention_id, kind, value, at FROM label WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3",
        );
        let rows = self.database().all(statement.bind(workspace.0).bind(after).bind(i64::from(limit))).await?;
        rows.iter()
            .map(|row| {
                let mut columns = row.columns();
                Ok(Label {
                    id: columns.integer()?,
                    mention: MentionId(columns.integer()?),
                    kind: columns.text()?,
                    value: columns.maybe_text()?,
                    at: columns.time()?,
                })
            })
            .collect()
    }
}

/// One decision on one mention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub id: i64,
    pub mention: MentionId,
    /// `state`, `tone` or `tags`.
    pub kind: String,
    /// The new value; of tags a JSON list. `None`: the tone was taken away.
    pub value: Option<String>,
    pub at: Timestamp,
}

const KEEP_LABELS: Bulk = Bulk {
    head: "INSERT INTO label (workspace_id, at, actor_kind, actor_id, id, mention_id, post_id, topic_id, kind, value) VALUES",
    row: "($1, $2, $3, $4, ?, ?, ?, ?, ?, ?)",
    tail: "",
};

const ADD_TAGS: Bulk = Bulk {
    head: "INSERT INTO mention_tag (workspace_id, mention_id, tag) VALUES",
    row: "($1, $2, ?)",
    tail: "ON CONFLICT (workspace_id, tag, mention_id) DO NOTHING",
};

impl MentionChange {
    fn apply(&self, mention: &mut Mention) {
        mention.state = self.state.unwrap_or(mention.state);
        mention.tone = self.tone.unwrap_or(mention.tone);
        let removed: Vec<&str> = self.remove_tags.iter().map(|tag| tag.trim()).collect();
        mention.tags.retain(|tag| !removed.contains(&tag.as_str()));
        for tag in self.add_tags.iter().map(|tag| tag.trim().replace('\0', "\u{fffd}")) {
            if !tag.is_empty() && !mention.tags.contains(&tag) {
                mention.tags.push(tag);
            }
        }
    }
}

async fn replace_tags(transaction: &mut Transaction, workspace: WorkspaceId, mention: &Mention) -> Result<()> {
    let statement = Statement::new("DELETE FROM mention_tag WHERE workspace_id = $1 AND mention_id = $2");
    transaction.execute(statement.bind(workspace.0).bind(mention.id.0)).await?;
    let tags = mention.tags.iter().map(|tag| Value::from(tag.as_str())).collect();
    ADD_TAGS.execute(transaction, &[workspace.0.into(), mention.id.0.into()], tags).await?;
    Ok(())
}

/// What was decided, as labels write it.
fn decisions(before: &Mention, after: &Mention) -> Vec<(&'static str, Option<String>)> {
    let mut decisions = Vec::new();
    if before.state != after.state {
        decisions.push(("state", Some(after.state.to_string())));
    }
    if before.tone != after.tone {
        decisions.push(("tone", after.tone.map(|tone| tone.to_string())));
    }
    if before.tags != after.tags {
        decisions.push(("tags", Some(json!(after.tags).to_string())));
    }
    decisions
}

fn describe(mention: &Mention) -> serde_json::Value {
    json!({ "state": mention.state, "tone": mention.tone, "tags": mention.tags })
}
