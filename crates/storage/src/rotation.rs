//! Replacing the key under which secrets are sealed, safe to be cut off anywhere.
//!
//! The key to come is on disk before anything is sealed with it; everything is sealed anew in one transaction that no writer of
//! secrets overtakes; the old key goes when that is committed. Until then both keys are there and every secret opens with one of
//! them, so a rotation that was cut off does no harm, and running it again brings it to its end.

use crate::oauth;
use crate::secret::{ACCOUNT, SOURCE};
use crate::sql::{Row, Statement, Transaction};
use crate::{Result, Storage};

/// What was sealed anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rotation {
    pub source_secrets: u64,
    pub account_secrets: u64,
    /// Of clients at networks, of what keeps tokens alive, of who is on the way back from a network.
    pub oauth_secrets: u64,
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
        let mut rotation = Rotation {
            source_secrets: self.seal_anew(&mut transaction, &SOURCES).await?,
            account_secrets: self.seal_anew(&mut transaction, &ACCOUNTS).await?,
            oauth_secrets: 0,
        };
        for (read, write) in oauth::SEALED {
            rotation.oauth_secrets +=
                self.seal_anew(&mut transaction, &Table { read, write, context: oauth::context }).await?;
        }
        self.commit(transaction).await?;
        self.inner.seal.replace()?;
        Ok(rotation)
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

/// Where secrets lie: workspace, owner, key and what is sealed; and how one is replaced.
struct Table {
    read: &'static str,
    write: &'static str,
    context: fn(i64, i64, &str) -> String,
}

const SOURCES: Table = Table {
    read: SOURCE.all,
    write: SOURCE.replace,
    context: |workspace, owner, key| SOURCE.context(workspace, owner, key),
};

const ACCOUNTS: Table = Table {
    read: ACCOUNT.all,
    write: ACCOUNT.replace,
    context: |workspace, owner, key| ACCOUNT.context(workspace, owner, key),
};

fn secret(row: &Row) -> Result<(i64, i64, String, Vec<u8>)> {
    let mut columns = row.columns();
    Ok((columns.integer()?, columns.integer()?, columns.text()?, columns.bytes()?))
}
