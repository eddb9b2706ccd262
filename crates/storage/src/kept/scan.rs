//! Reading the kept stream back, newest first.

use std::collections::VecDeque;
use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use molva_domain::WorkspaceId;

use super::append::{Unmatched, read_pending};
use super::block::{Hidden, KeptBlock};
use super::segment::{self, BlockAt, Segment};
use crate::sql::Statement;
use crate::urn_key::UrnKey;
use crate::{Result, Storage, StorageError};

const MAX_THREADS: usize = 16;

impl Storage {
    /// Newest blocks first, on `threads` blocking threads; `visit` sees each block once and stops the scan with `Break`.
    /// Damaged blocks are skipped and counted in the answer.
    pub async fn scan_kept<F>(&self, workspace: WorkspaceId, threads: usize, visit: F) -> Result<u64>
    where
        F: Fn(&KeptBlock) -> ControlFlow<()> + Send + Sync + 'static,
    {
        let hidden = self.hidden_posts(workspace).await?;
        let (pending, segments) = self.kept_parts(workspace).await?;
        let scan = Scan {
            queue: Mutex::new(Queue { segments, blocks: Vec::new() }),
            hidden,
            stop: AtomicBool::new(false),
            damaged: AtomicU64::new(0),
        };
        let threads = threads.clamp(1, MAX_THREADS);
        tokio::task::spawn_blocking(move || {
            if !pending.is_empty() && visit(&KeptBlock::of_pending(pending, &scan.hidden)?).is_break() {
                return Ok(0);
            }
            std::thread::scope(|scope| {
                for _ in 1..threads {
                    scope.spawn(|| scan.run(&visit));
                }
                scan.run(&visit);
            });
            Ok(scan.damaged.into_inner())
        })
        .await
        .map_err(|_| StorageError::Kept(io::Error::other("the scan of the kept stream stopped")))?
    }

    /// Posts that wait as rows, and the committed segments, newest first. One statement, so that a post on its way from rows
    /// to a block is seen once.
    async fn kept_parts(&self, workspace: WorkspaceId) -> Result<(Vec<Unmatched>, VecDeque<(PathBuf, u64)>)> {
        let statement = Statement::new(
            "SELECT id, urn_key, at, record FROM kept_pending WHERE workspace_id = $1 \
             UNION ALL SELECT id, NULL, length, NULL FROM kept_segment WHERE workspace_id = $1",
        );
        let folder = segment::folder(&self.inner.data_dir, workspace);
        let (mut pending, mut segments) = (Vec::new(), Vec::new());
        for row in self.database().all(statement.bind(workspace.0)).await? {
            let mut columns = row.columns();
            let (id, key, number) = (columns.integer()?, columns.maybe_bytes()?, columns.integer()?);
            if key.is_some() {
                pending.push(read_pending(&row)?);
            } else {
                segments.push((id, u64::try_from(number).unwrap_or(0)));
            }
        }
        pending.sort_by_key(|(id, _)| *id);
        segments.sort_unstable_by_key(|(id, _)| std::cmp::Reverse(*id));
        let segments = segments.into_iter().map(|(id, length)| (segment::path(&folder, id), length)).collect();
        Ok((pending.into_iter().map(|(_, post)| post).collect(), segments))
    }

    /// Posts that their network deleted or their authors edited; few.
    async fn hidden_posts(&self, workspace: WorkspaceId) -> Result<Hidden> {
        let statement = Statement::new("SELECT urn_key, at FROM kept_deleted WHERE workspace_id = $1");
        let rows = self.database().all(statement.bind(workspace.0)).await?;
        let mut keys = Hidden::with_capacity(rows.len());
        for row in &rows {
            let mut columns = row.columns();
            let (key, before) = (UrnKey::read(&columns.bytes()?), columns.time()?);
            keys.extend(key.map(|key| (key, before)));
        }
        Ok(keys)
    }

    /// Segments whose files are missing or too short.
    pub(crate) async fn check_kept(&self) -> Result<Vec<String>> {
        let statement = Statement::new("SELECT workspace_id, id, length, node FROM kept_segment ORDER BY id");
        let mut findings = Vec::new();
        for row in self.database().all(statement).await? {
            let mut columns = row.columns();
            let (workspace, id) = (WorkspaceId(columns.integer()?), columns.integer()?);
            let (length, node) = (columns.count()?, columns.integer()?);
            if !self.inner.slot.shares_folder_with(node) {
                continue;
            }
            let path = segment::path(&segment::folder(&self.inner.data_dir, workspace), id);
            let on_disk = tokio::fs::metadata(&path).await.map_or(0, |metadata| metadata.len());
            if on_disk < length {
                findings.push(format!(
                    "segment `{id}` of the kept stream has {on_disk} of {length} bytes; posts in it cannot be previewed"
                ));
            }
        }
        Ok(findings)
    }
}

struct Scan {
    queue: Mutex<Queue>,
    hidden: Hidden,
    stop: AtomicBool,
    damaged: AtomicU64,
}

struct Queue {
    /// Newest first.
    segments: VecDeque<(PathBuf, u64)>,
    /// Of the segment in work; the newest is the last.
    blocks: Vec<(Arc<Segment>, BlockAt)>,
}

impl Scan {
    fn run(&self, visit: &(impl Fn(&KeptBlock) -> ControlFlow<()> + Sync)) {
        while !self.stop.load(Ordering::Relaxed) {
            let Some((segment, at)) = self.next() else { return };
            let block = segment.body(&at).and_then(|body| KeptBlock::read(&at.header, &body, &self.hidden));
            match block {
                Ok(block) if visit(&block).is_break() => self.stop.store(true, Ordering::Relaxed),
                Ok(_) => {}
                Err(_) => self.count_damaged(1),
            }
        }
    }

    fn next(&self) -> Option<(Arc<Segment>, BlockAt)> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(next) = queue.blocks.pop() {
                return Some(next);
            }
            let (path, length) = queue.segments.pop_front()?;
            match Segment::open(&path, length).and_then(|segment| Ok((segment.blocks()?, segment))) {
                Ok(((blocks, damaged), segment)) => {
                    self.count_damaged(damaged);
                    let segment = Arc::new(segment);
                    queue.blocks = blocks.into_iter().map(|block| (Arc::clone(&segment), block)).collect();
                }
                // Dropped meanwhile, or it lies on another machine.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(_) => self.count_damaged(1),
            }
        }
    }

    fn count_damaged(&self, blocks: u64) {
        self.damaged.fetch_add(blocks, Ordering::Relaxed);
    }
}
