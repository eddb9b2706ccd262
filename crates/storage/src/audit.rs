//! Audits: mentions drawn at random that people label blind, and what they answered.
//!
//! An answer changes no mention. What operators set in lists are labels of another sort (see `mention/change.rs`): nobody drew
//! those at random, so nothing can be estimated from them.

use molva_domain::{
    Actor, AuditId, ByPeople, EventKind, Intents, MachineJudgement, MentionId, ModelId, RoundId, Stage, Timestamp,
    Tone, UserId, WorkspaceId,
};

use crate::event::NewEvent;
use crate::sql::{Bulk, Columns, Row, Statement, Transaction, Value};
use crate::{Result, Storage, StorageError};

mod answered;
mod candidates;
mod next;
mod progress;

pub use answered::{Answered, Labelled, RoundStratum};
pub use candidates::Candidate;
pub use progress::{MyAnswer, Progress};

/// Audits of one round at most.
pub const MAX_ROUND: usize = 1_000;

/// A stretch of time whose mentions were drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    pub id: RoundId,
    pub from: Timestamp,
    /// Not included.
    pub to: Timestamp,
    pub drawn_at: Timestamp,
    /// Mentions that were drawn.
    pub size: u64,
}

/// A mention to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct NewAudit {
    pub mention: Candidate,
    /// Number of its stratum in the round.
    pub stratum: u32,
    /// Mentions of the stratum, and those drawn of it.
    pub population: u64,
    pub drawn: u64,
}

/// A mention that was drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Audit {
    pub id: AuditId,
    pub round: RoundId,
    pub mention: MentionId,
    /// The time the mention is sorted by.
    pub at: Timestamp,
    pub stratum: u32,
    pub population: u64,
    pub drawn: u64,
    /// What the machine said when it was drawn.
    pub said: Option<MachineJudgement>,
    pub model: Option<ModelId>,
    /// What people had set by then.
    pub by_people: ByPeople,
}

/// What somebody says of a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// `None`: it was skipped.
    pub said: Option<Said>,
    /// From being shown to being answered.
    pub seconds: u32,
}

/// A whole judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    pub tone: Tone,
    pub intents: Intents,
    pub stage: Option<Stage>,
    pub spam: bool,
    /// It is about the topic at all.
    pub relevant: bool,
}

/// What [`read_audit`] reads, of an audit called `a`.
const COLUMNS: &str =
    "a.id, a.round_id, a.mention_id, a.at, a.stratum, a.population, a.drawn, a.said, a.model, a.by_people";

impl Storage {
    /// Rounds, the newest stretch first.
    pub async fn audit_rounds(&self, workspace: WorkspaceId, limit: u32) -> Result<Vec<Round>> {
        let statement = Statement::new(
            "SELECT id, from_at, to_at, drawn_at, size FROM audit_round WHERE workspace_id = $1 ORDER BY to_at DESC LIMIT $2",
        );
        let rows = self.database().all(statement.bind(workspace.0).bind(i64::from(limit))).await?;
        rows.iter().map(read_round).collect()
    }

    /// When the oldest stretch that was drawn from begins.
    pub async fn oldest_audited(&self, workspace: WorkspaceId) -> Result<Option<Timestamp>> {
        let statement = Statement::new("SELECT MIN(from_at) FROM audit_round WHERE workspace_id = $1");
        let row = self.database().optional(statement.bind(workspace.0)).await?;
        row.map_or(Ok(None), |row| row.columns().maybe_time())
    }

    /// Writes a round down, its audits in the order in which they are to be shown. `None` when one that overlaps was drawn
    /// before, as when two people come at once.
    pub async fn draw_round(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        (from, to): (Timestamp, Timestamp),
        audits: &[NewAudit],
    ) -> Result<Option<Round>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let overlapping = Statement::new(
            "SELECT id FROM audit_round WHERE workspace_id = $1 AND to_at > $2 AND from_at < $3 LIMIT 1",
        );
        if transaction.optional(overlapping.bind(workspace.0).bind(from).bind(to)).await?.is_some() {
            return Ok(None);
        }
        let audits = &audits[..audits.len().min(MAX_ROUND)];
        let round = Round { id: self.ids().next(), from, to, drawn_at: now, size: audits.len() as u64 };
        let statement = Statement::new(
            "INSERT INTO audit_round (id, workspace_id, from_at, to_at, drawn_at, size) VALUES ($1, $2, $3, $4, $5, $6)",
        );
        let statement = statement.bind(round.id.0).bind(workspace.0).bind(from).bind(to).bind(now).bind(round.size);
        transaction.execute(statement).await?;
        let mut values = Vec::with_capacity(audits.len() * 10);
        for (place, audit) in audits.iter().enumerate() {
            let id: AuditId = self.ids().next();
            values.extend([
                Value::from(id.0),
                audit.mention.id.0.into(),
                audit.mention.at.into(),
                (place as u64).into(),
                i64::from(audit.stratum).into(),
                audit.population.into(),
                audit.drawn.into(),
                audit.mention.judged.as_ref().map(MachineJudgement::to_compact).into(),
                audit.mention.model.map(|model| model.0).into(),
                i64::from(audit.mention.by_people.bits()).into(),
            ]);
        }
        INSERT.execute(&mut transaction, &[workspace.0.into(), round.id.0.into()], values).await?;
        let event = NewEvent::of(EventKind::RoundDrawn, round.id.0);
        transaction.record(workspace, now, actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(Some(round))
    }

