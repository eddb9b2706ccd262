//! What a connector finds out about itself while it runs.

use std::time::Duration;

use molva_domain::{Actor, EventKind, Quota, SourceId, SourceState, Timestamp, WorkspaceId};
use serde_json::json;

use super::find;
use crate::event::NewEvent;
use crate::sql::{Connection, Statement};
use crate::{Result, Storage};

/// What a connector found out about itself; fields that are `None` stay as they are.
#[derive(Clone, Debug, Default)]
pub struct SourceReport {
    pub state: Option<SourceState>,
    pub success_at: Option<Timestamp>,
    pub lag: Option<Duration>,
    pub quota: Option<Quota>,
    /// `Some(None)` clears it.
    pub problem: Option<Option<Problem>>,
    pub next_attempt_at: Option<Option<Timestamp>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub code: String,
    pub message: String,
}

impl Storage {
    /// Writes a `source.changed` event when the state changes. A paused source stays paused, whatever a run that ends reports:
    /// only a person resumes it. Nothing when there is no such source.
    pub async fn report_source(&self, workspace: WorkspaceId, id: SourceId, report: SourceReport) -> Result<()> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let Some(before) = find(&mut Connection::Transaction(&mut transaction), workspace, id).await? else {
            return Ok(());
        };
        let state = if before.state == SourceState::Paused { None } else { report.state }.unwrap_or(before.state);
        let quota = report.quota.or(before.quota);
        let (problem_code, problem, problem_since) = match report.problem {
            None => (before.problem_code, before.problem, before.problem_since),
            Some(None) => (None, None, None),
            Some(Some(problem)) => {
                let lasting = before.problem_code.as_deref() == Some(problem.code.as_str());
                let since = if lasting { before.problem_since } else { None }.unwrap_or(now);
                (Some(problem.code), Some(problem.message), Some(since))
            }
        };
        let lag = report.lag.or(before.lag).map(|lag| i64::try_from(lag.as_micros()).unwrap_or(i64::MAX));
        transaction
            .execute(
                Statement::new(
                    "UPDATE source SET state = $3, last_success_at = $4, lag_us = $5, quota_limit = $6, \
                     quota_remaining = $7, quota_resets_at = $8, problem_code = $9, problem = $10, problem_since = $11, \
                     next_attempt_at = $12 WHERE workspace_id = $1 AND id = $2",
                )
                .bind(workspace.0)
                .bind(id.0)
                .bind(state.as_str())
                .bind(report.success_at.or(before.last_success_at))
                .bind(lag)
                .bind(quota.map(|quota| i64::try_from(quota.limit).unwrap_or(i64::MAX)))
                .bind(quota.map(|quota| i64::try_from(quota.remaining).unwrap_or(i64::MAX)))
                .bind(quota.and_then(|quota| quota.resets_at))
                .bind(problem_code)
                .bind(problem)
                .bind(problem_since)
                .bind(report.next_attempt_at.unwrap_or(before.next_attempt_at)),
            )
            .await?;
        if state != before.state {
            let change = json!({ "before": { "state": before.state }, "after": { "state": state } }).to_string();
            let event = NewEvent { kind: EventKind::SourceChanged, subject: id.0, topic: None, change: Some(change) };
            transaction.record(workspace, now, Actor::Source(id), vec![event]).await?;
        }
        self.commit(transaction).await
    }
}
