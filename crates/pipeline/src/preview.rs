//! What a query would bring: a look back over the kept stream and the posts that other topics have stored.

use std::collections::HashSet;
use std::hash::BuildHasher as _;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use molva_domain::{MentionState, Timestamp, Urn, WorkspaceId};
use molva_matcher::{Matcher, Snapshot};
use molva_query::Query;
use molva_storage::StorageError;
use molva_storage::intake::MatchSpan;
use molva_storage::kept::KeptPost;
use molva_storage::mention::MentionFilter;

use crate::ingest::{Pipeline, match_span};
use crate::look_back::{Found, look_at};

#[derive(Clone, Debug)]
pub struct PreviewHit {
    pub post: KeptPost,
    pub spans: Vec<MatchSpan>,
}

#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// Newest first, at most what was asked for.
    pub hits: Vec<PreviewHit>,
    /// Posts looked at.
    pub scanned: u64,
    pub matched: u64,
    /// Start of the stretch the figures speak of.
    pub since: Option<Timestamp>,
    /// Mentions a day to expect; `None` when less than an hour of stream was seen.
    pub per_day: Option<f64>,
    /// The time limit ended the scan before its end; the figures are of what was seen.
    pub cut_short: bool,
}

const TIME_LIMIT: Duration = Duration::from_secs(2);
const THREADS: usize = 2;
/// Stored posts looked at besides the kept ones, newest first.
const STORED_POSTS: usize = 4_000;
const STORED_PAGE: u32 = 200;

/// What the scanning threads bring together.
struct Tray {
    limit: usize,
    matched: u64,
    newest: Vec<PreviewHit>,
    published: Option<(Timestamp, Timestamp)>,
    /// Hashes of the URNs that matched: a post that a backfill stored is in the kept stream too, and counts once.
    seen: HashSet<u64>,
}

impl Tray {
    fn add(&mut self, found: Found) {
        if !self.seen.insert(urn_hash(&found.post.post.urn)) {
            return;
        }
        let at = found.post.post.published_at;
        self.matched += 1;
        self.published = Some(self.published.map_or((at, at), |(from, to)| (from.min(at), to.max(at))));
        self.newest.push(PreviewHit { post: found.post, spans: found.spans });
        if self.newest.len() >= self.limit.saturating_mul(2).max(64) {
            self.keep_newest();
        }
    }

    fn keep_newest(&mut self) {
        self.newest.sort_unstable_by_key(|hit| std::cmp::Reverse(hit.post.post.published_at));
        self.newest.truncate(self.limit);
    }
}

fn urn_hash(urn: &Urn) -> u64 {
    foldhash::fast::FixedState::default().hash_one(urn)
}

impl Pipeline {
    /// Scans for at most two seconds.
    pub async fn preview(&self, workspace: WorkspaceId, query: Query, limit: usize) -> Result<Preview, StorageError> {
        let started = Instant::now();
        let matcher = Matcher::new();
        matcher.put(0, &query);
        let snapshot = matcher.snapshot();
        let tray =
            Arc::new(Mutex::new(Tray { limit, matched: 0, newest: Vec::new(), published: None, seen: HashSet::new() }));
        let scanned = Arc::new(AtomicU64::new(0));
        let cut_short = Arc::new(AtomicBool::new(false));

        self.scan_kept(workspace, started, &snapshot, &tray, &scanned, &cut_short).await?;
        self.scan_stored(workspace, started, &snapshot, &tray, &scanned).await?;

        let status = self.inner.storage.kept_status(workspace).await?;
        let mut tray = tray.lock().unwrap_or_else(PoisonError::into_inner);
        tray.keep_newest();
        let arrivals = status.oldest.zip(status.newest);
        let stretch = [arrivals, tray.published].into_iter().flatten().max_by_key(|(from, to)| to.since(*from));
        let hours = stretch.map_or(0.0, |(from, to)| to.since(from).as_secs_f64() / 3_600.0);
        Ok(Preview {
            hits: std::mem::take(&mut tray.newest),
            scanned: scanned.load(Ordering::Relaxed),
            matched: tray.matched,
            since: stretch.map(|(from, _to)| from),
            #[expect(clippy::cast_precision_loss, reason = "an estimate for people")]
            per_day: (hours >= 1.0).then(|| tray.matched as f64 / hours * 24.0),
            cut_short: cut_short.load(Ordering::Relaxed),
        })
    }

    async fn scan_kept(
        &self,
        workspace: WorkspaceId,
        started: Instant,
        snapshot: &Arc<Snapshot>,
        tray: &Arc<Mutex<Tray>>,
        scanned: &Arc<AtomicU64>,
        cut_short: &Arc<AtomicBool>,
    ) -> Result<(), StorageError> {
        let (inner, snapshot, tray) = (Arc::clone(&self.inner), Arc::clone(snapshot), Arc::clone(tray));
        let (scanned, cut_short) = (Arc::clone(scanned), Arc::clone(cut_short));
        let visit = move |block: &molva_storage::kept::KeptBlock| {
            if started.elapsed() > TIME_LIMIT {
                cut_short.store(true, Ordering::Relaxed);
                return ControlFlow::Break(());
            }
            let mut scratch = inner.scratches.take();
            for index in 0..block.len() {
                if let Some(found) = look_at(block, index, &snapshot, &mut scratch) {
                    tray.lock().unwrap_or_else(PoisonError::into_inner).add(found);
                }
            }
            inner.scratches.give_back(scratch);
            scanned.fetch_add(block.len() as u64, Ordering::Relaxed);
            ControlFlow::Continue(())
        };
        let damaged = self.inner.storage.scan_kept(workspace, THREADS, visit).await?;
        if damaged > 0 {
            tracing::warn!(damaged, "blocks of the kept stream could not be read and were passed over");
        }
        Ok(())
    }

    async fn scan_stored(
        &self,
        workspace: WorkspaceId,
        started: Instant,
        snapshot: &Snapshot,
        tray: &Mutex<Tray>,
        scanned: &AtomicU64,
    ) -> Result<(), StorageError> {
        let filter =
            MentionFilter { with_copies: true, states: MentionState::ALL.to_vec(), ..MentionFilter::default() };
        let (mut seen, mut cursor) = (HashSet::new(), None);
        while seen.len() < STORED_POSTS && started.elapsed() < TIME_LIMIT {
            let page = self.inner.storage.mentions(workspace, &filter, cursor.as_deref(), STORED_PAGE).await?;
            let mut scratch = self.inner.scratches.take();
            for mention in page.mentions {
                if !seen.insert(mention.post_id) {
                    continue;
                }
                if !tray.lock().unwrap_or_else(PoisonError::into_inner).seen.contains(&urn_hash(&mention.post.urn)) {
                    scanned.fetch_add(1, Ordering::Relaxed);
                }
                if let Some(hit) = snapshot.matches(&mention.post, &mut scratch).into_iter().next() {
                    let post = KeptPost { source: mention.source.0, content_hash: 0, post: mention.post };
                    let spans = hit.spans.into_iter().map(match_span).collect();
                    tray.lock().unwrap_or_else(PoisonError::into_inner).add(Found { post, spans });
                }
            }
            self.inner.scratches.give_back(scratch);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        Ok(())
    }
}
