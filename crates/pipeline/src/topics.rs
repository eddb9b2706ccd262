//! The live set of topics: storage is the truth, the matcher its image.

use std::collections::HashMap;
use std::time::Duration;

use molva_domain::{Actor, Event, EventKind, TopicId, WorkspaceId};
use molva_storage::StorageError;

use crate::ingest::Pipeline;

/// Text of the query under which each topic was last put into the matcher.
pub(crate) type LiveTopics = HashMap<TopicId, String>;

/// How soon a change made by another process is noticed where the database cannot tell us.
const OTHER_PROCESS_POLL: Duration = Duration::from_secs(1);
const EVENTS_A_READ: u32 = 500;

impl Pipeline {
    /// Brings the matcher in line with storage. Called after each change of a topic.
    pub async fn reload_topics(&self, workspace: WorkspaceId) -> Result<(), StorageError> {
        // The lock is held over the read, so that two reloads cannot apply their answers in the wrong order.
        let mut live = self.inner.live.lock().await;
        let topics = self.inner.storage.topics(workspace).await?;
        let gone: Vec<TopicId> =
            live.keys().filter(|id| !topics.iter().any(|topic| topic.id == **id)).copied().collect();
        for id in gone {
            self.inner.matcher.remove(id.0);
            live.remove(&id);
        }
        for topic in topics {
            if live.get(&topic.id) == Some(&topic.query) {
                continue;
            }
            match molva_query::parse(&topic.query).query {
                Some(query) => self.inner.matcher.put(topic.id.0, &query),
                None => {
                    tracing::error!(topic = %topic.id, "the query of topic `{}` no longer parses, it matches nothing until it is mended", topic.id);
                    self.inner.matcher.remove(topic.id.0);
                }
            }
            live.insert(topic.id, topic.query);
        }
        metrics::gauge!("molva_topics").set(f64::from(u32::try_from(live.len()).unwrap_or(u32::MAX)));
        Ok(())
    }

    /// Follows the event log: topics and sources may be changed by another process (the command line, a second server).
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
                EventKind::SourceCreated,
                EventKind::SourceChanged,
                EventKind::SourceDeleted,
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
                // At most ten reads a second, however many mentions arrive: a topic's own change is applied at once elsewhere.
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
        Ok(())
    }

    async fn apply(&self, workspace: WorkspaceId, events: &[Event]) {
        let is_topic =
            |kind| matches!(kind, EventKind::TopicCreated | EventKind::TopicChanged | EventKind::TopicDeleted);
        if events.iter().any(|event| is_topic(event.kind))
            && let Err(error) = self.reload_topics(workspace).await
        {
            tracing::warn!(%error, "reloading the topics failed");
        }
        for event in events.iter().filter(|event| !is_topic(event.kind)) {
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
