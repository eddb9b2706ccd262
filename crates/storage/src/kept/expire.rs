//! Dropping what is older or more than may be kept.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use molva_domain::{Timestamp, WorkspaceId};

use super::block::KeptBlock;
use super::segment::{self, Segment};
use crate::sql::{Statement, Value, in_list};
use crate::urn_key::UrnKey;
use crate::{Result, Storage};

/// URNs forgotten in one transaction, so that intake never waits long.
const SLICE: usize = 2_048;
const HOUR_US: i64 = 3_600_000_000;
/// A file without a row is a remainder of a crash once it is this old; before, its row may just not be committed.
const ORPHAN_AGE: Duration = Duration::from_secs(3_600);

/// Place of a post of the kept stream that arrived then; see `known_urn` in the migration. The first hour of 1970 is -1.
pub(crate) const fn place(arrival: Timestamp) -> i64 {
    -1 - arrival.as_micros().div_euclid(HOUR_US)
}

/// The hour that [`place`] noted.
pub(crate) const fn arrival_hour(place: i64) -> Timestamp {
    Timestamp::from_micros((-1 - place) * HOUR_US)
}

struct Row {
    id: i64,
    length: u64,
    last_at: Timestamp,
}

impl Storage {
    /// Drops whole segments past the limits. Called by a timer; returns the bytes freed.
    pub async fn expire_kept(&self, workspace: WorkspaceId) -> Result<u64> {
        let now = self.now();
        let cutoff = now.minus(self.inner.kept.max_age);
        let mut segments = self.own_segments(workspace).await?;
        let mut bytes: u64 = segments.iter().map(|segment| segment.length).sum();
        let mut freed = 0;
        // Oldest first; the last one is where new posts go, it leaves by age alone.
        segments.reverse();
        while let Some(segment) = segments.pop() {
            let too_much = bytes > self.inner.kept.max_bytes && !segments.is_empty();
            if segment.last_at >= cutoff && !too_much {
                break;
            }
            self.drop_segment(workspace, &segment, cutoff).await?;
            bytes -= segment.length;
            freed += segment.length;
        }
        self.drop_pending(workspace, cutoff).await?;
        self.drop_orphans(workspace).await?;
        Ok(freed)
    }

    /// Segments in this process's folder, oldest first.
    async fn own_segments(&self, workspace: WorkspaceId) -> Result<Vec<Row>> {
        let statement =
            Statement::new("SELECT id, length, last_at, node FROM kept_segment WHERE workspace_id = $1 ORDER BY id");
        let folder = segment::folder(&self.inner.data_dir, workspace);
        let mut segments = Vec::new();
        for row in self.database().all(statement.bind(workspace.0)).await? {
            let mut columns = row.columns();
            let segment = Row { id: columns.integer()?, length: columns.count()?, last_at: columns.time()? };
            let ours = self.inner.slot.shares_folder_with(columns.integer()?);
            if ours || segment::path(&folder, segment.id).exists() {
                segments.push(segment);
            }
        }
        Ok(segments)
    }

    /// The row first, so that nobody looks for the file any more; a crash after that leaves an orphan.
    async fn drop_segment(&self, workspace: WorkspaceId, segment: &Row, cutoff: Timestamp) -> Result<()> {
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        // Unless a batch was appended to it meanwhile.
        let statement = Statement::new("DELETE FROM kept_segment WHERE workspace_id = $1 AND id = $2 AND length = $3");
        let statement = statement.bind(workspace.0).bind(segment.id).bind(segment.length);
        if transaction.execute(statement).await? == 0 {
            return Ok(());
        }
        self.commit(transaction).await?;
        let path = segment::path(&segment::folder(&self.inner.data_dir, workspace), segment.id);
        self.forget_file(workspace, &path, segment.length, cutoff).await
    }