    /// A mention that was drawn.
    pub async fn audit(&self, workspace: WorkspaceId, id: AuditId) -> Result<Option<Audit>> {
        let statement = Statement::assembled(
            format!("SELECT {COLUMNS} FROM audit a WHERE a.workspace_id = $1 AND a.id = $2").into(),
        );
        let row = self.database().optional(statement.bind(workspace.0).bind(id.0)).await?;
        row.map(|row| read_audit(&mut row.columns())).transpose()
    }

    /// Keeps what somebody says; their earlier answer of the same mention is replaced. `Missing` when it was not drawn.
    pub async fn answer_audit(&self, workspace: WorkspaceId, user: UserId, id: AuditId, answer: Answer) -> Result<()> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let known = Statement::new("SELECT id FROM audit WHERE workspace_id = $1 AND id = $2");
        if transaction.optional(known.bind(workspace.0).bind(id.0)).await?.is_none() {
            return Err(StorageError::Missing { what: "audit", name: id.to_string() });
        }
        let said = answer.said.as_ref();
        let statement = Statement::new(
            "INSERT INTO audit_answer (audit_id, user_id, workspace_id, tone, intents, stage, spam, relevant, skipped, seconds, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             ON CONFLICT (audit_id, user_id) DO UPDATE SET tone = EXCLUDED.tone, intents = EXCLUDED.intents, \
             stage = EXCLUDED.stage, spam = EXCLUDED.spam, relevant = EXCLUDED.relevant, skipped = EXCLUDED.skipped, \
             seconds = EXCLUDED.seconds, at = EXCLUDED.at",
        );
        let statement = statement
            .bind(id.0)
            .bind(user.0)
            .bind(workspace.0)
            .bind(said.map(|said| said.tone.as_str()))
            .bind(said.map(|said| i64::from(said.intents.bits())))
            .bind(said.and_then(|said| said.stage).map(Stage::as_str))
            .bind(said.map(|said| i64::from(said.spam)))
            .bind(said.map(|said| i64::from(said.relevant)))
            .bind(said.is_none())
            .bind(i64::from(answer.seconds))
            .bind(now);
        transaction.execute(statement).await?;
        record(&mut transaction, workspace, now, user, EventKind::AuditAnswered, id).await?;
        self.commit(transaction).await
    }

    /// Takes somebody's answer back; `false` when there is none.
    pub async fn undo_audit(&self, workspace: WorkspaceId, user: UserId, id: AuditId) -> Result<bool> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let statement =
            Statement::new("DELETE FROM audit_answer WHERE workspace_id = $1 AND audit_id = $2 AND user_id = $3");
        if transaction.execute(statement.bind(workspace.0).bind(id.0).bind(user.0)).await? == 0 {
            return Ok(false);
        }
        record(&mut transaction, workspace, now, user, EventKind::AuditUndone, id).await?;
        self.commit(transaction).await?;
        Ok(true)
    }
}

const INSERT: Bulk = Bulk {
    head: "INSERT INTO audit (workspace_id, round_id, id, mention_id, at, place, stratum, population, drawn, said, model, by_people) \
           VALUES",
    row: "($1, $2, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    tail: "",
};

async fn record(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    now: Timestamp,
    user: UserId,
    kind: EventKind,
    id: AuditId,
) -> Result<()> {
    transaction.record(workspace, now, Actor::User(user), vec![NewEvent::of(kind, id.0)]).await
}

fn read_round(row: &Row) -> Result<Round> {
    let mut columns = row.columns();
    Ok(Round {
        id: RoundId(columns.integer()?),
        from: columns.time()?,
        to: columns.time()?,
        drawn_at: columns.time()?,
        size: columns.count()?,
    })
}

fn read_audit(columns: &mut Columns<'_>) -> Result<Audit> {
    Ok(Audit {
        id: AuditId(columns.integer()?),
        round: RoundId(columns.integer()?),
        mention: MentionId(columns.integer()?),
        at: columns.time()?,
        stratum: u32::try_from(columns.integer()?).unwrap_or(0),
        population: columns.count()?,
        drawn: columns.count()?,
        said: columns.maybe_text()?.and_then(|short| MachineJudgement::from_compact(&short)),
        model: columns.maybe_integer()?.map(ModelId),
        by_people: crate::mention::judgement::read_by_people(columns.integer()?),
    })
}
