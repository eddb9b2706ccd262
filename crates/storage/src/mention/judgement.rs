//! The machine's judgements as columns, and the walk that has every mention judged by one model.

use molva_domain::{
    Actor, ByPeople, EventKind, Intents, MachineJudgement, MentionId, ModelId, Stage, Timestamp, WorkspaceId,
};
use serde_json::json;

use super::{Mention, load};
use crate::event::NewEvent;
use crate::intake::Judged;
use crate::sql::{Bulk, Connection, Statement, Transaction, Value};
use crate::{Result, Storage};

/// Rows of one look at most.
const LARGEST_LOOK: u32 = 10_000;

/// How far the walk is that has every mention judged by one model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judging {
    pub model: ModelId,
    /// Mentions with larger ids, up to `high`, are judged by the model.
    pub low: MentionId,
    pub high: MentionId,
    /// Mentions that were looked at.
    pub walked: u64,
    /// Mentions there were when the walk began.
    pub total: u64,
}

impl Judging {
    /// Nothing is left below.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.low.0 <= 0
    }
}

/// A stretch of mentions that was looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToJudge {
    /// Those another model judged or none did, the newest first; of deleted posts and topics none.
    pub mentions: Vec<Mention>,
    /// How many were looked at: fewer than asked for at the end.
    pub looked_at: u64,
    /// The oldest of them.
    pub last: Option<MentionId>,
}

impl Storage {
    /// Looks at `limit` mentions (at most 10,000) that arrived before `before`, the newest first, and answers those that
    /// `model` has not judged.
    pub async fn mentions_to_judge(
        &self,
        workspace: WorkspaceId,
        model: ModelId,
        (above, before): (MentionId, MentionId),
        limit: u32,
    ) -> Result<ToJudge> {
        let statement = Statement::new(
            "SELECT id, model FROM mention WHERE +workspace_id = $1 AND id > $2 AND id < $3 ORDER BY id DESC LIMIT $4",
        );
        let statement = statement.bind(workspace.0).bind(above.0).bind(before.0);
        let rows = self.database().all(statement.bind(i64::from(limit.clamp(1, LARGEST_LOOK)))).await?;
        let (mut found, mut last) = (Vec::new(), None);
        for row in &rows {
            let mut columns = row.columns();
            let id = MentionId(columns.integer()?);
            last = Some(id);
            if columns.maybe_integer()? != Some(model.0) {
                found.push(id);
            }
        }
        let mut mentions = load(&mut Connection::Pool(self.database()), workspace, &found).await?;
        mentions.retain(|mention| !mention.post_deleted);
        Ok(ToJudge { mentions, looked_at: rows.len() as u64, last })
    }

    /// Writes what a model says of mentions, and how far the walk is by that; what people set stays as it is. One
    /// `mentions.judged` event tells of all of them.
    pub async fn write_judgements(
        &self,
        workspace: WorkspaceId,
        model: ModelId,
        judgements: Vec<(MentionId, MachineJudgement)>,
        walk: Option<Judging>,
    ) -> Result<()> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        if let Some(walk) = walk {
            note_walk(&mut transaction, workspace, walk).await?;
        }
        let ids: Vec<MentionId> = judgements.iter().map(|(id, _)| *id).collect();
        let mut values = Vec::with_capacity(judgements.len() * 7);
        for (id, judgement) in judgements {
            values.push(Value::from(id.0));
            values.extend(columns(Some(Judged { model, judgement })));
        }
        OVERWRITE.execute(&mut transaction, &[workspace.0.into()], values).await?;
        record(&mut transaction, workspace, now, model.0, &ids).await?;
        self.commit(transaction).await
    }

    /// How far the walk is; `None` before the first.
    pub async fn judging(&self, workspace: WorkspaceId) -> Result<Option<Judging>> {
        let statement = Statement::new("SELECT model, low, high, walked, total FROM judging WHERE workspace_id = $1");
        let row = self.database().optional(statement.bind(workspace.0)).await?;
        row.map(|row| {
            let mut columns = row.columns();
            Ok(Judging {
                model: ModelId(columns.integer()?),
                low: MentionId(columns.integer()?),
                high: MentionId(columns.integer()?),
                walked: columns.count()?,
                total: columns.count()?,
            })
        })
        .transpose()
    }

    /// Begins a walk, or moves it on where nothing was to be judged.
    pub async fn note_judging(&self, workspace: WorkspaceId, walk: Judging) -> Result<()> {
        let mut transaction = self.begin().await?;
        note_walk(&mut transaction, workspace, walk).await?;
        self.commit(transaction).await
    }

    /// Mentions of topics that live, by their counters.
    pub async fn mentions_counted(&self, workspace: WorkspaceId) -> Result<u64> {
        let statement = Statement::new("SELECT mentions FROM topic WHERE workspace_id = $1 AND deleted_at IS NULL")
            .bind(workspace.0);
        let rows = self.database().all(statement).await?;
        rows.iter().try_fold(0, |sum: u64, row| Ok(sum.saturating_add(row.columns().count()?)))
    }
}

