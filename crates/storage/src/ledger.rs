//! The collection ledger: what came, where it ended, for each source and hour.

use std::collections::BTreeMap;

use molva_domain::{RejectionReason, SourceId, Tally, Timestamp, WorkspaceId};

use crate::sql::{Bulk, Columns, Statement, Transaction, Value};
use crate::{Result, Storage};

/// One source and hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerHour {
    pub source: SourceId,
    /// Start of the hour, by arrival.
    pub hour: Timestamp,
    pub tally: Tally,
}

/// A rejected item, kept for the quarantine page: the newest 100 of each source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    pub at: Timestamp,
    pub reason: RejectionReason,
    pub place: String,
    pub message: String,
    pub sample: String,
}

impl Storage {
    /// All time, by source; deleted sources among them.
    pub async fn ledger_totals(&self, workspace: WorkspaceId) -> Result<Vec<(SourceId, Tally)>> {
        let statement = Statement::new(
            "SELECT source_id, received, stored, unmatched, duplicate, updated, rejected FROM ledger_total \
             WHERE workspace_id = $1 ORDER BY source_id",
        );
        let rows = self.database().all(statement.bind(workspace.0)).await?;
        rows.iter()
            .map(|row| {
                let mut columns = row.columns();
                Ok((SourceId(columns.integer()?), read_tally(&mut columns)?))
            })
            .collect()
    }

    /// Hours that start at or after `since`, oldest first; all sources or one.
    pub async fn ledger_hours(
        &self,
        workspace: WorkspaceId,
        source: Option<SourceId>,
        since: Timestamp,
    ) -> Result<Vec<LedgerHour>> {
        let statement = match source {
            Some(source) => Statement::new(
                "SELECT source_id, hour, received, stored, unmatched, duplicate, updated, rejected FROM ledger \
                 WHERE workspace_id = $1 AND hour >= $2 AND source_id = $3 ORDER BY hour",
            )
            .bind(workspace.0)
            .bind(since)
            .bind(source.0),
            None => Statement::new(
                "SELECT source_id, hour, received, stored, unmatched, duplicate, updated, rejected FROM ledger \
                 WHERE workspace_id = $1 AND hour >= $2 ORDER BY hour, source_id",
            )
            .bind(workspace.0)
            .bind(since),
        };
        let rows = self.database().all(statement).await?;
        rows.iter()
            .map(|row| {
                let mut columns = row.columns();
                Ok(LedgerHour {
                    source: SourceId(columns.integer()?),
                    hour: columns.time()?,
                    tally: read_tally(&mut columns)?,
                })
            })
            .collect()
    }

    /// All time, by reason; most frequent first.
    pub async fn rejections(&self, workspace: WorkspaceId, source: SourceId) -> Result<Vec<(RejectionReason, u64)>> {
        let statement = Statement::new(
            "SELECT reason, items FROM rejection WHERE workspace_id = $1 AND source_id = $2 ORDER BY items DESC, reason",
        );
        let rows = self.database().all(statement.bind(workspace.0).bind(source.0)).await?;
        rows.iter()
            .map(|row| {
                let mut columns = row.columns();
                Ok((columns.parsed("reason of a rejection", RejectionReason::parse)?, columns.count()?))
            })
            .collect()
    }

    /// Newest first.
    pub async fn quarantine(&self, workspace: WorkspaceId, source: SourceId) -> Result<Vec<Quarantined>> {
        let statement = Statement::new(
            "SELECT at, reason, place, message, sample FROM quarantine \
             WHERE workspace_id = $1 AND source_id = $2 ORDER BY id DESC",
        );
        let rows = self.database().all(statement.bind(workspace.0).bind(source.0)).await?;
        rows.iter()
            .map(|row| {
                let mut columns = row.columns();
                Ok(Quarantined {
                    at: columns.time()?,
                    reason: columns.parsed("reason of a rejection", RejectionReason::parse)?,
                    place: columns.text()?,
                    message: columns.text()?,
                    sample: columns.text()?,
                })
            })
            .collect()
    }
}

