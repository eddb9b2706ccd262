//! Audits with what people answered and what the mentions are now: what estimates are made of.

use molva_domain::{
    AuditId, ByPeople, Intents, MachineJudgement, MentionState, ModelId, RoundId, Stage, Timestamp, Tone, TopicId,
    UserId, WorkspaceId,
};

use super::{Audit, COLUMNS, Said, read_audit};
use crate::mention::judgement::{read_by_people, read_intents, read_spam};
use crate::sql::{Assembly, Columns, Row};
use crate::{Result, Storage, StorageError};

/// A correction within so many microseconds of somebody's own answer is made because of it.
const BECAUSE_US: i64 = 600_000_000;

/// An audit that at least one person answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    pub audit: Audit,
    pub topic: TopicId,
    pub now: Labelled,
    /// What somebody set right after they answered, so because of the answer: unlabelled mentions have no such corrections.
    pub by_answer: ByPeople,
    /// In the order of their times; nobody's skipped ones.
    pub answers: Vec<(UserId, Timestamp, Said)>,
}

/// A mention as it stands now.
#[derive(Clone, Debug, PartialEq)]
pub struct Labelled {
    pub state: MentionState,
    /// What counts: people's word, else the machine's. So are the next three.
    pub tone: Option<Tone>,
    pub intents: Option<Intents>,
    pub stage: Option<Stage>,
    pub spam: Option<f32>,
    pub by_people: ByPeople,
    pub judged: Option<MachineJudgement>,
    pub model: Option<ModelId>,
}

impl Storage {
    /// Of the rounds whose stretches have something in common with a period, in the order of their ids. Mentions of deleted
    /// topics are among them: they were drawn, and a share of all does not become wrong by leaving them out of it.
    pub async fn answered_audits(
        &self,
        workspace: WorkspaceId,
        from: Option<Timestamp>,
        before: Option<Timestamp>,
    ) -> Result<Vec<Answered>> {
        let mut query = Assembly::default();
        query.push("SELECT ").push(COLUMNS).push(
            ", m.topic_id, m.state, m.tone, m.intents, m.stage, m.spam, m.by_people, m.judged, m.model, \
             x.user_id, x.at, x.tone, x.intents, x.stage, x.spam, x.relevant \
             FROM audit_round r JOIN audit a ON a.round_id = r.id JOIN audit_answer x ON x.audit_id = a.id \
             JOIN mention m ON m.id = a.mention_id WHERE r.workspace_id = ",
        );
        within(query.bind(workspace.0), from, before);
        query.push(" AND x.skipped = 0 ORDER BY a.id, x.at, x.user_id");
        let rows = self.database().all(query.into_statement()).await?;
        let mut answered: Vec<Answered> = Vec::new();
        for row in &rows {
            let (next, answer) = read(row)?;
            match answered.last_mut().filter(|last| last.audit.id == next.audit.id) {
                Some(last) => last.answers.push(answer),
                None => answered.push(Answered { answers: vec![answer], ..next }),
            }
        }
        if !answered.is_empty() {
            self.add_corrections(workspace, (from, before), &mut answered).await?;
        }
        Ok(answered)
    }

    async fn add_corrections(
        &self,
        workspace: WorkspaceId,
        (from, before): (Option<Timestamp>, Option<Timestamp>),
        answered: &mut [Answered],
    ) -> Result<()> {
        let mut query = Assembly::default();
        query.push(
            "SELECT DISTINCT a.id, l.kind FROM audit_round r JOIN audit a ON a.round_id = r.id \
             JOIN audit_answer x ON x.audit_id = a.id JOIN label l ON l.mention_id = a.mention_id \
             WHERE l.actor_kind = 'user' AND l.actor_id = x.user_id AND l.at >= x.at AND l.at <= x.at + ",
        );
        query.bind(BECAUSE_US).push(" AND r.workspace_id = ");
        within(query.bind(workspace.0), from, before);
        for row in self.database().all(query.into_statement()).await? {
            let mut columns = row.columns();
            let id = AuditId(columns.integer()?);
            let kind = columns.text()?;
            let Ok(place) = answered.binary_search_by_key(&id, |answered| answered.audit.id) else { continue };
            let parts = &mut answered[place].by_answer;
            match kind.as_str() {
                "tone" => parts.tone = true,
                "intents" => parts.intents = true,
                "stage" => parts.stage = true,
                "spam" => parts.spam = true,
                _ => {}
            }
        }
        Ok(())
    }
}

