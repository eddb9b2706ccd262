//! The one way in: analyse and match a batch, then commit it together with whatever else waits.

use std::collections::HashMap;
use std::fmt;
use std::num::NonZero;
use std::sync::{Arc, LazyLock, OnceLock, RwLock};
use std::time::Duration;

use molva_connectors::http::{HttpClient, HttpLimits};
use molva_connectors::{Connector, Item};
use molva_domain::{SourceId, Tally, TopicId, TopicKind, WorkspaceId};
use molva_matcher::{Matcher, Scratch, Snapshot};
use molva_storage::intake::{MatchSpan, PreparedBatch, PreparedItem, PreparedPost};
use molva_storage::source::Lease;
use molva_storage::{Storage, StorageError};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::archive::LiveArchive;
use crate::committer::Committer;
use crate::deliver::Deliveries;
use crate::judging::JudgingSignal;
use crate::learning::Learning;
use crate::lists::WorkspaceLists;
use crate::oauth::Tokened;
use crate::scratch::Pool;
use crate::second::SecondOptions;
use crate::sought::LiveSought;
use crate::stories::LiveStories;
use crate::supervisor::Supervisor;
use crate::topics::LiveTopics;
use crate::understanding::{ActiveModel, Reader};
use crate::webhooks::Inbox;

/// How the pipeline runs.
#[derive(Clone)]
pub struct PipelineOptions {
    pub workspace: WorkspaceId,
    pub http: HttpLimits,
    /// How many seconds of a network's schedule pass in one; 1 but in tests.
    pub time_scale: f64,
    /// Whether this process polls sources and sends replies.
    pub collect: bool,
    /// Whether this process keeps the archive in line, unless another one on the data folder does.
    pub archive: bool,
    /// Whether this process judges mentions that the active model has not judged, and lets models learn from people.
    pub judge: bool,
    /// Whether posts are judged as they come; otherwise they wait for whoever judges in the background.
    pub judge_at_once: bool,
    /// What judges at first; see [`Pipeline::use_model`].
    pub model: ActiveModel,
    /// Where this Molva is reached from outside, `https://molva.example` without a slash behind: networks that call need it.
    pub public_origin: Option<String>,
    /// How long files stay with replies that were sent or taken back.
    pub reply_files: Duration,
    /// The networks there are; tests bring their own.
    pub connectors: fn(&str) -> Option<&'static dyn Connector>,
}

impl PipelineOptions {
    /// Polls sources, at the networks' own pace, with the limits of the product.
    #[must_use]
    pub fn new(workspace: WorkspaceId) -> Self {
        Self {
            workspace,
            http: HttpLimits::default(),
            time_scale: 1.0,
            collect: true,
            archive: true,
            judge: true,
            judge_at_once: true,
            model: ActiveModel::shipped(),
            public_origin: None,
            reply_files: Duration::from_secs(30 * 86_400),
            connectors: molva_connectors::find,
        }
    }
}

/// What a source hands over.
#[derive(Clone, Debug)]
pub struct Incoming {
    pub workspace: WorkspaceId,
    pub source: SourceId,
    pub lease: Option<Lease>,
    pub items: Vec<Item>,
    pub cursor: Option<String>,
    /// A push delivery's id, for replays.
    pub delivery: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// More is waiting than may wait; try again in a second.
    #[error("the store is busy; send again in a second")]
    Busy,
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("molva is shutting down")]
    Stopping,
}

/// The running pipeline; clones share it.
#[derive(Clone)]
pub struct Pipeline {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) storage: Storage,
    pub(crate) options: PipelineOptions,
    pub(crate) http: HttpClient,
    pub(crate) matcher: Matcher,
    pub(crate) live: Mutex<LiveTopics>,
    /// What queries name; only replaced while `live` is locked.
    pub(crate) lists: std::sync::Mutex<Arc<WorkspaceLists>>,
    /// What topics are about; only changed while `live` is locked.
    pub(crate) kinds: RwLock<HashMap<TopicId, TopicKind>>,
    pub(crate) model: RwLock<Arc<ActiveModel>>,
    pub(crate) scratches: Pool<Scratch>,
    pub(crate) readers: Arc<Pool<Reader>>,
    pub(crate) stories: Arc<LiveStories>,
    pub(crate) judging: JudgingSignal,
    pub(crate) learning: Learning,
    pub(crate) second: OnceLock<SecondOptions>,
    pub(crate) supervisor: Supervisor,
    pub(crate) deliveries: Deliveries,
    pub(crate) tokened: Tokened,
    pub(crate) archive: LiveArchive,
    pub(crate) cancel: CancellationToken,
    pub(crate) committer: Committer,
    pub(crate) webhooks: Inbox,
    pub(crate) sought: LiveSought,
}

