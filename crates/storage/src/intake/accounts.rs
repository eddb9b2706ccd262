//! The books of one transaction: what each batch came to, and what its source says of itself now.

use std::collections::BTreeMap;
use std::time::Duration;

use molva_domain::{Outcome, Rejection, SourceId, Tally, Timestamp, WorkspaceId};

use super::admission::Admitted;
use crate::ledger::{self, hour_of};
use crate::sql::{Bulk, Statement, Transaction, Value};
use crate::{Result, Storage};

/// Replays of a push delivery are recognised this long; after that its posts still are, by their URNs.
const KEEP_DELIVERIES: Duration = Duration::from_secs(14 * 24 * 3_600);
/// Rejected items kept of each source.
const QUARANTINE: usize = 100;

/// One batch's books.
struct Account {
    source: SourceId,
    cursor: Option<String>,
    delivery: Option<String>,
    received_at: Timestamp,
    newest_published_at: Option<Timestamp>,
    tally: Tally,
    rejections: Vec<Rejection>,
}

/// The books of all batches of a workspace, in their order.
pub(super) struct Accounts(Vec<Account>);

impl Accounts {
    pub(super) fn new(batches: &[Admitted]) -> Self {
        let accounts = batches.iter().map(|batch| Account {
            source: batch.source,
            cursor: batch.cursor.clone(),
            delivery: batch.delivery.clone(),
            received_at: batch.received_at,
            newest_published_at: None,
            tally: Tally::default(),
            rejections: Vec::new(),
        });
        Self(accounts.collect())
    }

    pub(super) fn source(&self, batch: usize) -> SourceId {
        self.0[batch].source
    }

    pub(super) fn received_at(&self, batch: usize) -> Timestamp {
        self.0[batch].received_at
    }

    pub(super) fn saw(&mut self, batch: usize, published_at: Timestamp) {
        let newest = &mut self.0[batch].newest_published_at;
        *newest = (*newest).max(Some(published_at));
    }

    pub(super) fn count(&mut self, batch: usize, outcome: Outcome) {
        self.0[batch].tally.count(outcome);
    }

    pub(super) fn reject(&mut self, batch: usize, rejection: Rejection) {
        self.count(batch, Outcome::Rejected);
        self.0[batch].rejections.push(rejection);
    }

    pub(super) fn tallies(&self) -> impl Iterator<Item = (usize, Tally)> {
        self.0.iter().map(|account| account.tally).enumerate()
    }

    /// Writes ledger, rejections, deliveries and sources.
    pub(super) async fn write(
        &self,
        storage: &Storage,
        transaction: &mut Transaction,
        workspace: WorkspaceId,
        now: Timestamp,
    ) -> Result<()> {
        self.write_ledger(transaction, workspace).await?;
        self.write_rejections(storage, transaction, workspace).await?;
        self.write_deliveries(transaction, workspace, now).await?;
        self.write_sources(transaction, workspace).await
    }

    async fn write_ledger(&self, transaction: &mut Transaction, workspace: WorkspaceId) -> Result<()> {
        let mut hours: BTreeMap<(SourceId, Timestamp), Tally> = BTreeMap::new();
        for account in &self.0 {
            hours.entry((account.source, hour_of(account.received_at))).or_default().add(&account.tally);
        }
        ledger::add(transaction, workspace, &hours).await
    }

