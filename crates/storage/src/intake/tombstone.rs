//! Deletions that came before their post: for some time the post is not stored when it comes.
//!
//! The deletion makes the URN known, in a place that is nowhere, so that taking posts in asks nothing more than before: the post counts
//! as a duplicate. The newest so many are kept for so long; each new one lets two of the older go whose time has come.

use std::collections::BTreeSet;
use std::time::Duration;

use molva_domain::{Timestamp, WorkspaceId};

use super::known::Notes;
use super::said::Said;
use crate::Result;
use crate::sql::{Bulk, Statement, Transaction, Value, in_list};
use crate::urn_key::UrnKey;

/// Networks repeat calls that were not taken for a day and a half.
const KEPT_FOR: Duration = Duration::from_secs(2 * 86_400);
/// Kept in a workspace.
const MOST: i64 = 100_000;

const RAISE: Bulk =
    Bulk { head: "INSERT INTO tombstone (workspace_id, number, urn_key, at) VALUES", row: "($1, ?, ?, ?)", tail: "" };

/// Notes that these are gone, none of which is known; forgets what was noted long ago.
pub(super) async fn raise(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    now: Timestamp,
    gone: BTreeSet<UrnKey>,
) -> Result<()> {
    if gone.is_empty() {
        return Ok(());
    }
    let newest = Statement::new("SELECT MAX(number) FROM tombstone WHERE workspace_id = $1").bind(workspace.0);
    let newest = transaction.optional(newest).await?.map(|row| row.columns().maybe_integer()).transpose()?.flatten();
    let (mut number, at_most) = (newest.unwrap_or(0), 2 * gone.len() as u64 + 8);
    let (mut notes, mut rows) = (Notes::default(), Vec::with_capacity(3 * gone.len()));
    for key in gone {
        number += 1;
        notes.new_one(key, 0, Said::read(0));
        rows.extend([Value::from(number), Value::from(key), Value::from(now)]);
    }
    notes.write(transaction, workspace).await?;
    RAISE.execute(transaction, &[workspace.0.into()], rows).await?;
    forget(transaction, workspace, (number - MOST, now.minus(KEPT_FOR)), at_most).await
}

/// The oldest, as far as they are over.
async fn forget(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    (up_to, before): (i64, Timestamp),
    at_most: u64,
) -> Result<()> {
    let oldest = Statement::new(
        "SELECT number, urn_key, at FROM tombstone WHERE workspace_id = $1 ORDER BY workspace_id, number LIMIT $2",
    );
    let (mut last, mut keys) = (None, Vec::new());
    for row in transaction.all(oldest.bind(workspace.0).bind(at_most)).await? {
        let mut columns = row.columns();
        let (number, key, at) = (columns.integer()?, columns.bytes()?, columns.time()?);
        if !is_over((number, at), (up_to, before)) {
            break;
        }
        last = Some(number);
        keys.push(Value::from(key));
    }
    let Some(last) = last else { return Ok(()) };
    let shared = [Value::from(workspace.0)];
    for statement in in_list(
        transaction.is_postgres(),
        "DELETE FROM known_urn WHERE workspace_id = $1 AND place = 0 AND urn_key IN",
        "",
        &shared,
        keys,
    ) {
        transaction.execute(statement).await?;
    }
    let rows = Statement::new("DELETE FROM tombstone WHERE workspace_id = $1 AND number <= $2");
    transaction.execute(rows.bind(workspace.0).bind(last)).await?;
    Ok(())
}

fn is_over((number, at): (i64, Timestamp), (up_to, before): (i64, Timestamp)) -> bool {
    number <= up_to || at < before
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tombstone_is_over_when_it_is_old_or_too_many_came_after_it() {
        let at = Timestamp::from_secs;
        let over = |number, secs| is_over((number, at(secs)), (7, at(100)));
        assert_eq!([over(8, 99), over(8, 100), over(7, 100)], [true, false, true]);
    }
}
