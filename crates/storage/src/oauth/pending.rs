//! Who was sent to a network's page and is to come back.

use std::time::Duration;

use molva_domain::{Secret, UserId, WorkspaceId};

use super::context;
use crate::sql::Statement;
use crate::user::Digest;
use crate::{Result, Storage, StorageError};

/// How long somebody may take on the network's page.
pub const PENDING_FOR: Duration = Duration::from_secs(600);
/// Of one person at once.
const MAX_PENDING: u32 = 20;

/// Somebody about to go.
#[derive(Clone, Debug)]
pub struct NewPending {
    pub connector: String,
    /// SHA-256 of the state that comes back with them.
    pub state: Digest,
    /// SHA-256 of their session: nobody else may come back for them.
    pub session: Digest,
    pub user: UserId,
    /// Opaque here: what is to be done when they come back.
    pub content: Secret,
}

/// Somebody who came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    pub connector: String,
    pub user: UserId,
    pub content: Secret,
}

impl Storage {
    /// Remembers them for [`PENDING_FOR`]. `Full` when the person has begun too often without coming back.
    pub async fn begin_authorization(&self, workspace: WorkspaceId, pending: NewPending) -> Result<()> {
        let (now, id) = (self.now(), self.ids().next::<i64>());
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        transaction.execute(Statement::new("DELETE FROM oauth_pending WHERE expires_at <= $1").bind(now)).await?;
        let counted = Statement::new("SELECT COUNT(id) FROM oauth_pending WHERE workspace_id = $1 AND user_id = $2");
        let row = transaction.optional(counted.bind(workspace.0).bind(pending.user.0)).await?;
        if row.map_or(Ok(0), |row| row.columns().count())? >= u64::from(MAX_PENDING) {
            return Err(StorageError::Full { what: "authorisation", most: MAX_PENDING });
        }
        let sealed = self.inner.seal.seal(&context(workspace.0, id, "pending"), pending.content.expose())?;
        transaction
            .execute(
                Statement::new(
                    "INSERT INTO oauth_pending (id, workspace_id, connector, state, session, user_id, sealed, expires_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                )
                .bind(id)
                .bind(workspace.0)
                .bind(pending.connector)
                .bind(&pending.state[..])
                .bind(&pending.session[..])
                .bind(pending.user.0)
                .bind(sealed)
                .bind(now.plus(PENDING_FOR)),
            )
            .await?;
        self.commit(transaction).await
    }

    /// Takes the one of that state, for good: whoever comes with it again finds nothing. `None` as well when it is too old or
    /// was begun in another session, which leaves it to that one. Only digests of secrets of 256 bits are compared, so what
    /// the comparison's time tells is of no use.
    pub async fn take_authorization(
        &self,
        workspace: WorkspaceId,
        state: Digest,
        session: Digest,
    ) -> Result<Option<Pending>> {
        let mut transaction = self.begin().await?;
        let taken = transaction
            .optional(
                Statement::new(
                    "DELETE FROM oauth_pending WHERE workspace_id = $1 AND state = $2 AND session = $3 AND expires_at > $4 \
                     RETURNING id, connector, user_id, sealed",
                )
                .bind(workspace.0)
                .bind(&state[..])
                .bind(&session[..])
                .bind(self.now()),
            )
            .await?;
        let Some(row) = taken else { return Ok(None) };
        let mut columns = row.columns();
        let (id, connector, user) = (columns.integer()?, columns.text()?, UserId(columns.integer()?));
        let content = self.inner.seal.unseal(&context(workspace.0, id, "pending"), &columns.bytes()?)?;
        self.commit(transaction).await?;
        Ok(Some(Pending { connector, user, content: Secret::new(content) }))
    }
}
