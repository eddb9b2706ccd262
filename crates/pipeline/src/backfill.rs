//! Applies a new topic to the kept stream.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use molva_domain::{TopicId, WorkspaceId};
use molva_matcher::Matcher;
use molva_storage::StorageError;
use molva_storage::intake::FoundPost;
use tokio::sync::mpsc;

use crate::ingest::{Pipeline, match_span};
use crate::lists::WorkspaceLists;
use crate::look_back::{Found, look_at};
use crate::topics::read_topic;

/// Posts stored in one transaction.
const POSTS_A_TRANSACTION: usize = 500;

impl Pipeline {
    /// Judges and signs what was found, as if it came today.
    async fn understand(&self, topic: TopicId, found: Vec<Found>) -> Result<Vec<FoundPost>, StorageError> {
        let (inner, model) = (Arc::clone(&self.inner), self.models());
        let work = move || {
            let (mut reader, mut scratch) = (inner.readers.take(), inner.scratches.take());
            let snapshot = inner.matcher.snapshot();
            let understood = found.into_iter().map(|Found { post: kept, spans }| {
                let rivals = snapshot.matches(&kept.post, &mut scratch).into_iter();
                let rivals = rivals.map(|hit| (TopicId(hit.query), hit.spans.into_iter().map(match_span).collect()));
                let mut hits = vec![(topic, spans)];
                hits.extend(rivals.filter(|(rival, _)| *rival != topic));
                let analysed = (&kept.post, scratch.analysis());
                let judged = inner.judge_match(&mut reader, &model, analysed, &hits, 0);
                let signature = reader.sign_analysed(scratch.analysis(), &kept.post);
                FoundPost { kept, spans: hits.swap_remove(0).1, judged, signature }
            });
            let understood = understood.collect();
            inner.readers.give_back(reader);
            inner.scratches.give_back(scratch);
            understood
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| StorageError::Kept(std::io::Error::other(error)))
    }

    /// Returns how many mentions were added; `progress` is told posts scanned and posts in all.
    pub async fn backfill(
        &self,
        workspace: WorkspaceId,
        topic: TopicId,
        progress: impl Fn(u64, u64) + Send + Sync + 'static,
    ) -> Result<u64, StorageError> {
        let Some(stored) = self.inner.storage.topic(workspace, topic).await? else { return Ok(0) };
        // As storage holds them now: another process may have changed one a moment ago.
        let lists = WorkspaceLists::read(&self.inner.storage, workspace).await?;
        let Some(query) = read_topic(&stored, &lists) else { return Ok(0) };
        let matcher = Matcher::new();
        matcher.put(topic.0, &query);
        let snapshot = matcher.snapshot();
        let in_all = self.inner.storage.kept_status(workspace).await?.posts;

        let (sender, mut found) = mpsc::channel::<Found>(POSTS_A_TRANSACTION);
        let scanned = AtomicU64::new(0);
        let inner = Arc::clone(&self.inner);
        let scan = self.inner.storage.scan_kept(workspace, 1, move |block| {
            let mut scratch = inner.scratches.take();
            let mut open = true;
            for index in 0..block.len() {
                if let Some(hit) = look_at(block, index, &snapshot, &mut scratch) {
                    open = sender.blocking_send(hit).is_ok();
                    if !open {
                        break;
                    }
                }
            }
            inner.scratches.give_back(scratch);
            let done = scanned.fetch_add(block.len() as u64, Ordering::Relaxed) + block.len() as u64;
            progress(done, in_all.max(done));
            if open { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        let store = async {
            let mut added = 0;
            let mut posts = Vec::new();
            while found.recv_many(&mut posts, POSTS_A_TRANSACTION).await > 0 {
                let batch = self.understand(topic, std::mem::take(&mut posts)).await?;
                let mut stories = self.inner.stories.lock().await;
                added += self.inner.storage.store_backfill(workspace, topic, batch, Some(&mut *stories)).await?;
            }
            Ok(added)
        };
        let (scan, added) = tokio::join!(scan, store);
        scan?;
        added
    }
}
