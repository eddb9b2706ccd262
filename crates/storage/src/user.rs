//! People, their sessions, and the one-time link that creates the first of them.
//!
//! Passwords arrive as argon2id PHC strings and secrets as SHA-256 digests; nothing here can be used to sign in.

use molva_domain::{Timestamp, UserId, WorkspaceId};

use crate::{Result, Storage};

/// SHA-256 of a secret that only its holder knows.
pub type Digest = [u8; 32];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub workspace: WorkspaceId,
    /// Lower case, unique.
    pub login: String,
    pub name: String,
    /// `owner` for now.
    pub role: String,
    pub password_hash: String,
    /// `ru`, `uk` or `en`.
    pub locale: String,
}

#[derive(Clone, Debug)]
pub struct NewUser {
    pub login: String,
    pub name: String,
    pub role: String,
    pub password_hash: String,
    pub locale: String,
}

#[derive(Clone, Debug)]
pub struct Session {
    pub user: User,
    pub expires_at: Timestamp,
}

impl Storage {
    pub async fn has_users(&self, _workspace: WorkspaceId) -> Result<bool> {
        todo!()
    }

    /// Replaces the digest of the one-time set-up secret.
    pub async fn set_setup_digest(
        &self,
        _workspace: WorkspaceId,
        _digest: Digest,
        _expires_at: Timestamp,
    ) -> Result<()> {
        todo!()
    }

    /// In one transaction: there is no user yet and the digest matches one not expired -> the owner exists and the digest is gone.
    /// `None` when either does not hold.
    pub async fn create_owner(&self, _workspace: WorkspaceId, _digest: Digest, _user: NewUser) -> Result<Option<User>> {
        todo!()
    }

    pub async fn user_by_login(&self, _login: &str) -> Result<Option<User>> {
        todo!()
    }

    pub async fn set_locale(&self, _workspace: WorkspaceId, _user: UserId, _locale: &str) -> Result<()> {
        todo!()
    }

    /// Writes a `session.created` event too.
    pub async fn create_session(&self, _user: &User, _digest: Digest, _expires_at: Timestamp) -> Result<()> {
        todo!()
    }

    /// `None` when unknown or expired.
    pub async fn session(&self, _digest: Digest) -> Result<Option<Session>> {
        todo!()
    }

    /// Moves the end of a session; nothing when it is unknown or expired.
    pub async fn extend_session(&self, _digest: Digest, _expires_at: Timestamp) -> Result<()> {
        todo!()
    }

    pub async fn delete_session(&self, _digest: Digest) -> Result<()> {
        todo!()
    }
}
