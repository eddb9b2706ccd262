//! Writing to the kept stream, inside the transaction of the batch.
//!
//! The bytes reach the disk before the commit, the length with it: a crash between leaves bytes behind the committed length.

use std::time::Duration;

use molva_domain::{Timestamp, WorkspaceId};

use super::block::encode;
use super::{KeptPost, record, segment};
use crate::sql::{Bulk, Row, Statement, Transaction, Value};
use crate::urn_key::UrnKey;
use crate::{Result, Storage, StorageError};

/// A post on its way into the kept stream.
#[derive(Clone, Debug)]
pub(crate) struct Unmatched {
    pub(crate) key: UrnKey,
    /// Arrival.
    pub(crate) at: Timestamp,
    pub(crate) kept: KeptPost,
}

/// Posts in a block, where that many come.
const BLOCK_POSTS: usize = 1_024;
/// Text in a block, roughly, so that long articles do not make giants.
const BLOCK_TEXT_BYTES: usize = 4 << 20;
/// Fewer wait as rows: blocks of a few posts compress badly and take long to scan.
const BLOCK_MIN_POSTS: usize = 512;
/// A segment is closed when it is this large, or an eighth of all that may be kept.
const SEGMENT_BYTES: u64 = 64 << 20;
/// A segment is closed when its first post is this old, or a twelfth of the time that may be kept.
const SEGMENT_AGE: Duration = Duration::from_secs(6 * 3_600);

const INSERT_PENDING: Bulk = Bulk {
    head: "INSERT INTO kept_pending (workspace_id, id, urn_key, at, record) VALUES",
    row: "($1, ?, ?, ?, ?)",
    tail: "",
};

impl Storage {
    /// Appends posts in the order given.
    pub(crate) async fn keep(
        &self,
        transaction: &mut Transaction,
        workspace: WorkspaceId,
        mut posts: Vec<Unmatched>,
    ) -> Result<()> {
        if posts.is_empty() {
            return Ok(());
        }
        let waiting = Statement::new("SELECT COUNT(id) FROM kept_pending WHERE workspace_id = $1").bind(workspace.0);
        let row = transaction.optional(waiting).await?;
        let waiting = row.map_or(Ok(0), |row| row.columns().count())?;
        if posts.len() as u64 + waiting < BLOCK_MIN_POSTS as u64 {
            return self.wait_as_rows(transaction, workspace, posts).await;
        }
        if waiting > 0 {
            let statement =
                Statement::new("DELETE FROM kept_pending WHERE workspace_id = $1 RETURNING id, urn_key, at, record");
            let rows = transaction.all(statement.bind(workspace.0)).await?;
            let mut all = rows.iter().map(read_pending).collect::<Result<Vec<_>>>()?;
            all.sort_by_key(|(id, _)| *id);
            posts.splice(..0, all.into_iter().map(|(_, post)| post));
        }
        self.append_blocks(transaction, workspace, posts).await
    }

    async fn wait_as_rows(
        &self,
        transaction: &mut Transaction,
        workspace: WorkspaceId,
        posts: Vec<Unmatched>,
    ) -> Result<()> {
        let mut values = Vec::with_capacity(posts.len() * 4);
        for post in posts {
            let id: i64 = self.ids().next();
            let record = record::write(&post.kept, Vec::new())
                .ok_or_else(|| std::io::Error::other("a post cannot be written to the kept stream"))?;
            values.extend([Value::from(id), post.key.into(), post.at.into(), record.into()]);
        }
        INSERT_PENDING.execute(transaction, &[workspace.0.into()], values).await?;
        Ok(())
    }