/// One event for all of them. `subject` is what judged.
pub(crate) async fn record(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    now: Timestamp,
    subject: i64,
    mentions: &[MentionId],
) -> Result<()> {
    if mentions.is_empty() {
        return Ok(());
    }
    let change = Some(json!({ "mentions": mentions }).to_string());
    let event = NewEvent { change, ..NewEvent::of(EventKind::MentionsJudged, subject) };
    transaction.record(workspace, now, Actor::System, vec![event]).await
}

async fn note_walk(transaction: &mut Transaction, workspace: WorkspaceId, walk: Judging) -> Result<()> {
    let statement = Statement::new(
        "INSERT INTO judging (workspace_id, model, low, high, walked, total) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (workspace_id) DO UPDATE SET model = EXCLUDED.model, low = EXCLUDED.low, high = EXCLUDED.high, \
         walked = EXCLUDED.walked, total = EXCLUDED.total",
    );
    let statement = statement.bind(workspace.0).bind(walk.model.0).bind(walk.low.0).bind(walk.high.0);
    transaction.execute(statement.bind(walk.walked).bind(walk.total)).await?;
    Ok(())
}

pub(crate) const OVERWRITE: Bulk = Bulk {
    head: "UPDATE mention SET \
           tone = CASE WHEN by_people & 1 = 0 THEN said.column2 ELSE tone END, \
           intents = CASE WHEN by_people & 2 = 0 THEN said.column3 ELSE intents END, \
           stage = CASE WHEN by_people & 4 = 0 THEN said.column4 ELSE stage END, \
           spam = CASE WHEN by_people & 8 = 0 THEN said.column5 ELSE spam END, \
           judged = said.column6, model = said.column7 FROM (VALUES",
    row: "(?, ?, ?, ?, ?, ?, ?)",
    tail: ") AS said WHERE mention.id = said.column1 AND +mention.workspace_id = $1",
};

/// Tone, intents, stage, spam, judged, model: as the machine says.
pub(crate) fn columns(judged: Option<Judged>) -> [Value; 6] {
    let Some(Judged { model, judgement }) = judged else {
        let (text, number) = (Value::Text(None), Value::Integer(None));
        return [text.clone(), number.clone(), text.clone(), number.clone(), text, number];
    };
    [
        judgement.tone.as_str().into(),
        i64::from(judgement.intents.bits()).into(),
        judgement.stage.map(Stage::as_str).into(),
        per_mille(judgement.spam).into(),
        judgement.to_compact().into(),
        model.0.into(),
    ]
}

/// Rounded down, so that what is no spam stays none.
pub(super) fn per_mille(spam: f32) -> i64 {
    (f64::from(spam.clamp(0.0, 1.0)) * 1000.0 + 0.001).floor() as i64
}

pub(crate) fn read_spam(per_mille: i64) -> f32 {
    per_mille.clamp(0, 1_000) as f32 / 1_000.0
}

pub(crate) fn read_intents(bits: i64) -> Intents {
    Intents::from_bits(u16::try_from(bits).unwrap_or(0))
}

pub(crate) fn read_by_people(bits: i64) -> ByPeople {
    ByPeople::from_bits(u8::try_from(bits).unwrap_or(0))
}

impl Mention {
    /// What the machine says where people say nothing.
    pub(super) fn settle(&mut self) {
        let judged = self.judged.as_ref();
        if !self.by_people.tone {
            self.tone = judged.map(|judged| judged.tone);
        }
        if !self.by_people.intents {
            self.intents = judged.map(|judged| judged.intents);
        }
        if !self.by_people.stage {
            self.stage = judged.and_then(|judged| judged.stage);
        }
        if !self.by_people.spam {
            self.spam = judged.map(|judged| read_spam(per_mille(judged.spam)));
        }
    }
}
