//! What the topics look for, as networks that are searched are asked for it: read when a source asks, and again when a topic or a list
//! has changed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use molva_connectors::connector::BoxFuture;
use molva_connectors::{ConnectorError, SearchPlan, Topics};
use molva_domain::TopicSought;
use molva_storage::StorageError;
use molva_storage::source::Source;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::ingest::Pipeline;
use crate::topics::read_topic;

/// Changes that follow each other so soon are told once: whoever imports topics makes many.
const TOGETHER: Duration = Duration::from_millis(500);

/// Of this process.
pub(crate) struct LiveSought {
    changes: watch::Sender<u64>,
    /// As of so many changes.
    read: Mutex<Option<(u64, Arc<Vec<TopicSought>>)>>,
}

impl Default for LiveSought {
    fn default() -> Self {
        Self { changes: watch::Sender::new(0), read: Mutex::default() }
    }
}

impl LiveSought {
    /// Topics are not what they were.
    pub(crate) fn note_change(&self) {
        self.changes.send_modify(|changes| *changes += 1);
    }
}

/// What one run of a source knows of it.
struct Followed {
    pipeline: Pipeline,
    /// Changes when it was read last.
    at: AtomicU64,
    together: Together,
}

/// Changes that are told once: when the first of them is to be told.
#[derive(Default)]
struct Together(Mutex<Option<Instant>>);

impl Together {
    /// Whoever gives up and asks again, as a busy stream does at every post, waits no longer for that.
    async fn wait(&self) {
        let due =
            *self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| Instant::now() + TOGETHER);
        tokio::time::sleep_until(due).await;
    }

    /// They were told.
    fn begin_anew(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Topics for Followed {
    fn sought<'a>(&'a self) -> BoxFuture<'a, Result<Arc<Vec<TopicSought>>, ConnectorError>> {
        Box::pin(async move {
            let changes = *self.pipeline.inner.sought.changes.borrow();
            self.together.begin_anew();
            let read = self.pipeline.read_sought(changes).await;
            let sought =
                read.map_err(|error| ConnectorError::NotStored(format!("the topics cannot be read: {error}")))?;
            self.at.store(changes, Ordering::Relaxed);
            Ok(sought)
        })
    }

    fn changed<'a>(&'a self) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let mut changes = self.pipeline.inner.sought.changes.subscribe();
            let at = self.at.load(Ordering::Relaxed);
            // The sender lives as long as the pipeline.
            let _ = changes.wait_for(|now| *now != at).await;
            self.together.wait().await;
        })
    }
}

impl Pipeline {
    /// For a run of a source.
    pub(crate) fn sought(&self) -> Arc<dyn Topics> {
        let (at, together) = (AtomicU64::new(u64::MAX), Together::default());
        Arc::new(Followed { pipeline: self.clone(), at, together })
    }

    /// What the network of a source is asked for, and what not; `None` where it is not asked for the topics.
    ///
    /// # Errors
    /// The topics cannot be read.
    pub async fn search_plan(&self, source: &Source) -> Result<Option<SearchPlan>, StorageError> {
        let searches = self.inner.connector(&source.connector).and_then(molva_connectors::Connector::searches);
        let Some(searches) = searches else { return Ok(None) };
        let settings = molva_connectors::Settings::new(source.settings.clone(), Default::default());
        let changes = *self.inner.sought.changes.borrow();
        let topics = self.read_sought(changes).await?;
        let plan = tokio::task::spawn_blocking(move || searches.plan(&settings, &topics)).await;
        Ok(plan.unwrap_or_else(|error| {
            tracing::error!(%error, "saying what a network is asked for stopped");
            None
        }))
    }

    async fn read_sought(&self, changes: u64) -> Result<Arc<Vec<TopicSought>>, StorageError> {
        {
            let read = self.inner.sought.read.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((at, sought)) = &*read
                && *at == changes
            {
                return Ok(Arc::clone(sought));
            }
        }
        let mut topics = self.inner.storage.topics(self.inner.options.workspace).await?;
        topics.sort_by_key(|topic| topic.id);
        let lists = self.lists();
        let sought = tokio::task::spawn_blocking(move || {
            let sought = topics.into_iter().filter_map(|topic| {
                let query = read_topic(&topic, &lists)?;
                Some(TopicSought { topic: topic.id, name: topic.name, sought: query.sought() })
            });
            Arc::new(sought.collect::<Vec<_>>())
        });
        let sought = sought.await.unwrap_or_else(|error| {
            tracing::error!(%error, "reading what the topics look for stopped");
            Arc::default()
        });
        *self.inner.sought.read.lock().unwrap_or_else(PoisonError::into_inner) = Some((changes, Arc::clone(&sought)));
        Ok(sought)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_change_is_told_though_whoever_waits_for_it_gives_up_again_and_again() {
        let together = Together::default();
        let mut told = false;
        for _ in 0..10_000 {
            if tokio::time::timeout(TOGETHER / 100, together.wait()).await.is_ok() {
                told = true;
                break;
            }
        }
        assert!(told);
    }
}
