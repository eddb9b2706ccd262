//! The lease of a source: one process polls, and whoever lost it cannot write.

use std::time::Duration;

use molva_domain::{SourceId, WorkspaceId};

use crate::sql::Statement;
use crate::{Result, Storage, StorageError};

/// The right to poll a source. When its time has run out another may take it; until one does, who held it goes on: a machine
/// that slept for a while loses nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    pub source: SourceId,
    /// Grows with each taking and giving back; writes with an older one are refused.
    pub fence: i64,
}

impl Storage {
    /// Takes the lease when it is free, has run out, or is held by the same `owner` (whose older lease is void then).
    /// `None` when another holds it or there is no such source.
    pub async fn take_lease(
        &self,
        workspace: WorkspaceId,
        id: SourceId,
        owner: &str,
        r#for: Duration,
    ) -> Result<Option<Lease>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        let row = transaction
            .optional(
                Statement::new(
                    "UPDATE source SET lease_owner = $3, lease_until = $4, lease_fence = lease_fence + 1 \
                     WHERE workspace_id = $1 AND id = $2 AND (lease_until <= $5 OR lease_owner = $3) \
                     RETURNING lease_fence",
                )
                .bind(workspace.0)
                .bind(id.0)
                .bind(owner)
                .bind(now.plus(r#for))
                .bind(now),
            )
            .await?;
        let lease =
            row.map(|row| Ok::<_, StorageError>(Lease { source: id, fence: row.columns().integer()? })).transpose()?;
        self.commit(transaction).await?;
        Ok(lease)
    }

    /// `LeaseLost` when it was taken over or given back.
    pub async fn renew_lease(&self, workspace: WorkspaceId, lease: Lease, r#for: Duration) -> Result<()> {
        let mut transaction = self.begin().await?;
        let renewed = transaction
            .execute(
                Statement::new(
                    "UPDATE source SET lease_until = $4 WHERE workspace_id = $1 AND id = $2 AND lease_fence = $3",
                )
                .bind(workspace.0)
                .bind(lease.source.0)
                .bind(lease.fence)
                .bind(self.now().plus(r#for)),
            )
            .await?;
        if renewed == 0 {
            return Err(StorageError::LeaseLost(lease.source));
        }
        self.commit(transaction).await
    }

    /// Nothing when it was taken over meanwhile. What is still under way with it can no longer be stored.
    pub async fn release_lease(&self, workspace: WorkspaceId, lease: Lease) -> Result<()> {
        let mut transaction = self.begin().await?;
        transaction
            .execute(
                Statement::new(
                    "UPDATE source SET lease_owner = NULL, lease_until = 0, lease_fence = lease_fence + 1 \
                     WHERE workspace_id = $1 AND id = $2 AND lease_fence = $3",
                )
                .bind(workspace.0)
                .bind(lease.source.0)
                .bind(lease.fence),
            )
            .await?;
        self.commit(transaction).await
    }
}
