//! How many mentions were asked about for a second opinion today: the budget outlives the process.

use molva_domain::{Timestamp, WorkspaceId};

use crate::sql::Statement;
use crate::{Result, Storage};

const DAY_US: i64 = 24 * 3_600 * 1_000_000;

impl Storage {
    /// Takes up to `wanted` of the `a_day` mentions that may be asked about in this day (of UTC); gives how many. What is taken
    /// counts as asked, whatever comes of it, so that no crash and no second process asks for more.
    pub async fn take_second_opinions(&self, workspace: WorkspaceId, a_day: u32, wanted: u32) -> Result<u32> {
        let today = day(self.now());
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let known = Statement::new("SELECT day, asked FROM second_opinion_day WHERE workspace_id = $1");
        let (known_day, asked) = match transaction.optional(known.bind(workspace.0)).await? {
            Some(row) => {
                let mut columns = row.columns();
                (columns.integer()?, columns.count()?)
            }
            None => (today, 0),
        };
        // A clock that was set back gives no day twice.
        let (day, asked) = if known_day < today { (today, 0) } else { (known_day, asked) };
        let left = u64::from(a_day).saturating_sub(asked);
        let taken = u32::try_from(left.min(u64::from(wanted))).unwrap_or(wanted);
        if taken > 0 {
            let write = Statement::new(
                "INSERT INTO second_opinion_day (workspace_id, day, asked) VALUES ($1, $2, $3) \
                 ON CONFLICT (workspace_id) DO UPDATE SET day = excluded.day, asked = excluded.asked",
            );
            let write = write.bind(workspace.0).bind(day).bind(asked + u64::from(taken));
            transaction.execute(write).await?;
            transaction.commit().await?;
        }
        Ok(taken)
    }

    /// Mentions asked about in this day (of UTC).
    pub async fn second_opinions_today(&self, workspace: WorkspaceId) -> Result<u64> {
        let asked = Statement::new("SELECT asked FROM second_opinion_day WHERE workspace_id = $1 AND day >= $2");
        let row = self.database().optional(asked.bind(workspace.0).bind(day(self.now()))).await?;
        row.map_or(Ok(0), |row| row.columns().count())
    }
}

const fn day(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(DAY_US)
}
