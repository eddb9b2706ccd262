//! The newest posts there are, matched or not: what a question about "the last posts" is answered from.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use molva_domain::{MentionState, Post, Urn, WorkspaceId};
use molva_storage::StorageError;
use molva_storage::kept::KeptBlock;
use molva_storage::mention::{Mention, MentionFilter};

use crate::ingest::Pipeline;

const STORED_PAGE: u32 = 200;

/// Posts, the last published first, each once.
pub(crate) struct Newest {
    pub(crate) posts: Vec<Post>,
    /// The time was over before as many were read as were asked for.
    pub(crate) cut_short: bool,
}

impl Pipeline {
    /// The newest `most` of the kept stream and the stored posts together, as far as they can be read until `end`.
    pub(crate) async fn newest_posts(
        &self,
        workspace: WorkspaceId,
        most: usize,
        end: Instant,
    ) -> Result<Newest, StorageError> {
        let (mut posts, mut cut_short) = self.newest_kept(workspace, most, end).await?;
        cut_short |= self.newest_stored(workspace, most, end, |mention| posts.push(mention.post)).await?;
        posts.sort_by_key(|post| std::cmp::Reverse(post.published_at));
        // A post that a backfill stored is in the kept stream too.
        let mut seen: HashSet<Urn> = HashSet::with_capacity(posts.len());
        posts.retain(|post| seen.insert(post.urn.clone()));
        posts.truncate(most);
        Ok(Newest { posts, cut_short })
    }

    async fn newest_kept(
        &self,
        workspace: WorkspaceId,
        most: usize,
        end: Instant,
    ) -> Result<(Vec<Post>, bool), StorageError> {
        let posts = Arc::new(Mutex::new(Vec::new()));
        let cut_short = Arc::new(AtomicBool::new(false));
        let (tray, late) = (Arc::clone(&posts), Arc::clone(&cut_short));
        let visit = move |block: &KeptBlock| {
            let mut tray = tray.lock().unwrap_or_else(PoisonError::into_inner);
            // Within a block the newest is the last.
            for index in (0..block.len()).rev() {
                if tray.len() >= most {
                    return ControlFlow::Break(());
                }
                if Instant::now() > end {
                    late.store(true, Ordering::Relaxed);
                    return ControlFlow::Break(());
                }
                // A record that cannot be decoded is counted by the scan.
                tray.extend(block.post(index).ok().map(|kept| kept.post));
            }
            ControlFlow::Continue(())
        };
        self.inner.storage.scan_kept(workspace, 1, visit).await?;
        let posts = std::mem::take(&mut *posts.lock().unwrap_or_else(PoisonError::into_inner));
        Ok((posts, cut_short.load(Ordering::Relaxed)))
    }

    /// Hands out one mention of each of the newest `most` stored posts, the last published first. Answers whether the time was
    /// over.
    pub(crate) async fn newest_stored(
        &self,
        workspace: WorkspaceId,
        most: usize,
        end: Instant,
        mut take: impl FnMut(Mention),
    ) -> Result<bool, StorageError> {
        let filter =
            MentionFilter { with_copies: true, states: MentionState::ALL.to_vec(), ..MentionFilter::default() };
        let (mut seen, mut cursor) = (HashSet::new(), None);
        while seen.len() < most {
            if Instant::now() > end {
                return Ok(true);
            }
            let page = self.inner.storage.mentions(workspace, &filter, cursor.as_deref(), STORED_PAGE).await?;
            for mention in page.mentions {
                if seen.insert(mention.post_id) && !mention.post_deleted {
                    take(mention);
                }
            }
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        Ok(false)
    }
}