/// A part of a round, whether any of it was answered or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundStratum {
    pub round: RoundId,
    pub stratum: u32,
    /// Mentions in it.
    pub population: u64,
}

impl Storage {
    /// The strata of rounds whose stretches have something in common with a period, in the order of rounds and numbers.
    pub async fn audit_strata(
        &self,
        workspace: WorkspaceId,
        from: Option<Timestamp>,
        before: Option<Timestamp>,
    ) -> Result<Vec<RoundStratum>> {
        let mut query = Assembly::default();
        query.push(
            "SELECT a.round_id, a.stratum, MAX(a.population) FROM audit_round r JOIN audit a ON a.round_id = r.id \
             WHERE r.workspace_id = ",
        );
        within(query.bind(workspace.0), from, before);
        query.push(" GROUP BY a.round_id, a.stratum ORDER BY a.round_id, a.stratum");
        let rows = self.database().all(query.into_statement()).await?;
        rows.iter()
            .map(|row| {
                let mut columns = row.columns();
                Ok(RoundStratum {
                    round: RoundId(columns.integer()?),
                    stratum: u32::try_from(columns.integer()?).unwrap_or(0),
                    population: columns.count()?,
                })
            })
            .collect()
    }
}

/// Rounds that have something in common with a period.
fn within(query: &mut Assembly, from: Option<Timestamp>, before: Option<Timestamp>) {
    if let Some(from) = from {
        query.push(" AND r.to_at > ").bind(from);
    }
    if let Some(before) = before {
        query.push(" AND r.from_at < ").bind(before);
    }
}

fn read(row: &Row) -> Result<(Answered, (UserId, Timestamp, Said))> {
    let mut columns = row.columns();
    let audit = read_audit(&mut columns)?;
    let topic = TopicId(columns.integer()?);
    let now = Labelled {
        state: columns.parsed("state of a mention", MentionState::parse)?,
        tone: columns.maybe_text()?.and_then(|tone| Tone::parse(&tone)),
        intents: columns.maybe_integer()?.map(read_intents),
        stage: columns.maybe_text()?.and_then(|stage| Stage::parse(&stage)),
        spam: columns.maybe_integer()?.map(read_spam),
        by_people: read_by_people(columns.integer()?),
        judged: columns.maybe_text()?.and_then(|short| MachineJudgement::from_compact(&short)),
        model: columns.maybe_integer()?.map(ModelId),
    };
    let answer = read_answer(&mut columns, audit.id)?;
    Ok((Answered { audit, topic, now, by_answer: ByPeople::default(), answers: Vec::new() }, answer))
}

fn read_answer(columns: &mut Columns<'_>, audit: AuditId) -> Result<(UserId, Timestamp, Said)> {
    let (user, at) = (UserId(columns.integer()?), columns.time()?);
    let tone = columns.maybe_text()?.and_then(|tone| Tone::parse(&tone));
    let said = Said {
        tone: tone.ok_or_else(|| StorageError::Incompatible(format!("an answer of audit `{audit}` has no tone")))?,
        intents: columns.maybe_integer()?.map(read_intents).unwrap_or_default(),
        stage: columns.maybe_text()?.and_then(|stage| Stage::parse(&stage)),
        spam: columns.maybe_integer()? == Some(1),
        relevant: columns.maybe_integer()? != Some(0),
    };
    Ok((user, at, said))
}
