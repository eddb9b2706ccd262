//! Access by consent: us as networks know us, who was sent to a network and is to come back, and what keeps tokens alive.
//!
//! Tokens themselves are secrets of their account or source; here lies what they are renewed with, sealed as they are.

use molva_domain::{AccountId, Secret, SourceId, Timestamp, WorkspaceId};

use crate::sql::{Columns, Statement, Transaction};
use crate::{Result, Storage};

mod client;
mod pending;
mod refresh;

pub use client::{NewOAuthClient, OAuthClient};
pub use pending::{NewPending, PENDING_FOR, Pending};
pub use refresh::{ClaimedGrant, GrantSettled};

/// Whose token it keeps alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantOwner {
    Account(AccountId),
    Source(SourceId),
}

/// What may be known of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    pub obtained_at: Timestamp,
    /// When the access token ends.
    pub ends_at: Option<Timestamp>,
    /// When it can no longer be renewed.
    pub renewable_until: Option<Timestamp>,
    /// When it is renewed next; `None`: it cannot be, or not any more.
    pub refresh_at: Option<Timestamp>,
}

/// What a network gave beside the access token.
#[derive(Clone, Debug)]
pub struct NewGrant {
    pub connector: String,
    pub server: String,
    /// With which client it was given; only that one can renew it.
    pub client_id: String,
    /// Opaque here: the refresh token and what goes with it.
    pub content: Secret,
    pub ends_at: Option<Timestamp>,
    pub renewable_until: Option<Timestamp>,
    pub refresh_at: Option<Timestamp>,
}

/// What is sealed here, for the change of the key: read it, replace it.
pub(crate) const SEALED: [(&str, &str); 3] = [
    (
        "SELECT workspace_id, id, 'client', sealed FROM oauth_client WHERE sealed IS NOT NULL ORDER BY id",
        "UPDATE oauth_client SET sealed = $3 WHERE id = $1 AND $2 = 'client'",
    ),
    (
        "SELECT workspace_id, id, 'pending', sealed FROM oauth_pending ORDER BY id",
        "UPDATE oauth_pending SET sealed = $3 WHERE id = $1 AND $2 = 'pending'",
    ),
    (
        "SELECT workspace_id, owner_id, owner_kind, sealed FROM oauth_grant ORDER BY owner_kind, owner_id",
        "UPDATE oauth_grant SET sealed = $3 WHERE owner_id = $1 AND owner_kind = $2",
    ),
];

/// What a sealed value belongs to; it cannot be moved elsewhere.
pub(crate) fn context(workspace: i64, id: i64, kind: &str) -> String {
    format!("workspace {workspace}, oauth {kind} {id}")
}

impl GrantOwner {
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Account(_) => "account",
            Self::Source(_) => "source",
        }
    }

    pub(crate) const fn id(self) -> i64 {
        match self {
            Self::Account(id) => id.0,
            Self::Source(id) => id.0,
        }
    }

    fn of(kind: &str, id: i64) -> Option<Self> {
        match kind {
            "account" => Some(Self::Account(AccountId(id))),
            "source" => Some(Self::Source(SourceId(id))),
            _ => None,
        }
    }
}

impl Grant {
    /// `None` where the outer join found nothing.
    pub(crate) fn read(columns: &mut Columns<'_>) -> Result<Option<Self>> {
        let obtained = columns.maybe_time()?;
        let (ends_at, renewable_until, refresh_at) =
            (columns.maybe_time()?, columns.maybe_time()?, columns.maybe_time()?);
        Ok(obtained.map(|obtained_at| Self { obtained_at, ends_at, renewable_until, refresh_at }))
    }
}

impl Storage {
    /// What is known of the grant of an account or a source, and what it is renewed with, in the clear.
    pub async fn grant(&self, workspace: WorkspaceId, owner: GrantOwner) -> Result<Option<NewGrant>> {
        let read = || {
            let sql = "SELECT connector, server, client_id, sealed, ends_at, renewable_until, refresh_at FROM oauth_grant \
                 WHERE workspace_id = $1 AND owner_kind = $2 AND owner_id = $3";
            Statement::new(sql).bind(workspace.0).bind(owner.kind()).bind(owner.id())
        };
        let Some(row) = self.database().optional(read()).await? else { return Ok(None) };
        let mut columns = row.columns();
        let (connector, server, client_id) = (columns.text()?, columns.text()?, columns.text()?);
        let opened = self.inner.seal.unseal(&context(workspace.0, owner.id(), owner.kind()), &columns.bytes()?)?;
        Ok(Some(NewGrant {
            connector,
            server,
            client_id,
            content: Secret::new(opened),
            ends_at: columns.maybe_time()?,
            renewable_until: columns.maybe_time()?,
            refresh_at: columns.maybe_time()?,
        }))
    }

    /// Replaces what was there.
    pub(crate) async fn keep_grant(
        &self,
        transaction: &mut Transaction,
        workspace: WorkspaceId,
        owner: GrantOwner,
        grant: NewGrant,
    ) -> Result<()> {
        let sealed = self.inner.seal.seal(&context(workspace.0, owner.id(), owner.kind()), grant.content.expose())?;
        forget_grant(transaction, workspace, owner).await?;
        transaction
            .execute(
                Statement::new(
                    "INSERT INTO oauth_grant (owner_kind, owner_id, workspace_id, connector, server, client_id, sealed, \
                     obtained_at, ends_at, renewable_until, refresh_at, failures, lease_until, lease_fence) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, $12)",
                )
                .bind(owner.kind())
                .bind(owner.id())
                .bind(workspace.0)
                .bind(grant.connector)
                .bind(grant.server)
                .bind(grant.client_id)
                .bind(sealed)
                .bind(self.now())
                .bind(grant.ends_at)
                .bind(grant.renewable_until)
                .bind(grant.refresh_at)
                // Whoever still renews the one before has a smaller one, and writes nothing.
                .bind(self.ids().next::<i64>()),
            )
            .await?;
        Ok(())
    }
}

/// The token is kept alive by nobody any more.
pub(crate) async fn forget_grant(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    owner: GrantOwner,
) -> Result<()> {
    let statement =
        Statement::new("DELETE FROM oauth_grant WHERE workspace_id = $1 AND owner_kind = $2 AND owner_id = $3");
    transaction.execute(statement.bind(workspace.0).bind(owner.kind()).bind(owner.id())).await.map(drop)
}
