//! What people judge of mentions.

use molva_domain::{
    Actor, EventKind, Intents, MachineJudgement, MentionId, MentionState, ModelId, PostId, Stage, Timestamp, Tone,
    TopicId, WorkspaceId,
};
use serde_json::json;

use super::{Mention, judgement, load};
use crate::event::{NewEvent, write_actor};
use crate::sql::{Bulk, Connection, Statement, Transaction, Value};
use crate::{Result, Storage};

/// A change to a mention; `None` leaves as is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MentionChange {
    pub state: Option<MentionState>,
    /// `Some(None)` takes a person's word back: the machine's holds again. So with the next three.
    pub tone: Option<Option<Tone>>,
    /// The empty set says: none of them.
    pub intents: Option<Option<Intents>>,
    /// `Some(Some(None))` says: at no stage.
    pub stage: Option<Option<Option<Stage>>>,
    pub spam: Option<Option<bool>>,
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
                    mention.judged.as_ref().map(MachineJudgement::to_compact).into(),
                    mention.model.map(|model| model.0).into(),
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
        let statement = Statement::new(
            "UPDATE mention SET state = $3, tone = $4, tags = $5, intents = $6, stage = $7, spam = $8, by_people = $9 \
                 WHERE workspace_id = $1 AND id = $2",
        );
        transaction
            .execute(
                statement
                    .bind(workspace.0)
                    .bind(mention.id.0)
                    .bind(mention.state.as_str())
                    .bind(mention.tone.map(Tone::as_str))
                    .bind(tags)
                    .bind(mention.intents.map(|intents| i64::from(intents.bits())))
                    .bind(mention.stage.map(Stage::as_str))
                    .bind(mention.spam.map(judgement::per_mille))
                    .bind(i64::from(mention.by_people.bits())),
            )
            .await?;
        Ok(())
    }

    /// Decisions of people, oldest first, those after `after` (a label's id): what training reads.
    pub async fn labels(&self, workspace: WorkspaceId, after: i64, limit: u32) -> Result<Vec<Label>> {
        let statement = Statement::new(
            "SELECT id, mention_id, post_id, topic_id, kind, value, purpose, said, model, at FROM label \
             WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3",
        );
        let rows = self.database().all(statement.bind(workspace.0).bind(after).bind(i64::from(limit))).await?;
        rows.iter()
            .map(|row| {
                let mut columns = row.columns();
                Ok(Label {
                    id: columns.integer()?,
                    mention: MentionId(columns.integer()?),
                    post: PostId(columns.integer()?),
                    topic: TopicId(columns.integer()?),
                    kind: columns.text()?,
                    value: columns.maybe_text()?,
                    purpose: columns.text()?,
                    said: columns.maybe_text()?.and_then(|short| MachineJudgement::from_compact(&short)),
                    model: columns.maybe_integer()?.map(ModelId),
                    at: columns.time()?,
                })
            })
            .collect()
    }
}

/// One decision on one mention.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub id: i64,
    pub mention: MentionId,
    pub post: PostId,
    pub topic: TopicId,
    /// `state`, `tone`, `tags`, `intents`, `stage`, `spam` or `story`.
    pub kind: String,
    /// The new value: of tags a JSON list, of intents their names with commas, of a stage its name or `none`, of spam `yes` or
    /// `no`, of a story its id. `None`: the person's word was taken back.
    pub value: Option<String>,
    /// `correction`: chosen by whoever corrected, and so no fair sample.
    pub purpose: String,
    /// What the machine said then.
    pub said: Option<MachineJudgement>,
    /// The model that said it.
    pub model: Option<ModelId>,
    pub at: Timestamp,
}

pub(crate) const KEEP_LABELS: Bulk = Bulk {
    head: "INSERT INTO label (workspace_id, at, actor_kind, actor_id, id, mention_id, post_id, topic_id, kind, value, said, \
           model) VALUES",
    row: "($1, $2, $3, $4, ?, ?, ?, ?, ?, ?, ?, ?)",
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
        self.overrule(mention);
        let removed: Vec<&str> = self.remove_tags.iter().map(|tag| tag.trim()).collect();
        mention.tags.retain(|tag| !removed.contains(&tag.as_str()));
        for tag in self.add_tags.iter().map(|tag| tag.trim().replace('\0', "\u{fffd}")) {
            if !tag.is_empty() && !mention.tags.contains(&tag) {
                mention.tags.push(tag);
            }
        }
    }
}

impl MentionChange {
    fn overrule(&self, mention: &mut Mention) {
        let (was, spam) = (mention.by_people, mention.spam);
        if let Some(tone) = self.tone {
            (mention.tone, mention.by_people.tone) = (tone, tone.is_some());
        }
        if let Some(intents) = self.intents {
            (mention.intents, mention.by_people.intents) = (intents, intents.is_some());
        }
        if let Some(stage) = self.stage {
            (mention.stage, mention.by_people.stage) = (stage.flatten(), stage.is_some());
        }
        if let Some(spam) = self.spam {
            (mention.spam, mention.by_people.spam) = (spam.map(f32::from), spam.is_some());
        }
        mention.settle();
        // The machine's short form knows whole percents: what nobody touched stays as it was judged.
        if !was.spam && !mention.by_people.spam {
            mention.spam = spam;
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
    // To agree with the machine is a decision too.
    let (was, is) = (before.by_people, after.by_people);
    if is.tone && before.tone != after.tone || was.tone != is.tone {
        decisions.push(("tone", after.tone.filter(|_| is.tone).map(|tone| tone.to_string())));
    }
    if is.intents && before.intents != after.intents || was.intents != is.intents {
        decisions.push(("intents", after.intents.filter(|_| is.intents).map(|intents| intents.to_string())));
    }
    if is.stage && before.stage != after.stage || was.stage != is.stage {
        decisions.push(("stage", is.stage.then(|| after.stage.map_or("none", Stage::as_str).to_owned())));
    }
    if is.spam && before.spam != after.spam || was.spam != is.spam {
        let said = |spam| if spam >= 0.5 { "yes" } else { "no" };
        decisions.push(("spam", after.spam.filter(|_| is.spam).map(|spam| said(spam).to_owned())));
    }
    if before.tags != after.tags {
        decisions.push(("tags", Some(json!(after.tags).to_string())));
    }
    decisions
}

fn describe(mention: &Mention) -> serde_json::Value {
    json!({
        "state": mention.state,
        "tone": mention.tone,
        "tags": mention.tags,
        "intents": mention.intents,
        "stage": mention.stage,
        "spam": mention.spam.map(|spam| spam >= 0.5),
        "by_people": mention.by_people.names().collect::<Vec<_>>(),
    })
}
