//! Replacing the key under which secrets are sealed, safe to be cut off anywhere.
//!
//! The key to come is on disk before anything is sealed with it; everything is sealed anew in one transaction that no writer of
//! secrets overtakes; the old key goes when that is committed. Until then both keys are there and every secret opens with one of
//! them, so a rotation that was cut off does no harm, and running it again brings it to its end.

use std::collections::BTreeMap;

use molva_domain::{Secret, WorkspaceId};

use crate::sql::{Row, Statement, Transaction};
use crate::{Result, Storage, StorageError, account, source};

/// What was sealed anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rotation {
    pub source_secrets: u64,
    pub account_secrets: u64,
}

impl Storage {
    /// Seals all secrets of all workspaces anew under a new key and puts that in the old one's place. Servers that run on the same
    /// key file go on. `Incompatible` when a secret does not open, and then nothing has changed.
    pub async fn rotate_secrets(&self) -> Result<Rotation> {
        self.inner.seal.prepare()?;
        let mut transaction = self.begin().await?;
        let workspaces = "SELECT id FROM workspace ORDER BY id";
        let lock =
            if transaction.is_postgres() { "SELECT id FROM workspace ORDER BY id FOR UPDATE" } else { workspaces };
        transaction.all(Statement::new(lock)).await?;
        let rotation = Rotation {
            source_secrets: self.seal_anew(&mut transaction, &SOURCES).await?,
            account_secrets: self.seal_anew(&mut transaction, &ACCOUNTS).await?,
        };
        self.commit(transaction).await?;
        self.inner.seal.replace()?;
        Ok(rotation)
    }

    /// The secrets of an owner in the clear. They are read once more when they do not open: the key may have been replaced between
    /// the reading of the rows and that of the key.
    pub(crate) async fn opened(
        &self,
        read: &'static str,
        workspace: WorkspaceId,
        owner: i64,
        context: impl Fn(&str) -> String,
    ) -> Result<BTreeMap<String, Secret>> {
        let open = |rows: Vec<Row>| {
            let opened = rows.iter().map(|row| {
                let mut columns = row.columns();
                let key = columns.text()?;
                let opened = self.inner.seal.unseal(&context(&key), &columns.bytes()?)?;
                Ok((key, Secret::new(opened)))
            });
            opened.collect::<Result<BTreeMap<_, _>>>()
        };
        let statement = || Statement::new(read).bind(workspace.0).bind(owner);
        match open(self.database().all(statement()).await?) {
            Err(StorageError::Incompatible(_)) => open(self.database().all(statement()).await?),
            opened => opened,
        }
    }

    async fn seal_anew(&self, transaction: &mut Transaction, table: &Table) -> Result<u64> {
        let mut sealed_anew = 0;
        for row in transaction.all(Statement::new(table.read)).await? {
            let (workspace, owner, key, sealed) = secret(&row)?;
            let context = (table.context)(workspace, owner, &key);
            let sealed = self.inner.seal.seal(&context, &self.inner.seal.unseal(&context, &sealed)?)?;
            transaction.execute(Statement::new(table.write).bind(owner).bind(key).bind(sealed)).await?;
            sealed_anew += 1;
        }
        Ok(sealed_anew)
    }
}

/// Where secrets lie.
struct Table {
    read: &'static str,
    write: &'static str,
    context: fn(i64, i64, &str) -> String,
}

const SOURCES: Table = Table {
    read: "SELECT workspace_id, source_id, secret_key, sealed FROM source_secret ORDER BY source_id, secret_key",
    write: "UPDATE source_secret SET sealed = $3 WHERE source_id = $1 AND secret_key = $2",
    context: |workspace, source, key| source::secret_context(workspace.into(), source.into(), key),
};

const ACCOUNTS: Table = Table {
    read: "SELECT workspace_id, account_id, secret_key, sealed FROM account_secret ORDER BY account_id, secret_key",
    write: "UPDATE account_secret SET sealed = $3 WHERE account_id = $1 AND secret_key = $2",
    context: |workspace, account, key| account::secret_context(workspace.into(), account.into(), key),
};

fn secret(row: &Row) -> Result<(i64, i64, String, Vec<u8>)> {
    let mut columns = row.columns();
    Ok((columns.integer()?, columns.integer()?, columns.text()?, columns.bytes()?))
}