    async fn write_rejections(
        &self,
        storage: &Storage,
        transaction: &mut Transaction,
        workspace: WorkspaceId,
    ) -> Result<()> {
        let mut counts: BTreeMap<(SourceId, &str), i64> = BTreeMap::new();
        let mut newest: BTreeMap<SourceId, Vec<(Timestamp, &Rejection)>> = BTreeMap::new();
        for account in &self.0 {
            for rejection in &account.rejections {
                *counts.entry((account.source, rejection.reason.as_str())).or_default() += 1;
                newest.entry(account.source).or_default().push((account.received_at, rejection));
            }
        }
        let counts = counts
            .into_iter()
            .flat_map(|((source, reason), items)| [Value::from(source.0), Value::from(reason), Value::from(items)]);
        COUNT_REJECTIONS.execute(transaction, &[workspace.0.into()], counts.collect()).await?;
        for (source, rejections) in newest {
            let mut values = Vec::new();
            for (at, rejection) in &rejections[rejections.len().saturating_sub(QUARANTINE)..] {
                let id: i64 = storage.ids().next();
                values.extend([
                    Value::from(id),
                    Value::from(*at),
                    rejection.reason.as_str().into(),
                    rejection.place.as_str().into(),
                    rejection.message.as_str().into(),
                    rejection.sample.as_str().into(),
                ]);
            }
            QUARANTINE_ITEMS.execute(transaction, &[workspace.0.into(), source.0.into()], values).await?;
            let statement = Statement::new(
                "DELETE FROM quarantine WHERE workspace_id = $1 AND source_id = $2 AND id <= \
                 (SELECT id FROM quarantine WHERE workspace_id = $1 AND source_id = $2 ORDER BY id DESC LIMIT 1 OFFSET $3)",
            );
            transaction.execute(statement.bind(workspace.0).bind(source.0).bind(QUARANTINE as u64)).await?;
        }
        Ok(())
    }

    async fn write_deliveries(
        &self,
        transaction: &mut Transaction,
        workspace: WorkspaceId,
        now: Timestamp,
    ) -> Result<()> {
        let mut values = Vec::new();
        for account in &self.0 {
            if let Some(delivery) = &account.delivery {
                values.extend([Value::from(account.source.0), delivery.as_str().into(), now.into()]);
                values.extend(ledger::tally_values(&account.tally));
            }
        }
        if values.is_empty() {
            return Ok(());
        }
        KEEP_DELIVERY.execute(transaction, &[workspace.0.into()], values).await?;
        let old = Statement::new("DELETE FROM delivery WHERE at < $1").bind(now.minus(KEEP_DELIVERIES));
        transaction.execute(old).await?;
        Ok(())
    }

    async fn write_sources(&self, transaction: &mut Transaction, workspace: WorkspaceId) -> Result<()> {
        struct Change<'a> {
            cursor: Option<&'a str>,
            last_item_at: Option<Timestamp>,
            newest_published_at: Option<Timestamp>,
        }
        let mut changes: BTreeMap<SourceId, Change<'_>> = BTreeMap::new();
        for account in &self.0 {
            let change = changes.entry(account.source).or_insert(Change {
                cursor: None,
                last_item_at: None,
                newest_published_at: None,
            });
            change.cursor = account.cursor.as_deref().or(change.cursor);
            change.newest_published_at = change.newest_published_at.max(account.newest_published_at);
            // A feed brings what it brought before with every poll: that is no sign of life.
            if account.tally.received > account.tally.duplicate {
                change.last_item_at = change.last_item_at.max(Some(account.received_at));
            }
        }
        for (source, change) in changes {
            transaction
                .execute(
                    Statement::new(
                        "UPDATE source SET cursor = COALESCE($3, cursor), \
                         last_item_at = CASE WHEN $4 > COALESCE(last_item_at, 0) THEN $4 ELSE last_item_at END, \
                         newest_published_at = \
                         CASE WHEN $5 > COALESCE(newest_published_at, 0) THEN $5 ELSE newest_published_at END \
                         WHERE workspace_id = $1 AND id = $2",
                    )
                    .bind(workspace.0)
                    .bind(source.0)
                    .bind(change.cursor)
                    .bind(change.last_item_at)
                    .bind(change.newest_published_at),
                )
                .await?;
        }
        Ok(())
    }
}

const COUNT_REJECTIONS: Bulk = Bulk {
    head: "INSERT INTO rejection (workspace_id, source_id, reason, items) VALUES",
    row: "($1, ?, ?, ?)",
    tail: "ON CONFLICT (workspace_id, source_id, reason) DO UPDATE SET items = rejection.items + excluded.items",
};

const QUARANTINE_ITEMS: Bulk = Bulk {
    head: "INSERT INTO quarantine (workspace_id, source_id, id, at, reason, place, message, sample) VALUES",
    row: "($1, $2, ?, ?, ?, ?, ?, ?)",
    tail: "",
};

const KEEP_DELIVERY: Bulk = Bulk {
    head: "INSERT INTO delivery (workspace_id, source_id, delivery, at, received, stored, unmatched, duplicate, updated, \
           rejected) VALUES",
    row: "($1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    tail: "",
};
