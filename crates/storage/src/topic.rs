//! Topics and the versions of their queries.

use molva_domain::{Actor, Timestamp, TopicId, TopicKind, TopicLevel, WorkspaceId};

use crate::{Result, Storage};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    pub id: TopicId,
    pub workspace: WorkspaceId,
    pub name: String,
    pub level: TopicLevel,
    pub kind: TopicKind,
    pub query: String,
    /// Grows by one with each change of the query.
    pub version: u32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Mentions stored for it, copies included.
    pub mentions: u64,
    pub last_mention_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct TopicDraft {
    pub name: String,
    pub level: TopicLevel,
    pub kind: TopicKind,
    pub query: String,
}

impl Storage {
    /// `Taken` when a live topic has the name.
    pub async fn create_topic(&self, _workspace: WorkspaceId, _actor: Actor, _draft: TopicDraft) -> Result<Topic> {
        todo!()
    }

    /// `None` when there is none. The query's version grows only when its text changes.
    pub async fn update_topic(
        &self,
        _workspace: WorkspaceId,
        _actor: Actor,
        _id: TopicId,
        _draft: TopicDraft,
    ) -> Result<Option<Topic>> {
        todo!()
    }

    /// Its mentions stay in storage but leave every list. `false` when there is none.
    pub async fn delete_topic(&self, _workspace: WorkspaceId, _actor: Actor, _id: TopicId) -> Result<bool> {
        todo!()
    }

    /// By name.
    pub async fn topics(&self, _workspace: WorkspaceId) -> Result<Vec<Topic>> {
        todo!()
    }

    pub async fn topic(&self, _workspace: WorkspaceId, _id: TopicId) -> Result<Option<Topic>> {
        todo!()
    }
}
