//! Which URNs are known, where their posts are, and what was delivered under them.

use std::collections::HashMap;

use molva_domain::WorkspaceId;

use super::said::Said;
use crate::Result;
use crate::sql::{Bulk, Transaction, Value, in_list, values_list};
use crate::urn_key::UrnKey;

/// A URN that was there before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// See `known_urn` in the migrations.
    pub(super) place: i64,
    pub(super) said: Said,
}

const NOTE: Bulk =
    Bulk { head: "INSERT INTO known_urn (workspace_id, urn_key, place, said) VALUES", row: "($1, ?, ?, ?)", tail: "" };

const MOVE: Bulk = Bulk {
    head: "UPDATE known_urn SET place = moved.column2, said = moved.column3 FROM (VALUES",
    row: "(?, ?, ?)",
    tail: ") AS moved WHERE known_urn.workspace_id = $1 AND known_urn.urn_key = moved.column1",
};

/// Those of the keys that are known. Nobody else writes until the end of the transaction: the workspace is locked.
pub(super) async fn known(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    keys: Vec<Value>,
) -> Result<HashMap<UrnKey, Known>> {
    let statements = if transaction.is_postgres() {
        // PostgreSQL plans the list of the other text for a table that is still small, walks all of a workspace's keys for
        // it, and keeps to that plan while the table grows. This one leaves no choice but a look-up for each key.
        values_list(
            true,
            "SELECT known.urn_key, known.place, known.said FROM",
            "AS wanted (urn_key) CROSS JOIN LATERAL (SELECT urn_key, place, said FROM known_urn \
             WHERE workspace_id = $1 AND urn_key = wanted.urn_key LIMIT 1) AS known",
            &[workspace.0.into()],
            keys,
        )
    } else {
        in_list(
            false,
            "SELECT urn_key, place, said FROM known_urn WHERE workspace_id = $1 AND urn_key IN",
            "",
            &[workspace.0.into()],
            keys,
        )
    };
    let mut known = HashMap::new();
    for statement in statements {
        for row in transaction.all(statement).await? {
            let mut columns = row.columns();
            let (key, place) = (UrnKey::read(&columns.bytes()?), columns.integer()?);
            let said = Said::read(columns.integer()?);
            known.extend(key.map(|key| (key, Known { place, said })));
        }
    }
    Ok(known)
}

/// What is to be written of URNs, in rows of key, place and what was said.
#[derive(Default)]
pub(super) struct Notes {
    new: Vec<Value>,
    changed: Vec<Value>,
}

impl Notes {
    pub(super) fn new_one(&mut self, key: UrnKey, place: i64, said: Said) {
        self.new.extend([Value::from(key), Value::from(place), Value::from(said)]);
    }

    pub(super) fn changed(&mut self, key: UrnKey, place: i64, said: Said) {
        self.changed.extend([Value::from(key), Value::from(place), Value::from(said)]);
    }

    pub(super) async fn write(self, transaction: &mut Transaction, workspace: WorkspaceId) -> Result<()> {
        NOTE.execute(transaction, &[workspace.0.into()], self.new).await?;
        MOVE.execute(transaction, &[workspace.0.into()], self.changed).await?;
        Ok(())
    }
}
