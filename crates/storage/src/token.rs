//! API tokens and the answers of idempotent requests.

use std::time::Duration;

use molva_domain::{Actor, EventKind, Timestamp, TokenId, WorkspaceId};

use crate::event::NewEvent;
use crate::sql::{Row, Statement};
use crate::urn_key::bounded_key;
use crate::user::Digest;
use crate::{Result, Storage, StorageError};

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

/// A token's use is noted at most this often.
const NOTE_USE_EVERY: Duration = Duration::from_secs(60);
const KEEP_ANSWERS: Duration = Duration::from_secs(24 * 3_600);

impl Storage {
    pub async fn create_token(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        name: &str,
        scopes: &[String],
        digest: Digest,
    ) -> Result<Token> {
        let now = self.now();
        let token = Token {
            id: self.ids().next(),
            workspace,
            name: name.to_owned(),
            scopes: scopes.to_vec(),
            created_at: now,
            last_used_at: None,
        };
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        transaction
            .execute(
                Statement::new(
                    "INSERT INTO token (id, workspace_id, name, scopes, digest, created_at) \
                     VALUES ($1, $2, $3, $4, $5, $6)",
                )
                .bind(token.id.0)
                .bind(workspace.0)
                .bind(name)
                .bind(scopes.join(" "))
                .bind(&digest[..])
                .bind(now),
            )
            .await?;
        let event = NewEvent::of(EventKind::TokenCreated, token.id.0);
        transaction.record(workspace, now, actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(token)
    }

    pub async fn tokens(&self, workspace: WorkspaceId) -> Result<Vec<Token>> {
        let statement = Statement::new(
            "SELECT id, workspace_id, name, scopes, created_at, last_used_at FROM token \
             WHERE workspace_id = $1 ORDER BY id",
        )
        .bind(workspace.0);
        self.database().all(statement).await?.iter().map(read).collect()
    }

    /// Finds by digest and notes the use (at most once a minute).
    pub async fn token_by_digest(&self, digest: Digest) -> Result<Option<Token>> {
        let statement = Statement::new(
            "SELECT id, workspace_id, name, scopes, created_at, last_used_at FROM token WHERE digest = $1",
        )
        .bind(&digest[..]);
        let Some(row) = self.database().optional(statement).await? else { return Ok(None) };
        let mut token = read(&row)?;
        let now = self.now();
        if token.last_used_at.is_none_or(|last| now.since(last) >= NOTE_USE_EVERY) {
            let mut transaction = self.begin().await?;
            transaction
                .execute(
                    Statement::new("UPDATE token SET last_used_at = $3 WHERE workspace_id = $1 AND id = $2")
                        .bind(token.workspace.0)
                        .bind(token.id.0)
                        .bind(now),
                )
                .await?;
            self.commit(transaction).await?;
            token.last_used_at = Some(now);
        }
        Ok(Some(token))
    }

    /// `false` when there is no such token.
    pub async fn revoke_token(&self, workspace: WorkspaceId, actor: Actor, id: TokenId) -> Result<bool> {
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let statement = Statement::new("DELETE FROM token WHERE workspace_id = $1 AND id = $2");
        if transaction.execute(statement.bind(workspace.0).bind(id.0)).await? == 0 {
            return Ok(false);
        }
        let event = NewEvent::of(EventKind::TokenRevoked, id.0);
        transaction.record(workspace, self.now(), actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(true)
    }

    pub async fn stored_answer(&self, workspace: WorkspaceId, key: &str) -> Result<Option<StoredAnswer>> {
        let statement = Statement::new(
            "SELECT request, status, body FROM idempotent_answer \
             WHERE workspace_id = $1 AND request_key = $2 AND expires_at > $3",
        )
        .bind(workspace.0)
        .bind(bounded_key(key.to_owned()))
        .bind(self.now());
        let row = self.database().optional(statement).await?;
        row.map(|row| {
            let mut columns = row.columns();
            let request = columns.bytes()?;
            Ok(StoredAnswer {
                request: request.try_into().map_err(|_| {
                    StorageError::Incompatible("the database holds a damaged request digest".to_owned())
                })?,
                status: u16::try_from(columns.integer()?).unwrap_or(500),
                body: columns.bytes()?,
            })
        })
        .transpose()
    }

    /// Keeps the answer for 24 hours. The first answer to a key stays.
    pub async fn store_answer(&self, workspace: WorkspaceId, key: &str, answer: &StoredAnswer) -> Result<()> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.execute(Statement::new("DELETE FROM idempotent_answer WHERE expires_at <= $1").bind(now)).await?;
        transaction
            .execute(
                Statement::new(
                    "INSERT INTO idempotent_answer (workspace_id, request_key, request, status, body, expires_at) \
                     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace_id, request_key) DO NOTHING",
                )
                .bind(workspace.0)
                .bind(bounded_key(key.to_owned()))
                .bind(&answer.request[..])
                .bind(i64::from(answer.status))
                .bind(answer.body.as_slice())
                .bind(now.plus(KEEP_ANSWERS)),
            )
            .await?;
        self.commit(transaction).await
    }
}

fn read(row: &Row) -> Result<Token> {
    let mut columns = row.columns();
    Ok(Token {
        id: TokenId(columns.integer()?),
        workspace: WorkspaceId(columns.integer()?),
        name: columns.text()?,
        scopes: columns.text()?.split_whitespace().map(str::to_owned).collect(),
        created_at: columns.time()?,
        last_used_at: columns.maybe_time()?,
    })
}
