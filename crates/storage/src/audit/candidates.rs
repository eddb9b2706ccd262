//! What a draw has to know of the mentions it draws from.

use std::collections::HashMap;

use molva_domain::{ByPeople, Language, MachineJudgement, MentionId, ModelId, Timestamp, Tone, WorkspaceId};

use crate::mention::judgement::read_by_people;
use crate::sql::{Connection, Row, Value, in_list};
use crate::{Result, Storage};

/// A mention that may be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub id: MentionId,
    /// The time it is sorted by.
    pub at: Timestamp,
    /// What counts: a person's word, else the machine's.
    pub tone: Option<Tone>,
    pub judged: Option<MachineJudgement>,
    pub model: Option<ModelId>,
    pub by_people: ByPeople,
    pub network: String,
    pub language: Option<Language>,
}

const READ: &str = "SELECT m.id, m.sort_at, m.tone, m.judged, m.model, m.by_people, p.network, p.language \
     FROM mention m JOIN post p ON p.id = m.post_id WHERE +m.workspace_id = $1 AND p.deleted = 0 \
     AND +m.topic_id NOT IN (SELECT id FROM topic WHERE workspace_id = $1 AND deleted_at IS NOT NULL) AND m.id IN";

impl Storage {
    /// In the order given; those whose posts or topics are gone are left out.
    pub async fn audit_candidates(&self, workspace: WorkspaceId, ids: &[MentionId]) -> Result<Vec<Candidate>> {
        let mut connection = Connection::Pool(self.database());
        let mut found = HashMap::with_capacity(ids.len());
        let keys = ids.iter().map(|id| Value::from(id.0)).collect();
        for statement in in_list(connection.is_postgres(), READ, "", &[workspace.0.into()], keys) {
            for row in connection.all(statement).await? {
                let candidate = read(&row)?;
                found.insert(candidate.id, candidate);
            }
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }
}

fn read(row: &Row) -> Result<Candidate> {
    let mut columns = row.columns();
    Ok(Candidate {
        id: MentionId(columns.integer()?),
        at: columns.time()?,
        tone: columns.maybe_text()?.and_then(|tone| Tone::parse(&tone)),
        judged: columns.maybe_text()?.and_then(|short| MachineJudgement::from_compact(&short)),
        model: columns.maybe_integer()?.map(ModelId),
        by_people: read_by_people(columns.integer()?),
        network: columns.text()?,
        language: columns.maybe_text()?.and_then(|code| Language::parse(&code)),
    })
}
