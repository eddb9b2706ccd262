//! Secrets of sources and accounts: sealed beside them, opened for their connector alone.

use std::collections::BTreeMap;

use molva_domain::{Secret, WorkspaceId};

use crate::sql::{Bulk, Connection, Row, Statement, Transaction, Value};
use crate::{Result, Storage, StorageError};

/// Where the secrets of one kind of owner lie.
pub(crate) struct Secrets {
    /// What a sealed secret belongs to; it cannot be moved to another owner.
    owner: &'static str,
    of_one: &'static str,
    keys: &'static str,
    keys_of_one: &'static str,
    keep: Bulk,
    forget: &'static str,
    pub(crate) all: &'static str,
    pub(crate) replace: &'static str,
}

pub(crate) const SOURCE: Secrets = Secrets {
    owner: "source",
    of_one: "SELECT secret_key, sealed FROM source_secret WHERE workspace_id = $1 AND source_id = $2",
    keys: "SELECT source_id, secret_key FROM source_secret WHERE workspace_id = $1 ORDER BY secret_key",
    keys_of_one: "SELECT source_id, secret_key FROM source_secret WHERE workspace_id = $1 AND source_id = $2 ORDER BY secret_key",
    keep: Bulk {
        head: "INSERT INTO source_secret (workspace_id, source_id, secret_key, sealed) VALUES",
        row: "($1, $2, ?, ?)",
        tail: "ON CONFLICT (source_id, secret_key) DO UPDATE SET sealed = excluded.sealed",
    },
    forget: "DELETE FROM source_secret WHERE workspace_id = $1 AND source_id = $2 AND secret_key = $3",
    all: "SELECT workspace_id, source_id, secret_key, sealed FROM source_secret ORDER BY source_id, secret_key",
    replace: "UPDATE source_secret SET sealed = $3 WHERE source_id = $1 AND secret_key = $2",
};

pub(crate) const ACCOUNT: Secrets = Secrets {
    owner: "account",
    of_one: "SELECT secret_key, sealed FROM account_secret WHERE workspace_id = $1 AND account_id = $2",
    keys: "SELECT account_id, secret_key FROM account_secret WHERE workspace_id = $1 ORDER BY secret_key",
    keys_of_one: "SELECT account_id, secret_key FROM account_secret WHERE workspace_id = $1 AND account_id = $2 ORDER BY secret_key",
    keep: Bulk {
        head: "INSERT INTO account_secret (workspace_id, account_id, secret_key, sealed) VALUES",
        row: "($1, $2, ?, ?)",
        tail: "ON CONFLICT (account_id, secret_key) DO UPDATE SET sealed = excluded.sealed",
    },
    forget: "DELETE FROM account_secret WHERE workspace_id = $1 AND account_id = $2 AND secret_key = $3",
    all: "SELECT workspace_id, account_id, secret_key, sealed FROM account_secret ORDER BY account_id, secret_key",
    replace: "UPDATE account_secret SET sealed = $3 WHERE account_id = $1 AND secret_key = $2",
};

impl Secrets {
    pub(crate) fn context(&self, workspace: i64, owner: i64, key: &str) -> String {
        format!("workspace {workspace}, {} {owner}, secret {key}", self.owner)
    }

    /// The keys of the secrets of a workspace, or of one owner, in their order, by owner.
    pub(crate) async fn keys(
        &self,
        connection: &mut Connection<'_>,
        workspace: WorkspaceId,
        owner: Option<i64>,
    ) -> Result<BTreeMap<i64, Vec<String>>> {
        let statement = match owner {
            Some(owner) => Statement::new(self.keys_of_one).bind(workspace.0).bind(owner),
            None => Statement::new(self.keys).bind(workspace.0),
        };
        let mut keys = BTreeMap::<i64, Vec<String>>::new();
        for row in connection.all(statement).await? {
            let mut columns = row.columns();
            keys.entry(columns.integer()?).or_default().push(columns.text()?);
        }
        Ok(keys)
    }
}

impl Storage {
    /// The secrets of an owner in the clear. They are read once more when they do not open: the key may have been replaced between
    /// the reading of the rows and that of the key.
    pub(crate) async fn opened(
        &self,
        secrets: &Secrets,
        workspace: WorkspaceId,
        owner: i64,
    ) -> Result<BTreeMap<String, Secret>> {
        let statement = || Statement::new(secrets.of_one).bind(workspace.0).bind(owner);
        let open = |rows: Vec<Row>| {
            let opened = rows.iter().map(|row| {
                let mut columns = row.columns();
                let key = columns.text()?;
                let context = secrets.context(workspace.0, owner, &key);
                let opened = self.inner.seal.unseal(&context, &columns.bytes()?)?;
                Ok((key, Secret::new(opened)))
            });
            opened.collect::<Result<BTreeMap<_, _>>>()
        };
        match open(self.database().all(statement()).await?) {
            Err(StorageError::Incompatible(_)) => open(self.database().all(statement()).await?),
            opened => opened,
        }
    }

    /// Those given replace, an empty one goes, others stay.
    pub(crate) async fn keep_secrets(
        &self,
        transaction: &mut Transaction,
        kind: &Secrets,
        workspace: WorkspaceId,
        owner: i64,
        secrets: &BTreeMap<String, Secret>,
    ) -> Result<()> {
        let mut values = Vec::with_capacity(secrets.len() * 2);
        for (key, secret) in secrets {
            if secret.is_empty() {
                let statement = Statement::new(kind.forget).bind(workspace.0).bind(owner).bind(key.as_str());
                transaction.execute(statement).await?;
                continue;
            }
            let sealed = self.inner.seal.seal(&kind.context(workspace.0, owner, key), secret.expose())?;
            values.extend([Value::from(key.as_str()), Value::from(sealed)]);
        }
        kind.keep.execute(transaction, &[workspace.0.into(), owner.into()], values).await?;
        Ok(())
    }
}
