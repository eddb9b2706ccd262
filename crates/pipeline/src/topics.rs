//! The live set of topics: storage is the truth, the matcher its image.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use molva_domain::{Actor, Event, EventKind, ListId, TopicId, WorkspaceId};
use molva_matcher::Cost;
use molva_query::{List, Query, Reading, Scope, parse_quietly};
use molva_storage::StorageError;
use molva_storage::topic::Topic;

use crate::ingest::Pipeline;
use crate::lists::WorkspaceLists;

/// What each topic was last put into the matcher as.
pub(crate) type LiveTopics = HashMap<TopicId, LiveTopic>;

/// A topic's query as the matcher has it.
pub(crate) struct LiveTopic {
    /// Of its text.
    version: u32,
    lists: Uses,
}

/// Which lists a change of would change the query.
enum Uses {
    These(Vec<ListId>),
    /// The query does not parse, perhaps because of a list: any change may mend it.
    Any,
}

impl Uses {
    fn touched_by(&self, changed: &[ListId]) -> bool {
        match self {
            Self::These(lists) => lists.iter().any(|list| changed.contains(list)),
            Self::Any => !changed.is_empty(),
        }
    }
}

/// Which topics to look at.
enum Which<'a> {
    All,
    /// These, and those whose lists have changed.
    These(&'a [TopicId]),
}

/// How soon a change made by another process is noticed where the database cannot tell us.
const OTHER_PROCESS_POLL: Duration = Duration::from_secs(1);
const EVENTS_A_READ: u32 = 500;

impl Pipeline {
    /// Brings the matcher in line with storage, whatever changed.
    pub async fn reload_topics(&self, workspace: WorkspaceId) -> Result<(), StorageError> {
        self.bring_in_line(workspace, Which::All, None).await
    }

    /// The same for topics that are known to have changed. Called after each change of a topic.
    pub async fn topics_changed(&self, workspace: WorkspaceId, topics: &[TopicId]) -> Result<(), StorageError> {
        self.bring_in_line(workspace, Which::These(topics), None).await
    }

    /// Reads the topics anew whose lists have changed. Called after each change of a list.
    pub async fn lists_changed(&self, workspace: WorkspaceId) -> Result<(), StorageError> {
        self.bring_in_line(workspace, Which::These(&[]), None).await
    }

    /// The same when the list that was stored is at hand, so that it is not read once more.
    pub async fn list_changed(&self, workspace: WorkspaceId, list: &Arc<List>) -> Result<(), StorageError> {
        self.bring_in_line(workspace, Which::These(&[]), Some(list)).await
    }

