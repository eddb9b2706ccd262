//! A store in a temporary folder and a pipeline over it.

use std::sync::Arc;
use std::time::Duration;

use molva_connectors::Item;
use molva_domain::{
    Actor, Post, SourceId, SystemClock, Tally, Timestamp, TopicId, TopicKind, TopicLevel, Urn, WorkspaceId,
};
use molva_pipeline::{ActiveModel, Incoming, Pipeline, PipelineOptions};
use molva_storage::kept::KeptLimits;
use molva_storage::mention::{Mention, MentionFilter};
use molva_storage::source::{Source, SourceDraft};
use molva_storage::topic::TopicDraft;
use molva_storage::{Storage, StorageOptions};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::networks;

/// The processors are not ours alone: single moments may be long, half of them are not.
pub(crate) fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

pub(crate) struct World {
    pub(crate) storage: Storage,
    pub(crate) pipeline: Pipeline,
    pub(crate) workspace: WorkspaceId,
    cancel: CancellationToken,
    folder: Arc<TempDir>,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::at_scale(1.0).await
    }

    /// With so many seconds of networks' schedules in one.
    pub(crate) async fn at_scale(time_scale: f64) -> Self {
        Self::open(Arc::new(tempfile::tempdir().expect("a temporary folder")), time_scale).await
    }

    async fn open(folder: Arc<TempDir>, time_scale: f64) -> Self {
        let storage = open_store(&folder).await;
        let workspace = storage.ensure_workspace("test").await.expect("a workspace").id;
        let cancel = CancellationToken::new();
        let model = ActiveModel::of_workspace(&storage, workspace).await.expect("a model");
        let options =
            PipelineOptions { connectors: networks::find, model, time_scale, ..PipelineOptions::new(workspace) };
        let pipeline = Pipeline::start(storage.clone(), options, cancel.clone()).await.expect("a pipeline");
        Self { storage, pipeline, workspace, cancel, folder }
    }

    /// Stops everything and starts again on the same folder.
    pub(crate) async fn restart(self) -> Self {
        self.restart_after(|| {}).await
    }

    /// Does something to the folder while nothing runs on it.
    pub(crate) async fn restart_after(self, meanwhile: impl FnOnce()) -> Self {
        self.cancel.cancel();
        tokio::time::sleep(Duration::from_millis(300)).await;
        meanwhile();
        Self::open(Arc::clone(&self.folder), 1.0).await
    }

    /// The same store as another process has it open.
    pub(crate) async fn other_process(&self) -> Storage {
        open_store(&self.folder).await
    }

    pub(crate) async fn topic(&self, name: &str, query: &str) -> TopicId {
        self.topic_with(name, query, &[]).await
    }

    pub(crate) async fn topic_with(&self, name: &str, query: &str, lists: &[&str]) -> TopicId {
        let (level, kind) = (TopicLevel::Brand, TopicKind::Own);
        let lists = lists.iter().map(ToString::to_string).collect();
        let draft = TopicDraft { name: name.to_owned(), level, kind, query: query.to_owned(), lists };
        let topic = self.storage.create_topic(self.workspace, Actor::System, draft).await.expect("a topic");
        self.pipeline.reload_topics(self.workspace).await.expect("reloaded");
        topic.id
    }

    pub(crate) async fn source(&self, connector: &str) -> SourceId {
        let draft = SourceDraft {
            connector: connector.to_owned(),
            name: connector.to_owned(),
            settings: std::collections::BTreeMap::new(),
            secrets: std::collections::BTreeMap::new(),
        };
        self.storage.create_source(self.workspace, Actor::System, draft).await.expect("a source").id
    }

    pub(crate) async fn ingest(&self, source: SourceId, items: Vec<Item>) -> Tally {
        let incoming = Incoming { workspace: self.workspace, source, lease: None, items, cursor: None, delivery: None };
        self.pipeline.ingest(incoming).await.expect("stored")
    }

    pub(crate) async fn mentions(&self, topic: TopicId) -> Vec<Mention> {
        let filter = MentionFilter { topics: vec![topic], with_copies: true, ..MentionFilter::default() };
        self.storage.mentions(self.workspace, &filter, None, 200).await.expect("a page").mentions
    }

    pub(crate) async fn tally(&self, source: SourceId) -> Tally {
        let totals = self.storage.ledger_totals(self.workspace).await.expect("totals");
        totals.into_iter().find(|(id, _)| *id == source).map(|(_, tally)| tally).unwrap_or_default()
    }

    /// The source once it is as wanted; panics with its last state after a minute.
    pub(crate) async fn wait_for(&self, source: SourceId, wanted: impl Fn(&Source) -> bool) -> Source {
        for _ in 0..1_200 {
            let now = self.storage.source(self.workspace, source).await.expect("read").expect("present");
            if wanted(&now) {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("not as wanted within a minute: {:?}", self.storage.source(self.workspace, source).await)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

async fn open_store(folder: &TempDir) -> Storage {
    let options = StorageOptions {
        data_dir: folder.path().to_owned(),
        postgres_url: None,
        clock: Arc::new(SystemClock),
        node: 0,
        kept: KeptLimits::default(),
        sealing_key: None,
    };
    Storage::open(options).await.expect("a store")
}

pub(crate) fn post(id: &str, text: &str) -> Post {
    let now = Timestamp::parse("2026-03-01T12:00:00Z").expect("a time");
    Post::new(Urn::of("test", None, "post", id), "test", text.to_owned(), now, now)
}

pub(crate) fn item(id: &str, text: &str) -> Item {
    Item::Post(Box::new(post(id, text)))
}
