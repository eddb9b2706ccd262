//! One slice from storage, newest mentions first, while the log goes on: what changes meanwhile is brought in afterwards.

use std::sync::{Arc, Mutex, PoisonError};

use molva_archive::{Build, Error};
use molva_domain::{MentionId, Timestamp, TopicId, WorkspaceId};
use molva_storage::mention::Mention;
use molva_storage::{Storage, StorageError};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::rows::{document, judgement};
use super::{ArchiveFailure, LiveArchive};

/// Rows of a page: the first, and the most when they are short.
const FIRST_PAGE: u32 = 500;
const LARGEST_PAGE: u32 = 4_000;
/// About so many bytes of text should a page hold.
const PAGE_BYTES: usize = 4 << 20;
/// Pages read ahead.
const AHEAD: usize = 2;
/// With so few changes left the slice takes its place; they are brought in while nothing else is.
const FEW: usize = 500;

/// What changed while a slice was built.
#[derive(Debug, Default)]
pub(super) struct Later {
    pub(super) mentions: Vec<MentionId>,
    pub(super) topics: Vec<TopicId>,
}

pub(super) type Deferred = Arc<Mutex<Later>>;

pub(super) fn take(deferred: &Deferred) -> Later {
    std::mem::take(&mut *deferred.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Fills the slice; at the end all but a few of the changes are in it, and what it lacks is in `deferred`.
pub(super) async fn fill(live: LiveArchive, mut build: Build, deferred: Deferred) -> Result<Build, ArchiveFailure> {
    let mut pages = pages(live.storage.clone(), live.workspace, build.slice().span());
    while let Some(page) = pages.recv().await {
        let rows = page?;
        let read = rows.len() as u64;
        build = on(build, move |build| {
            for row in rows.iter().filter(|row| !row.post_deleted) {
                build.add(&document(row, &judgement(row)))?;
            }
            Ok(())
        })
        .await?;
        live.work.add(read);
    }
    build = on(build, Build::settle).await?;
    loop {
        let later = take(&deferred);
        if later.mentions.len() <= FEW {
            let mut left = deferred.lock().unwrap_or_else(PoisonError::into_inner);
            left.mentions.extend(later.mentions);
            left.topics.extend(later.topics);
            return Ok(build);
        }
        build = bring(&live, build, later).await?;
    }
}

/// Brings changes into a slice that is built.
pub(super) async fn bring(live: &LiveArchive, mut build: Build, later: Later) -> Result<Build, ArchiveFailure> {
    let Later { mut mentions, topics } = later;
    mentions.sort_unstable();
    mentions.dedup();
    for ids in mentions.chunks(LARGEST_PAGE as usize) {
        let rows = live.storage.mentions_in_bulk(live.workspace, ids).await?;
        let ids = ids.to_vec();
        build = on(build, move |build| {
            for id in ids {
                build.delete(id)?;
            }
            for row in rows.iter().filter(|row| !row.post_deleted) {
                build.add(&document(row, &judgement(row)))?;
            }
            Ok(())
        })
        .await?;
    }
    on(build, move |build| topics.into_iter().try_for_each(|topic| build.delete_topic(topic))).await
}

/// Works on the slice off the runtime.
async fn on(
    mut build: Build,
    work: impl FnOnce(&mut Build) -> Result<(), Error> + Send + 'static,
) -> Result<Build, ArchiveFailure> {
    let worked = spawn_blocking(move || work(&mut build).map(|()| build)).await?;
    Ok(worked?)
}

/// The mentions of a stretch of time, page by page, read ahead.
fn pages(
    storage: Storage,
    workspace: WorkspaceId,
    span: (Timestamp, Timestamp),
) -> mpsc::Receiver<Result<Vec<Mention>, StorageError>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let (mut after, mut limit) = (None, FIRST_PAGE);
        loop {
            let page = storage.mentions_in_time(workspace, span, after, limit).await;
            let mut is_last = true;
            if let Ok(rows) = &page {
                after = rows.last().map(|row| (row.post.sort_at(), row.id));
                is_last = rows.len() < limit as usize;
                let bytes: usize = rows.iter().map(|row| row.post.text.len()).sum();
                let fitting = rows.len().saturating_mul(PAGE_BYTES) / bytes.max(1);
                limit = u32::try_from(fitting).unwrap_or(LARGEST_PAGE).clamp(64, LARGEST_PAGE);
            }
            if sender.send(page).await.is_err() || is_last {
                return;
            }
        }
    });
    receiver
}