impl fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pipeline").field("workspace", &self.inner.options.workspace).finish_non_exhaustive()
    }
}

/// Batches smaller than this are matched where they arrive; a larger one would hold up the runtime.
const INLINE_ITEMS: usize = 32;
/// Larger batches are prepared in parts side by side, none of fewer items than this.
const PART_ITEMS: usize = 64;

impl Pipeline {
    /// Loads the topics, starts the committer and, when asked to, the supervisor of sources and the keeper of the archive.
    pub async fn start(
        storage: Storage,
        options: PipelineOptions,
        cancel: CancellationToken,
    ) -> Result<Self, StorageError> {
        let (workspace, collect, archive, judge) = (options.workspace, options.collect, options.archive, options.judge);
        let stories = LiveStories::new();
        let readers = Arc::new(Pool::default());
        stories.fill(storage.clone(), workspace, Arc::clone(&readers), cancel.clone());
        let pipeline = Self {
            inner: Arc::new(Inner {
                committer: Committer::start(storage.clone(), Arc::clone(&stories)),
                webhooks: Inbox::start(storage.clone(), workspace),
                sought: LiveSought::default(),
                http: HttpClient::new(options.http.clone()),
                archive: LiveArchive::new(storage.clone(), workspace),
                model: RwLock::new(Arc::new(options.model.clone())),
                storage,
                options,
                matcher: Matcher::new(),
                live: Mutex::default(),
                lists: std::sync::Mutex::default(),
                kinds: RwLock::default(),
                scratches: Pool::default(),
                readers,
                stories,
                judging: JudgingSignal::default(),
                learning: Learning::default(),
                second: OnceLock::new(),
                supervisor: Supervisor::default(),
                deliveries: Deliveries::default(),
                tokened: Tokened::default(),
                cancel,
            }),
        };
        pipeline.reload_topics(workspace).await?;
        pipeline.follow_events().await?;
        if archive {
            pipeline.inner.archive.keep(pipeline.inner.cancel.clone());
        }
        if judge {
            pipeline.keep_judging();
            pipeline.keep_learning();
        }
        if collect {
            pipeline.read_webhooks();
            pipeline.supervise();
            pipeline.keep_delivering();
            pipeline.keep_accounts();
            pipeline.keep_refreshing();
            pipeline.keep_tokens();
            pipeline.keep_forgetting_reply_files();
        }
        Ok(pipeline)
    }

    #[must_use]
    pub fn storage(&self) -> &Storage {
        &self.inner.storage
    }

    /// Returns when all of it is stored. Waits when the store is busy: this is the back-pressure.
    pub async fn ingest(&self, incoming: Incoming) -> Result<Tally, IngestError> {
        let batch = self.prepare(incoming).await?;
        self.inner.committer.commit(batch).await
    }

    /// The same, but refuses with `Busy` instead of waiting.
    pub async fn try_ingest(&self, incoming: Incoming) -> Result<Tally, IngestError> {
        let place = self.inner.committer.reserve()?;
        let batch = self.prepare(incoming).await?;
        place.commit(batch).await
    }

