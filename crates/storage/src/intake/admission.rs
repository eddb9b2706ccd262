//! Which batches may be stored at all: the source exists, the lease holds, the delivery is not a replay.

use std::collections::{HashMap, HashSet};

use molva_domain::{SourceId, Tally, Timestamp, WorkspaceId};

use super::{PreparedBatch, PreparedItem};
use crate::sql::{Statement, Transaction, Value, in_list};
use crate::urn_key::bounded_key;
use crate::{Result, StorageError};

/// A batch that may be stored.
pub(super) struct Admitted {
    pub(super) source: SourceId,
    pub(super) items: Vec<PreparedItem>,
    pub(super) cursor: Option<String>,
    pub(super) delivery: Option<String>,
    pub(super) received_at: Timestamp,
}

pub(super) struct Admission {
    pub(super) batches: Vec<Admitted>,
    /// Results of the batches, by their place in `batches`.
    results: Vec<usize>,
    /// Replays of a delivery that stands earlier in the same call: (place of their result, place of the first in `batches`).
    replays: Vec<(usize, usize)>,
}

impl Admission {
    /// Writes the tally of an admitted batch, and of the replays of the same delivery.
    pub(super) fn settle(&self, batch: usize, tally: Tally, results: &mut [Result<Tally>]) {
        let replays = self.replays.iter().filter(|(_, first)| *first == batch).map(|(result, _)| *result);
        for result in replays.chain([self.results[batch]]) {
            results[result] = Ok(tally);
        }
    }
}

/// Sorts the batches out; those not admitted get their result here.
pub(super) async fn admit(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    batches: Vec<(usize, PreparedBatch)>,
    results: &mut [Result<Tally>],
) -> Result<Admission> {
    let fences = fences(transaction, workspace, &batches).await?;
    let mut admission = Admission { batches: Vec::new(), results: Vec::new(), replays: Vec::new() };
    let mut deliveries: HashMap<(SourceId, String), usize> = HashMap::new();
    for (result, batch) in batches {
        let Some(fence) = fences.get(&batch.source) else {
            results[result] = Err(StorageError::SourceGone(batch.source));
            continue;
        };
        if batch.lease.is_some_and(|lease| lease.fence != *fence) {
            results[result] = Err(StorageError::LeaseLost(batch.source));
            continue;
        }
        let delivery = batch.delivery.map(bounded_key);
        if let Some(delivery) = &delivery {
            let key = (batch.source, delivery.clone());
            if let Some(first) = deliveries.get(&key) {
                admission.replays.push((result, *first));
                continue;
            }
            if let Some(tally) = stored_delivery(transaction, workspace, batch.source, delivery).await? {
                results[result] = Ok(tally);
                continue;
            }
            deliveries.insert(key, admission.batches.len());
        }
        admission.results.push(result);
        admission.batches.push(Admitted {
            source: batch.source,
            items: batch.items,
            cursor: batch.cursor,
            delivery,
            received_at: batch.received_at,
        });
    }
    Ok(admission)
}

/// The fence of each source's lease. PostgreSQL locks the rows, so that no lease changes hands before the commit.
async fn fences(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    batches: &[(usize, PreparedBatch)],
) -> Result<HashMap<SourceId, i64>> {
    let wanted: HashSet<SourceId> = batches.iter().map(|(_, batch)| batch.source).collect();
    let lock = if transaction.is_postgres() { "ORDER BY id FOR UPDATE" } else { "" };
    let mut fences = HashMap::new();
    for statement in in_list(
        transaction.is_postgres(),
        "SELECT id, lease_fence FROM source WHERE workspace_id = $1 AND id IN",
        lock,
        &[workspace.0.into()],
        wanted.into_iter().map(|source| Value::from(source.0)).collect(),
    ) {
        for row in transaction.all(statement).await? {
            let mut columns = row.columns();
            fences.insert(SourceId(columns.integer()?), columns.integer()?);
        }
    }
    Ok(fences)
}

async fn stored_delivery(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    source: SourceId,
    delivery: &str,
) -> Result<Option<Tally>> {
    let statement = Statement::new(
        "SELECT received, stored, unmatched, duplicate, updated, rejected FROM delivery \
         WHERE workspace_id = $1 AND source_id = $2 AND delivery = $3",
    );
    let row = transaction.optional(statement.bind(workspace.0).bind(source.0).bind(delivery)).await?;
    row.map(|row| crate::ledger::read_tally(&mut row.columns())).transpose()
}