    async fn append_blocks(
        &self,
        transaction: &mut Transaction,
        workspace: WorkspaceId,
        posts: Vec<Unmatched>,
    ) -> Result<()> {
        let count = posts.len() as u64;
        let (first_at, last_at) = posts.iter().fold((i64::MAX, i64::MIN), |(first, last), post| {
            (first.min(post.at.as_micros()), last.max(post.at.as_micros()))
        });
        let blocks = tokio::task::spawn_blocking(move || encode_all(posts))
            .await
            .map_err(|_| std::io::Error::other("the encoder of the kept stream stopped"))??;
        let folder = segment::folder(&self.inner.data_dir, workspace);
        let mut target = self.open_segment(transaction, workspace, last_at).await?;
        loop {
            let (folder, blocks) = (folder.clone(), std::sync::Arc::clone(&blocks));
            let (id, length) = (target.id, target.length);
            let written = tokio::task::spawn_blocking(move || segment::append(&folder, id, length, &blocks))
                .await
                .map_err(|_| std::io::Error::other("the writer of the kept stream stopped"))??;
            if written {
                break;
            }
            tracing::warn!(
                kept.segment = target.id,
                "a segment of the kept stream is shorter than what was written to it"
            );
            close_segment(transaction, workspace, target.id).await?;
            target = Target::fresh(self.ids().next());
        }
        let end = target.length + blocks.len() as u64;
        let statement = if target.length == 0 {
            Statement::new(
                "INSERT INTO kept_segment (workspace_id, id, length, posts, first_at, last_at, node, closed) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 0)",
            )
        } else {
            Statement::new(
                "UPDATE kept_segment SET length = $3, posts = posts + $4, \
                 first_at = CASE WHEN first_at < $5 THEN first_at ELSE $5 END, \
                 last_at = CASE WHEN last_at > $6 THEN last_at ELSE $6 END \
                 WHERE workspace_id = $1 AND id = $2 AND node = $7",
            )
        };
        transaction
            .execute(
                statement
                    .bind(workspace.0)
                    .bind(target.id)
                    .bind(end)
                    .bind(count)
                    .bind(first_at)
                    .bind(last_at)
                    .bind(i64::from(self.inner.slot.node())),
            )
            .await?;
        Ok(())
    }

    /// The segment this process writes to; a new one when the last is full or old.
    async fn open_segment(&self, transaction: &mut Transaction, workspace: WorkspaceId, now: i64) -> Result<Target> {
        let statement = Statement::new(
            "SELECT id, length, first_at FROM kept_segment \
             WHERE workspace_id = $1 AND node = $2 AND closed = 0 ORDER BY id DESC LIMIT 1",
        );
        let node = i64::from(self.inner.slot.node());
        let Some(row) = transaction.optional(statement.bind(workspace.0).bind(node)).await? else {
            return Ok(Target::fresh(self.ids().next()));
        };
        let mut columns = row.columns();
        let (id, length, first_at) = (columns.integer()?, columns.count()?, columns.time()?);
        let limits = &self.inner.kept;
        let full = length >= SEGMENT_BYTES.min(limits.max_bytes / 8);
        let old = Timestamp::from_micros(now).since(first_at) >= SEGMENT_AGE.min(limits.max_age / 12);
        if full || old {
            close_segment(transaction, workspace, id).await?;
            return Ok(Target::fresh(self.ids().next()));
        }
        Ok(Target { id, length })
    }
}

struct Target {
    id: i64,
    length: u64,
}

impl Target {
    const fn fresh(id: i64) -> Self {
        Self { id, length: 0 }
    }
}

async fn close_segment(transaction: &mut Transaction, workspace: WorkspaceId, id: i64) -> Result<()> {
    let statement = Statement::new("UPDATE kept_segment SET closed = 1 WHERE workspace_id = $1 AND id = $2");
    transaction.execute(statement.bind(workspace.0).bind(id)).await?;
    Ok(())
}

fn encode_all(posts: Vec<Unmatched>) -> Result<std::sync::Arc<Vec<u8>>> {
    let mut blocks = Vec::new();
    let (mut block, mut text_bytes) = (Vec::new(), 0);
    for post in posts {
        text_bytes += post.kept.post.text.len();
        block.push(post);
        if block.len() >= BLOCK_POSTS || text_bytes >= BLOCK_TEXT_BYTES {
            blocks.extend(encode(std::mem::take(&mut block))?);
            text_bytes = 0;
        }
    }
    if !block.is_empty() {
        blocks.extend(encode(block)?);
    }
    Ok(std::sync::Arc::new(blocks))
}

/// `id, urn_key, at, record`.
pub(super) fn read_pending(row: &Row) -> Result<(i64, Unmatched)> {
    let mut columns = row.columns();
    let id = columns.integer()?;
    let damaged = || StorageError::Incompatible("a waiting post of the kept stream cannot be read".to_owned());
    let key = UrnKey::read(&columns.bytes()?).ok_or_else(damaged)?;
    let at = columns.time()?;
    let kept = record::read(&columns.bytes()?).ok_or_else(damaged)?;
    Ok((id, Unmatched { key, at, kept }))
}