    /// Analyses and matches without storing. Split from [`Self::store_prepared`] so that a long import matches one batch
    /// while the one before is being stored.
    pub async fn prepare(&self, incoming: Incoming) -> Result<PreparedBatch, IngestError> {
        let snapshot = self.inner.matcher.snapshot();
        let Incoming { workspace, source, lease, items, cursor, delivery } = incoming;
        let items = if items.len() <= INLINE_ITEMS {
            self.inner.prepare(&snapshot, items)
        } else {
            let parts = in_parts(items, cores()).into_iter().map(|items| {
                let (inner, snapshot) = (Arc::clone(&self.inner), Arc::clone(&snapshot));
                tokio::task::spawn_blocking(move || inner.prepare(&snapshot, items))
            });
            // All of them have begun before the first is waited for.
            let mut prepared = Vec::new();
            for part in parts.collect::<Vec<_>>() {
                prepared.append(&mut part.await.map_err(|_stopped| IngestError::Stopping)?);
            }
            prepared
        };
        let received_at = self.inner.storage.now();
        Ok(PreparedBatch { workspace, source, lease, items, cursor, delivery, received_at })
    }

    pub async fn store_prepared(&self, batch: PreparedBatch) -> Result<Tally, IngestError> {
        self.inner.committer.commit(batch).await
    }
}

impl Inner {
    pub(crate) fn connector(&self, name: &str) -> Option<&'static dyn Connector> {
        (self.options.connectors)(name)
    }

    fn prepare(&self, snapshot: &Snapshot, items: Vec<Item>) -> Vec<PreparedItem> {
        let (mut scratch, mut reader) = (self.scratches.take(), self.readers.take());
        let model = self.active_model();
        let prepared = items
            .into_iter()
            .map(|item| match item {
                Item::Rejected(rejection) => PreparedItem::Rejected(rejection),
                Item::Deleted(urn) => PreparedItem::Deleted(urn),
                Item::Post(mut post) => {
                    let hits: Vec<(TopicId, Vec<MatchSpan>)> = snapshot
                        .matches(&post, &mut scratch)
                        .into_iter()
                        .map(|hit| (hit.query.into(), hit.spans.into_iter().map(match_span).collect()))
                        .collect();
                    if post.language.is_none() {
                        post.language = scratch.language(post.title.as_deref().unwrap_or_default(), &post.text);
                    }
                    let content_hash = scratch.content_hash();
                    if hits.is_empty() {
                        let (matches, signature) = (Vec::new(), Vec::new());
                        let prepared = PreparedPost { post: *post, content_hash, matches, signature };
                        return PreparedItem::Post(Box::new(prepared));
                    }
                    let analysis = scratch.analysis();
                    let matches = self.judge_matches(&mut reader, &model, (&post, analysis), hits);
                    let signature = reader.sign_analysed(analysis, &post);
                    PreparedItem::Post(Box::new(PreparedPost { post: *post, content_hash, matches, signature }))
                }
            })
            .collect();
        self.scratches.give_back(scratch);
        self.readers.give_back(reader);
        prepared
    }
}

/// Cuts a batch into as many parts as there are cores, in its order; small batches into fewer.
fn in_parts<T>(mut items: Vec<T>, cores: usize) -> Vec<Vec<T>> {
    let parts = (items.len() / PART_ITEMS).clamp(1, cores.max(1));
    let length = items.len().div_ceil(parts);
    let mut cut: Vec<Vec<T>> = (1..parts).rev().map(|part| items.split_off(items.len().min(part * length))).collect();
    cut.push(items);
    cut.reverse();
    cut
}

/// Asking the system takes a while.
fn cores() -> usize {
    static CORES: LazyLock<usize> = LazyLock::new(|| std::thread::available_parallelism().map_or(1, NonZero::get));
    *CORES
}

/// The matcher's span in the words of storage.
pub(crate) fn match_span(span: molva_matcher::Span) -> MatchSpan {
    MatchSpan { in_title: span.in_title, start: span.start, end: span.end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_batch_are_the_batch_in_its_order() {
        for items in [0, 1, 63, 64, 127, 128, 129, 1_000, 1_001] {
            for cores in [0, 1, 2, 3, 7, 64] {
                let parts = in_parts((0..items).collect(), cores);
                assert!(parts.len() <= cores.max(1) && parts.len() <= (items / PART_ITEMS).max(1));
                let longest = parts.iter().map(Vec::len).max();
                assert!(parts.iter().all(|part| longest.is_some_and(|longest| part.len() + cores >= longest)));
                assert_eq!(parts.concat(), (0..items).collect::<Vec<_>>());
            }
        }
    }
}
