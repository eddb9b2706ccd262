//! What people do to a reply: reword it, take it back, approve it, have it tried again.

use molva_domain::{Actor, ReplyId, ReplyState, Timestamp, WorkspaceId};

use super::{Person, Reply, one, write};
use crate::sql::Connection;
use crate::{Result, Storage, account};

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyChange {
    Done(Box<Reply>),
    /// Not possible in the state it is in.
    NotNow(ReplyState),
    /// Who worded it cannot approve it.
    OwnWords,
    /// There is no such reply.
    Missing,
}

impl Storage {
    /// Rewords it or moves its time, as long as it was not handed to the network. Other words need another approval.
    pub async fn change_reply(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        id: ReplyId,
        text: Option<String>,
        send_after: Option<Timestamp>,
    ) -> Result<ReplyChange> {
        self.decide(workspace, actor, id, |before, needs_approval| {
            if !before.state.is_ours() {
                return Err(ReplyChange::NotNow(before.state));
            }
            let mut after = before.clone();
            after.send_after = send_after.unwrap_or(before.send_after);
            if let Some(text) = text.filter(|text| *text != before.text) {
                after.text = text;
                after.worded_by = actor;
                after.approved_by = None;
                if needs_approval {
                    after.state = ReplyState::AwaitingApproval;
                }
            }
            after.next_at = (after.state == ReplyState::Waiting).then_some(after.send_after);
            Ok(after)
        })
        .await
    }

    /// Takes it back: it was never handed over, or was not accepted. One that was refused is put aside.
    pub async fn cancel_reply(&self, workspace: WorkspaceId, actor: Actor, id: ReplyId) -> Result<ReplyChange> {
        self.decide(workspace, actor, id, |before, _| {
            if !before.state.is_ours() && !matches!(before.state, ReplyState::Retrying | ReplyState::Refused) {
                return Err(ReplyChange::NotNow(before.state));
            }
            Ok(Reply { state: ReplyState::Cancelled, next_at: None, ..before.clone() })
        })
        .await
    }

    /// The two-person rule: who worded it last cannot approve it.
    pub async fn approve_reply(&self, workspace: WorkspaceId, person: Person, id: ReplyId) -> Result<ReplyChange> {
        self.decide(workspace, person.actor, id, |before, _| {
            if before.state != ReplyState::AwaitingApproval {
                return Err(ReplyChange::NotNow(before.state));
            }
            if before.worded_by == person.actor {
                return Err(ReplyChange::OwnWords);
            }
            Ok(Reply {
                state: ReplyState::Waiting,
                next_at: Some(before.send_after),
                approved_by: Some(person.clone()),
                ..before.clone()
            })
        })
        .await
    }

    /// Has a refused reply tried again, as it is. The network is asked for it first: it may have arrived after all.
    pub async fn send_reply_again(&self, workspace: WorkspaceId, actor: Actor, id: ReplyId) -> Result<ReplyChange> {
        let now = self.now();
        self.decide(workspace, actor, id, |before, _| {
            if before.state != ReplyState::Refused {
                return Err(ReplyChange::NotNow(before.state));
            }
            Ok(Reply {
                state: ReplyState::Waiting,
                looks: 0,
                tries_began_at: None,
                next_at: Some(now),
                problem: None,
                ..before.clone()
            })
        })
        .await
    }

    async fn decide(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        id: ReplyId,
        change: impl FnOnce(&Reply, bool) -> std::result::Result<Reply, ReplyChange> + Send,
    ) -> Result<ReplyChange> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let Some(before) = one(&mut Connection::Transaction(&mut transaction), workspace, id).await? else {
            return Ok(ReplyChange::Missing);
        };
        let account = account::connected(&mut transaction, workspace, before.account).await?;
        let Some(account) = account else { return Ok(ReplyChange::NotNow(before.state)) };
        let after = match change(&before, account.needs_approval) {
            Ok(after) => Reply { changed_at: now, ..after },
            Err(refusal) => return Ok(refusal),
        };
        let event = write(&mut transaction, &before, &after).await?;
        transaction.record(workspace, now, actor, event.into_iter().collect()).await?;
        self.commit(transaction).await?;
        Ok(ReplyChange::Done(Box::new(after)))
    }
}