    /// Forgets the URNs in a file, then removes it. May be repeated.
    async fn forget_file(&self, workspace: WorkspaceId, path: &Path, length: u64, cutoff: Timestamp) -> Result<()> {
        let reading = path.to_owned();
        let read = tokio::task::spawn_blocking(move || read_keys(&reading, length))
            .await
            .map_err(|_| io::Error::other("the reader of the kept stream stopped"))?;
        match read {
            Ok((keys, damaged)) => {
                for (keys, last_at) in keys {
                    self.forget(workspace, keys, last_at).await?;
                }
                if damaged > 0 {
                    self.forget_older(workspace, cutoff).await?;
                }
                tokio::fs::remove_file(path).await?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.forget_older(workspace, cutoff).await?,
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Forgets that these URNs were kept. What arrived again after `last_at` or was stored meanwhile stays known.
    async fn forget(&self, workspace: WorkspaceId, keys: Vec<UrnKey>, last_at: Timestamp) -> Result<()> {
        for slice in keys.chunks(SLICE) {
            let mut transaction = self.begin().await?;
            transaction.lock_workspace(workspace).await?;
            let shared = [Value::from(workspace.0), Value::from(place(last_at))];
            for statement in in_list(
                transaction.is_postgres(),
                "DELETE FROM known_urn WHERE workspace_id = $1 AND place <= 0 AND place >= $2 AND urn_key IN",
                "",
                &shared,
                slice.iter().map(|key| Value::from(*key)).collect(),
            ) {
                transaction.execute(statement).await?;
            }
            for statement in in_list(
                transaction.is_postgres(),
                "DELETE FROM kept_deleted WHERE workspace_id = $1 AND urn_key IN",
                "",
                &shared[..1],
                slice.iter().map(|key| Value::from(*key)).collect(),
            ) {
                transaction.execute(statement).await?;
            }
            self.commit(transaction).await?;
        }
        Ok(())
    }

    /// For what stood in damaged blocks: everything kept that arrived before `cutoff`. Reads the whole table.
    async fn forget_older(&self, workspace: WorkspaceId, cutoff: Timestamp) -> Result<()> {
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let statement = Statement::new("DELETE FROM known_urn WHERE workspace_id = $1 AND place < 0 AND place > $2");
        transaction.execute(statement.bind(workspace.0).bind(place(cutoff))).await?;
        self.commit(transaction).await
    }

    async fn drop_pending(&self, workspace: WorkspaceId, cutoff: Timestamp) -> Result<()> {
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let statement =
            Statement::new("DELETE FROM kept_pending WHERE workspace_id = $1 AND at < $2 RETURNING urn_key");
        let rows = transaction.all(statement.bind(workspace.0).bind(cutoff)).await?;
        let keys: Vec<Value> = rows.iter().map(|row| Ok(row.columns().bytes()?.into())).collect::<Result<_>>()?;
        for statement in in_list(
            transaction.is_postgres(),
            "DELETE FROM known_urn WHERE workspace_id = $1 AND place < 0 AND urn_key IN",
            "",
            &[workspace.0.into()],
            keys,
        ) {
            transaction.execute(statement).await?;
        }
        self.commit(transaction).await
    }

    /// Files whose rows are gone: a crash came between.
    async fn drop_orphans(&self, workspace: WorkspaceId) -> Result<()> {
        let known: Vec<i64> = self.own_segments(workspace).await?.into_iter().map(|segment| segment.id).collect();
        let now = self.now();
        let cutoff = now.minus(self.inner.kept.max_age);
        let folder = segment::folder(&self.inner.data_dir, workspace);
        let orphans: Vec<PathBuf> = segment::files(&folder)?
            .into_iter()
            .filter(|(id, path)| {
                !known.contains(id) && last_written(path).is_some_and(|at| now.since(at) >= ORPHAN_AGE)
            })
            .map(|(_, path)| path)
            .collect();
        for path in orphans {
            self.forget_file(workspace, &path, u64::MAX, cutoff).await?;
        }
        Ok(())
    }
}

fn last_written(path: &Path) -> Option<Timestamp> {
    let since_epoch = path.metadata().ok()?.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(Timestamp::default().plus(since_epoch))
}

type KeysOfBlocks = Vec<(Vec<UrnKey>, Timestamp)>;

/// The keys of every block with its last arrival, and how many places could not be read.
fn read_keys(path: &Path, length: u64) -> io::Result<(KeysOfBlocks, u64)> {
    let length = length.min(path.metadata()?.len());
    let segment = Segment::open(path, length)?;
    let (blocks, damaged) = segment.blocks()?;
    let mut keys = Vec::with_capacity(blocks.len());
    for block in blocks {
        keys.push((KeptBlock::keys(&block.header, &segment.body(&block)?), block.header.last_at));
    }
    Ok((keys, damaged))
}
