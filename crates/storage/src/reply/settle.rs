//! The way back: what came of a reply that was claimed.

use molva_domain::{AccountState, Actor, EventKind, ReplyState, Timestamp, Urn, WorkspaceId};

use super::claim::holds;
use super::{ClaimedReply, Reply, one, withdrawn, write};
use crate::account::{self, AccountReport, write_report};
use crate::event::NewEvent;
use crate::intake::hide_kept;
use crate::source::Problem;
use crate::sql::{Connection, Statement, Transaction};
use crate::urn_key::UrnKey;
use crate::{Result, Storage};

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// The network has it.
    Sent { urn: Urn, url: Option<String> },
    /// It certainly did not arrive, and is tried again then.
    Later { until: Timestamp, problem: Problem },
    /// It may have arrived; the network is asked then. `looks`: how often it was asked in vain already.
    Unsure { until: Timestamp, looks: u32, problem: Problem },
    /// A person has to decide.
    Refused(Problem),
    /// The account is not accepted: its replies wait until it is. A reply that may have arrived stays `unsure`.
    Account { state: AccountState, problem: Problem },
}

impl Storage {
    /// Writes it down and ends the claim. `None`: the claim was lost, and nothing is written.
    pub async fn settle_reply(&self, claimed: &ClaimedReply, settled: Settled) -> Result<Option<Reply>> {
        let (workspace, id, now) = (claimed.reply.workspace, claimed.reply.id, self.now());
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        if !holds(&mut transaction, claimed).await? {
            return Ok(None);
        }
        let Some(before) = one(&mut Connection::Transaction(&mut transaction), workspace, id).await? else {
            return Ok(None);
        };
        let account = account::connected(&mut transaction, workspace, before.account).await?;
        let mut events = Vec::new();
        let mut after = Reply { changed_at: now, ..before.clone() };
        let goes_on = |after: &mut Reply, state, next_at, problem| {
            (after.state, after.next_at, after.problem) = (state, Some(next_at), Some(problem));
        };
        match settled {
            Settled::Sent { urn, url } => {
                events.extend(know(&mut transaction, &before, &urn).await?);
                (after.state, after.next_at, after.problem) = (ReplyState::Sent, None, None);
                (after.urn, after.url, after.sent_at) = (Some(urn), url, Some(now));
            }
            Settled::Refused(problem) => {
                (after.state, after.next_at, after.problem) = (ReplyState::Refused, None, Some(problem));
            }
            Settled::Later { until, problem } => goes_on(&mut after, ReplyState::Retrying, until, problem),
            Settled::Unsure { until, looks, problem } => {
                goes_on(&mut after, ReplyState::Unsure, until, problem);
                after.looks = looks;
            }
            Settled::Account { state, problem } => {
                let stays = before.state == ReplyState::Unsure;
                let state_of_reply = if stays { ReplyState::Unsure } else { ReplyState::Retrying };
                goes_on(&mut after, state_of_reply, now, problem.clone());
                if let Some(account) = &account {
                    let report = AccountReport::NotAccepted { state, problem };
                    events.extend(write_report(&mut transaction, account, now, report).await?);
                }
            }
        }
        if account.is_none() && !after.state.is_final() {
            after = withdrawn(&after, now);
        }
        let release = "UPDATE reply SET lease_owner = NULL, lease_until = 0 WHERE workspace_id = $1 AND id = $2";
        transaction.execute(Statement::new(release).bind(workspace.0).bind(id.0)).await?;
        events.extend(write(&mut transaction, &before, &after).await?);
        transaction.record(workspace, now, Actor::System, events).await?;
        self.commit(transaction).await?;
        Ok(Some(after))
    }
}

/// Our own words are known from now on: listening that meets them counts a duplicate and makes no mention of them. Where it met them
/// before this was written, they leave the lists and the kept stream.
async fn know(transaction: &mut Transaction, reply: &Reply, urn: &Urn) -> Result<Vec<NewEvent>> {
    let (workspace, key) = (reply.workspace, UrnKey::of(urn));
    let before = Statement::new("SELECT place FROM known_urn WHERE workspace_id = $1 AND urn_key = $2");
    let before = transaction.optional(before.bind(workspace.0).bind(key)).await?;
    let place = before.map(|row| row.columns().integer()).transpose()?;
    match place {
        None => {
            let note = Statement::new("INSERT INTO known_urn (workspace_id, urn_key, place) VALUES ($1, $2, 0)");
            transaction.execute(note.bind(workspace.0).bind(key)).await?;
            Ok(Vec::new())
        }
        Some(0) => Ok(Vec::new()),
        Some(place) if place < 0 => {
            hide_kept(transaction, workspace, key).await?;
            Ok(Vec::new())
        }
        Some(post) => put_away(transaction, workspace, post).await,
    }
}

/// Nobody has to act on what we said ourselves.
async fn put_away(transaction: &mut Transaction, workspace: WorkspaceId, post: i64) -> Result<Vec<NewEvent>> {
    let statement = Statement::new(
        "UPDATE mention SET state = 'binned' WHERE +workspace_id = $1 AND post_id = $2 AND state <> 'binned' \
         RETURNING id, topic_id",
    );
    let rows = transaction.all(statement.bind(workspace.0).bind(post)).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            let event = NewEvent::of(EventKind::MentionChanged, columns.integer()?);
            Ok(NewEvent { topic: Some(columns.integer()?), ..event })
        })
        .collect()
}
