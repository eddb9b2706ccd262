//! API tokens and the answers of idempotent requests.

use molva_domain::{Actor, Timestamp, TokenId, WorkspaceId};

use crate::user::Digest;
use crate::{Result, Storage};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub id: TokenId,
    pub workspace: WorkspaceId,
    pub name: String,
    /// `read`, `write`, `push`.
    pub scopes: Vec<String>,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// What an idempotent request was answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnswer {
    /// SHA-256 of method, path and body: the same key with another request is a conflict.
    pub request: Digest,
    pub status: u16,
    pub body: Vec<u8>,
}

impl Storage {
    pub async fn create_token(
        &self,
        _workspace: WorkspaceId,
        _actor: Actor,
        _name: &str,
        _scopes: &[String],
        _digest: Digest,
    ) -> Result<Token> {
        todo!()
    }

    pub async fn tokens(&self, _workspace: WorkspaceId) -> Result<Vec<Token>> {
        todo!()
    }

    /// Finds by digest and notes the use (at most once a minute).
    pub async fn token_by_digest(&self, _digest: Digest) -> Result<Option<Token>> {
        todo!()
    }

    /// `false` when there is no such token.
    pub async fn revoke_token(&self, _workspace: WorkspaceId, _actor: Actor, _id: TokenId) -> Result<bool> {
        todo!()
    }

    pub async fn stored_answer(&self, _workspace: WorkspaceId, _key: &str) -> Result<Option<StoredAnswer>> {
        todo!()
    }

    /// Keeps the answer for 24 hours.
    pub async fn store_answer(&self, _workspace: WorkspaceId, _key: &str, _answer: &StoredAnswer) -> Result<()> {
        todo!()
    }
}