const HOUR_US: i64 = 3_600_000_000;

/// Start of the hour.
pub(crate) const fn hour_of(at: Timestamp) -> Timestamp {
    Timestamp::from_micros(at.as_micros().div_euclid(HOUR_US) * HOUR_US)
}

/// The columns of a tally, in the order of its fields.
pub(crate) fn read_tally(columns: &mut Columns<'_>) -> Result<Tally> {
    Ok(Tally {
        received: columns.count()?,
        stored: columns.count()?,
        unmatched: columns.count()?,
        duplicate: columns.count()?,
        updated: columns.count()?,
        rejected: columns.count()?,
    })
}

pub(crate) fn tally_values(tally: &Tally) -> [Value; 6] {
    [tally.received, tally.stored, tally.unmatched, tally.duplicate, tally.updated, tally.rejected].map(Value::from)
}

macro_rules! add_tally {
    ($table:literal) => {
        concat!(
            "DO UPDATE SET received = ",
            $table,
            ".received + excluded.received, stored = ",
            $table,
            ".stored + excluded.stored, unmatched = ",
            $table,
            ".unmatched + excluded.unmatched, duplicate = ",
            $table,
            ".duplicate + excluded.duplicate, updated = ",
            $table,
            ".updated + excluded.updated, rejected = ",
            $table,
            ".rejected + excluded.rejected"
        )
    };
}

const ADD_HOURS: Bulk = Bulk {
    head: "INSERT INTO ledger (workspace_id, source_id, hour, received, stored, unmatched, duplicate, updated, rejected) VALUES",
    row: "($1, ?, ?, ?, ?, ?, ?, ?, ?)",
    tail: concat!("ON CONFLICT (workspace_id, source_id, hour) ", add_tally!("ledger")),
};

const ADD_TOTALS: Bulk = Bulk {
    head: "INSERT INTO ledger_total (workspace_id, source_id, received, stored, unmatched, duplicate, updated, rejected) VALUES",
    row: "($1, ?, ?, ?, ?, ?, ?, ?)",
    tail: concat!("ON CONFLICT (workspace_id, source_id) ", add_tally!("ledger_total")),
};

/// Adds to hours and totals.
pub(crate) async fn add(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    hours: &BTreeMap<(SourceId, Timestamp), Tally>,
) -> Result<()> {
    let (mut rows, mut totals) = (Vec::new(), BTreeMap::<SourceId, Tally>::new());
    for ((source, hour), tally) in hours {
        if tally.received == 0 {
            continue;
        }
        rows.extend([Value::from(source.0), Value::from(*hour)]);
        rows.extend(tally_values(tally));
        totals.entry(*source).or_default().add(tally);
    }
    ADD_HOURS.execute(transaction, &[workspace.0.into()], rows).await?;
    let totals =
        totals.iter().flat_map(|(source, tally)| [Value::from(source.0)].into_iter().chain(tally_values(tally)));
    ADD_TOTALS.execute(transaction, &[workspace.0.into()], totals.collect()).await?;
    Ok(())
}

/// Moves posts from unmatched to stored, in the hour they arrived.
pub(crate) async fn move_to_stored(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    hours: &BTreeMap<(SourceId, Timestamp), i64>,
) -> Result<()> {
    for ((source, hour), posts) in hours {
        let in_hour = Statement::new(
            "UPDATE ledger SET stored = stored + $4, unmatched = unmatched - $4 \
             WHERE workspace_id = $1 AND source_id = $2 AND hour = $3",
        );
        transaction.execute(in_hour.bind(workspace.0).bind(source.0).bind(*hour).bind(*posts)).await?;
        let in_all = Statement::new(
            "UPDATE ledger_total SET stored = stored + $3, unmatched = unmatched - $3 \
             WHERE workspace_id = $1 AND source_id = $2",
        );
        transaction.execute(in_all.bind(workspace.0).bind(source.0).bind(*posts)).await?;
    }
    Ok(())
}
