//! What models learn from: mentions with what people said of them, and mentions that nobody changed.

use molva_domain::{MentionId, Timestamp, WorkspaceId};

use crate::mention::Mention;
use crate::sql::Statement;
use crate::{Result, Storage};

/// How far what people say was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// The newest label.
    pub label: i64,
    /// The newest blind answer.
    pub answer: Timestamp,
}

impl Marks {
    /// Nothing was read.
    pub const NONE: Self = Self { label: 0, answer: Timestamp::from_micros(0) };
}

/// Mentions to learn from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Teaching {
    /// Those people said something of, the newest word first.
    pub corrected: Vec<MentionId>,
    /// Those nobody changed and nobody binned, the newest first. Copies are left out.
    pub left: Vec<MentionId>,
    pub marks: Marks,
}

/// Labels that teach: what is said of stories is learnt elsewhere.
const KINDS: &str = "kind IN ('state', 'tone', 'intents', 'stage', 'spam')";

impl Storage {
    /// At most so many mentions of each sort.
    pub async fn teaching(&self, workspace: WorkspaceId, limit: u32) -> Result<Teaching> {
        let label = format!("SELECT COALESCE(MAX(id), 0) FROM label WHERE workspace_id = $1 AND {KINDS}");
        let answer = "SELECT COALESCE(MAX(at), 0) FROM audit_answer WHERE workspace_id = $1".to_owned();
        // What comes while this is read counts as new.
        let marks = Marks {
            label: self.number(label, workspace).await?,
            answer: Timestamp::from_micros(self.number(answer, workspace).await?),
        };
        let corrected = format!(
            "SELECT mention_id FROM label WHERE workspace_id = $1 AND {KINDS} GROUP BY mention_id \
             ORDER BY MAX(id) DESC LIMIT $2"
        );
        let left = "SELECT id FROM mention WHERE +workspace_id = $1 AND by_people = 0 AND state <> 'binned' \
                    AND judged IS NOT NULL AND copy_of IS NULL ORDER BY id DESC LIMIT $2";
        Ok(Teaching {
            corrected: self.ids_of(corrected, workspace, limit).await?,
            left: self.ids_of(left.to_owned(), workspace, limit).await?,
            marks,
        })
    }

    /// Whole mentions in the order given; those whose posts or topics are gone are left out.
    pub async fn mentions_to_learn_from(&self, workspace: WorkspaceId, ids: &[MentionId]) -> Result<Vec<Mention>> {
        let mut mentions = crate::mention::load_stored(self, workspace, ids).await?;
        mentions.retain(|mention| !mention.post_deleted);
        Ok(mentions)
    }

    /// Labels and blind answers given since.
    pub async fn labels_since(&self, workspace: WorkspaceId, marks: Marks) -> Result<u64> {
        let labels = Statement::assembled(
            format!("SELECT COUNT(*) FROM label WHERE workspace_id = $1 AND id > $2 AND {KINDS}").into(),
        );
        let answers =
            Statement::new("SELECT COUNT(*) FROM audit_answer WHERE workspace_id = $1 AND at > $2 AND skipped = 0");
        let mut count = 0;
        for statement in [labels.bind(workspace.0).bind(marks.label), answers.bind(workspace.0).bind(marks.answer)] {
            count += self.database().optional(statement).await?.map_or(Ok(0), |row| row.columns().count())?;
        }
        Ok(count)
    }

    /// Mentions with labels of each kind, blind answers not among them.
    pub async fn labels_counted(&self, workspace: WorkspaceId) -> Result<Vec<(String, u64)>> {
        let statement = Statement::new(
            "SELECT kind, COUNT(DISTINCT mention_id) FROM label WHERE workspace_id = $1 AND value IS NOT NULL \
             GROUP BY kind ORDER BY kind",
        );
        let rows = self.database().all(statement.bind(workspace.0)).await?;
        rows.iter()
            .map(|row| {
                let mut columns = row.columns();
                Ok((columns.text()?, columns.count()?))
            })
            .collect()
    }

    async fn number(&self, sql: String, workspace: WorkspaceId) -> Result<i64> {
        let row = self.database().optional(Statement::assembled(sql.into()).bind(workspace.0)).await?;
        row.map_or(Ok(0), |row| row.columns().integer())
    }

    async fn ids_of(&self, sql: String, workspace: WorkspaceId, limit: u32) -> Result<Vec<MentionId>> {
        let statement = Statement::assembled(sql.into()).bind(workspace.0).bind(i64::from(limit));
        let rows = self.database().all(statement).await?;
        rows.iter().map(|row| Ok(MentionId(row.columns().integer()?))).collect()
    }
}