    /// The lists that queries are read with: as of the last change that this process knows of.
    #[must_use]
    pub fn lists(&self) -> Arc<WorkspaceLists> {
        Arc::clone(&self.inner.lists.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What a query will cost while posts like those of late arrive.
    #[must_use]
    pub fn cost(&self, query: &Query) -> Cost {
        self.inner.matcher.snapshot().cost(query)
    }

    /// Writes down what matching takes: queries and bytes, and the topics that cost the most, each by its id.
    pub fn note_matching(&self) {
        let snapshot = self.inner.matcher.snapshot();
        metrics::gauge!("molva_matcher_queries").set(snapshot.len() as f64);
        metrics::gauge!("molva_matcher_bytes").set(snapshot.bytes() as f64);
        for metered in snapshot.metered() {
            let topic = metered.query.to_string();
            metrics::gauge!("molva_costly_topic_looks", "topic" => topic.clone()).set(metered.looks as f64);
            metrics::gauge!("molva_costly_topic_matches", "topic" => topic.clone()).set(metered.matches as f64);
            metrics::gauge!("molva_costly_topic_seconds", "topic" => topic).set(metered.spent.as_secs_f64());
        }
    }

    async fn bring_in_line(
        &self,
        workspace: WorkspaceId,
        which: Which<'_>,
        at_hand: Option<&Arc<List>>,
    ) -> Result<(), StorageError> {
        let started = Instant::now();
        // The lock is held over the reads, so that two changes cannot apply their answers in the wrong order.
        let mut live = self.inner.live.lock().await;
        let changed = self.refresh_lists(workspace, at_hand).await?;
        let mut any_change = false;
        let topics = match which {
            Which::All => {
                let topics = self.inner.storage.topics(workspace).await?;
                self.note_kinds(&topics);
                let there: HashSet<TopicId> = topics.iter().map(|topic| topic.id).collect();
                let gone: Vec<TopicId> = live.keys().copied().filter(|id| !there.contains(id)).collect();
                any_change |= self.forget(&mut live, gone);
                topics
            }
            Which::These(asked) => {
                let touched = live.iter().filter(|(_, topic)| topic.lists.touched_by(&changed)).map(|(id, _)| *id);
                let wanted: Vec<TopicId> = asked.iter().copied().chain(touched).collect();
                let topics = self.inner.storage.topics_by_id(workspace, &wanted).await?;
                self.note_kinds(&topics);
                let there: HashSet<TopicId> = topics.iter().map(|topic| topic.id).collect();
                any_change |= self.forget(&mut live, wanted.into_iter().filter(|id| !there.contains(id)));
                topics
            }
        };
        let is_new = |topic: &Topic| {
            live.get(&topic.id).is_none_or(|known| known.version != topic.version || known.lists.touched_by(&changed))
        };
        let topics: Vec<Topic> = topics.into_iter().filter(is_new).collect();
        if !topics.is_empty() {
            for (id, topic) in self.put(topics).await {
                live.insert(id, topic);
            }
            any_change = true;
            metrics::histogram!("molva_topic_change_seconds").record(started.elapsed().as_secs_f64());
        }
        if any_change {
            self.inner.sought.note_change();
        }
        metrics::gauge!("molva_topics").set(f64::from(u32::try_from(live.len()).unwrap_or(u32::MAX)));
        let broken = live.values().filter(|topic| matches!(topic.lists, Uses::Any)).count();
        metrics::gauge!("molva_topics_broken").set(f64::from(u32::try_from(broken).unwrap_or(u32::MAX)));
        Ok(())
    }

    /// Answers the lists that are not what they were.
    async fn refresh_lists(
        &self,
        workspace: WorkspaceId,
        at_hand: Option<&Arc<List>>,
    ) -> Result<Vec<ListId>, StorageError> {
        let Some((lists, changed)) = self.lists().newer(&self.inner.storage, workspace, at_hand).await? else {
            return Ok(Vec::new());
        };
        *self.inner.lists.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(lists);
        Ok(changed)
    }

    fn note_kinds(&self, topics: &[Topic]) {
        let mut kinds = self.inner.kinds.write().unwrap_or_else(PoisonError::into_inner);
        kinds.extend(topics.iter().map(|topic| (topic.id, topic.kind)));
    }

    /// Whether there was any of them.
    fn forget(&self, live: &mut LiveTopics, gone: impl IntoIterator<Item = TopicId>) -> bool {
        let mut any = false;
        for id in gone {
            if live.remove(&id).is_some() {
                any = true;
                self.inner.matcher.remove(id.0);
                self.inner.kinds.write().unwrap_or_else(PoisonError::into_inner).remove(&id);
            }
        }
        any
    }

    /// Reads the queries and puts them into the matcher, off the runtime: a long one takes milliseconds.
    async fn put(&self, topics: Vec<Topic>) -> Vec<(TopicId, LiveTopic)> {
        let (inner, lists) = (Arc::clone(&self.inner), self.lists());
        let put = tokio::task::spawn_blocking(move || {
            let read: Vec<(Topic, Option<Query>)> = topics
                .into_iter()
                .map(|topic| {
                    let query = read_topic(&topic, &lists);
                    (topic, query)
                })
                .collect();
            let sound = read.iter().filter_map(|(topic, query)| Some((topic.id.0, query.as_ref()?)));
            inner.matcher.put_all(sound);
            read.into_iter()
                .map(|(topic, query)| {
                    let lists = match &query {
                        Some(query) => Uses::These(query.lists().iter().filter_map(|name| lists.id_of(name)).collect()),
                        None => {
                            inner.matcher.remove(topic.id.0);
                            Uses::Any
                        }
                    };
                    (topic.id, LiveTopic { version: topic.version, lists })
                })
                .collect()
        });
        put.await.unwrap_or_else(|error| {
            tracing::error!(%error, "reading the queries of changed topics stopped, they match as before");
            Vec::new()
        })
    }

    /// Follows the event log: topics, lists and sources may be changed by another process (the command line, a second server).
    pub(crate) async fn follow_events(&self) -> Result<(), StorageError> {
        let workspace = self.inner.options.workspace;
        let mut after = self.inner.storage.last_event(workspace).await?;
        let pipeline = self.clone();
        tokio::spawn(async move {
            let mut signal = pipeline.inner.storage.event_signal();
            let kinds = [
                EventKind::TopicCreated,
                EventKind::TopicChanged,
                EventKind::TopicDeleted,
                EventKind::ListCreated,
                EventKind::ListChanged,
                EventKind::ListDeleted,
                EventKind::SourceCreated,
                EventKind::SourceChanged,
                EventKind::SourceDeleted,
                EventKind::ModelActivated,
            ];
            loop {
                tokio::select! {
                    () = pipeline.inner.cancel.cancelled() => return,
                    _ = signal.changed() => {}
                    () = tokio::time::sleep(OTHER_PROCESS_POLL) => {}
                }
                match pipeline.inner.storage.events_after(workspace, after, &kinds, EVENTS_A_READ).await {
                    Ok(events) => {
                        after = events.last().map_or(after, |event| event.id);
                        pipeline.apply(workspace, &events).await;
                    }
                    Err(error) => tracing::warn!(%error, "reading the event log failed, trying again"),
                }
                // At most ten reads a second, however many mentions arrive: our own change of a topic is applied at once elsewhere.
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
        Ok(())
    }

    async fn apply(&self, workspace: WorkspaceId, events: &[Event]) {
        let is_topic =
            |kind| matches!(kind, EventKind::TopicCreated | EventKind::TopicChanged | EventKind::TopicDeleted);
        let is_list = |kind| matches!(kind, EventKind::ListCreated | EventKind::ListChanged | EventKind::ListDeleted);
        let mut topics: Vec<TopicId> =
            events.iter().filter(|event| is_topic(event.kind)).map(|event| event.subject.into()).collect();
        topics.sort_unstable();
        topics.dedup();
        if (!topics.is_empty() || events.iter().any(|event| is_list(event.kind)))
            && let Err(error) = self.topics_changed(workspace, &topics).await
        {
            tracing::warn!(%error, "reading changed topics failed, they match as before");
        }
        let is_model = |kind| kind == EventKind::ModelActivated;
        if events.iter().any(|event| is_model(event.kind))
            && let Err(error) = self.follow_model().await
        {
            tracing::warn!(%error, "reading the model in use failed, the one before goes on judging");
        }
        let of_source = |event: &&Event| !is_topic(event.kind) && !is_list(event.kind) && !is_model(event.kind);
        for event in events.iter().filter(of_source) {
            // A new source may run already, when it was added here: stopping it would ask its network twice.
            if event.kind == EventKind::SourceCreated {
                self.inner.supervisor.wake();
                continue;
            }
            // What the source or we wrote about its state is no reason to start it anew; what a person changed is.
            if matches!(event.actor, Actor::User(_) | Actor::Token(_)) {
                self.source_changed(workspace, event.subject.into());
            }
        }
    }
}

/// The query of a topic as it stands; `None`, and a line in the log, when it cannot be read any more.
pub(crate) fn read_topic(topic: &Topic, lists: &WorkspaceLists) -> Option<Query> {
    let parsed = parse_quietly(&topic.query, &Reading { scope: Scope::Topic, lists });
    if parsed.query.is_none() {
        let code = parsed.diagnostics.first().map_or("", |diagnostic| diagnostic.code);
        tracing::error!(
            topic = %topic.id,
            code,
            "the query of topic `{}` no longer parses, it matches nothing until it or its list is mended",
            topic.id
        );
    }
    parsed.query
}
