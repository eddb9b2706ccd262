//! People, their sessions, and the one-time link that creates the first of them.
//!
//! Passwords arrive as argon2id PHC strings and secrets as SHA-256 digests; nothing here can be used to sign in.

use molva_domain::{Actor, EventKind, Timestamp, UserId, WorkspaceId};

use crate::event::NewEvent;
use crate::sql::{Columns, Statement, Transaction};
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
    pub async fn has_users(&self, workspace: WorkspaceId) -> Result<bool> {
        let statement = Statement::new("SELECT id FROM app_user WHERE workspace_id = $1 LIMIT 1").bind(workspace.0);
        Ok(self.database().optional(statement).await?.is_some())
    }

    /// Replaces the digest of the one-time set-up secret.
    pub async fn set_setup_digest(&self, workspace: WorkspaceId, digest: Digest, expires_at: Timestamp) -> Result<()> {
        let mut transaction = self.begin().await?;
        transaction
            .execute(
                Statement::new(
                    "INSERT INTO setup_secret (workspace_id, digest, expires_at) VALUES ($1, $2, $3) \
                     ON CONFLICT (workspace_id) DO UPDATE SET digest = excluded.digest, expires_at = excluded.expires_at",
                )
                .bind(workspace.0)
                .bind(&digest[..])
                .bind(expires_at),
            )
            .await?;
        self.commit(transaction).await
    }

    /// In one transaction: there is no user yet and the digest matches one not expired -> the owner exists and the digest is gone.
    /// `None` when either does not hold.
    pub async fn create_owner(&self, workspace: WorkspaceId, digest: Digest, user: NewUser) -> Result<Option<User>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let existing = Statement::new("SELECT id FROM app_user WHERE workspace_id = $1 LIMIT 1").bind(workspace.0);
        if transaction.optional(existing).await?.is_some() {
            return Ok(None);
        }
        let used = transaction
            .execute(
                Statement::new("DELETE FROM setup_secret WHERE workspace_id = $1 AND digest = $2 AND expires_at > $3")
                    .bind(workspace.0)
                    .bind(&digest[..])
                    .bind(now),
            )
            .await?;
        if used == 0 {
            return Ok(None);
        }
        let id: UserId = self.ids().next();
        let user = insert(&mut transaction, workspace, id, Actor::User(id), user, now).await?;
        self.commit(transaction).await?;
        Ok(Some(user))
    }

    /// Another person beside the owner. `Taken` when the login is somebody's.
    pub async fn create_user(&self, workspace: WorkspaceId, actor: Actor, user: NewUser) -> Result<User> {
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let user = insert(&mut transaction, workspace, self.ids().next(), actor, user, self.now()).await?;
        self.commit(transaction).await?;
        Ok(user)
    }

    pub async fn user_by_login(&self, login: &str) -> Result<Option<User>> {
        let statement = Statement::new(
            "SELECT id, workspace_id, login, name, role, password_hash, locale FROM app_user WHERE login = $1",
        )
        .bind(login.trim().to_lowercase());
        let row = self.database().optional(statement).await?;
        row.map(|row| read_user(&mut row.columns())).transpose()
    }

    pub async fn set_locale(&self, workspace: WorkspaceId, user: UserId, locale: &str) -> Result<()> {
        let mut transaction = self.begin().await?;
        transaction
            .execute(
                Statement::new("UPDATE app_user SET locale = $3 WHERE workspace_id = $1 AND id = $2")
                    .bind(workspace.0)
                    .bind(user.0)
                    .bind(locale),
            )
            .await?;
        self.commit(transaction).await
    }

    /// Writes a `session.created` event too.
    pub async fn create_session(&self, user: &User, digest: Digest, expires_at: Timestamp) -> Result<()> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(user.workspace).await?;
        transaction.execute(Statement::new("DELETE FROM session WHERE expires_at <= $1").bind(now)).await?;
        transaction
            .execute(
                Statement::new(
                    "INSERT INTO session (digest, workspace_id, user_id, created_at, expires_at) \
                     VALUES ($1, $2, $3, $4, $5)",
                )
                .bind(&digest[..])
                .bind(user.workspace.0)
                .bind(user.id.0)
                .bind(now)
                .bind(expires_at),
            )
            .await?;
        let event = NewEvent::of(EventKind::SignedIn, user.id.0);
        transaction.record(user.workspace, now, Actor::User(user.id), vec![event]).await?;
        self.commit(transaction).await
    }

    /// `None` when unknown or expired.
    pub async fn session(&self, digest: Digest) -> Result<Option<Session>> {
        let statement = Statement::new(
            "SELECT u.id, u.workspace_id, u.login, u.name, u.role, u.password_hash, u.locale, s.expires_at \
             FROM session s JOIN app_user u ON u.id = s.user_id WHERE s.digest = $1 AND s.expires_at > $2",
        )
        .bind(&digest[..])
        .bind(self.now());
        let row = self.database().optional(statement).await?;
        row.map(|row| {
            let mut columns = row.columns();
            Ok(Session { user: read_user(&mut columns)?, expires_at: columns.time()? })
        })
        .transpose()
    }

    /// Moves the end of a session; nothing when it is unknown or expired.
    pub async fn extend_session(&self, digest: Digest, expires_at: Timestamp) -> Result<()> {
        let mut transaction = self.begin().await?;
        transaction
            .execute(
                Statement::new("UPDATE session SET expires_at = $2 WHERE digest = $1 AND expires_at > $3")
                    .bind(&digest[..])
                    .bind(expires_at)
                    .bind(self.now()),
            )
            .await?;
        self.commit(transaction).await
    }

    pub async fn delete_session(&self, digest: Digest) -> Result<()> {
        let mut transaction = self.begin().await?;
        transaction.execute(Statement::new("DELETE FROM session WHERE digest = $1").bind(&digest[..])).await?;
        self.commit(transaction).await
    }
}

async fn insert(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    id: UserId,
    actor: Actor,
    user: NewUser,
    now: Timestamp,
) -> Result<User> {
    let user = User {
        id,
        workspace,
        login: user.login.trim().to_lowercase(),
        name: user.name,
        role: user.role,
        password_hash: user.password_hash,
        locale: user.locale,
    };
    transaction
        .execute(
            Statement::new(
                "INSERT INTO app_user (id, workspace_id, login, name, role, password_hash, locale, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(user.id.0)
            .bind(workspace.0)
            .bind(user.login.as_str())
            .bind(user.name.as_str())
            .bind(user.role.as_str())
            .bind(user.password_hash.as_str())
            .bind(user.locale.as_str())
            .bind(now),
        )
        .await
        .map_err(|error| error.or_taken("login", &user.login))?;
    let event = NewEvent::of(EventKind::UserCreated, user.id.0);
    transaction.record(workspace, now, actor, vec![event]).await?;
    Ok(user)
}

fn read_user(columns: &mut Columns<'_>) -> Result<User> {
    Ok(User {
        id: UserId(columns.integer()?),
        workspace: WorkspaceId(columns.integer()?),
        login: columns.text()?,
        name: columns.text()?,
        role: columns.text()?,
        password_hash: columns.text()?,
        locale: columns.text()?,
    })
}
