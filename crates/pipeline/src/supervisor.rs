//! Keeps sources running: takes leases, starts connectors, contains their panics, backs off, notices silence.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use molva_connectors::webhook::address;
use molva_connectors::{ConnectorError, Mode, Session, Settings};
use molva_domain::{SourceId, SourceState, SystemClock, Timestamp, WorkspaceId};
use molva_storage::source::{Source, SourceDraft};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::ingest::Pipeline;
use crate::run::{NowhereDelivery, run};
use crate::silence;

/// How often the list of sources is compared with what runs.
const RECONCILE_EVERY: Duration = Duration::from_secs(1);
/// How often sources are asked whether they have fallen silent.
const SILENCE_EVERY: Duration = Duration::from_secs(10);
const PROBE_LIMIT: Duration = Duration::from_secs(20);
const DISCONNECT_LIMIT: Duration = Duration::from_secs(10);

/// What runs just now, by source.
#[derive(Default)]
pub(crate) struct Supervisor {
    runs: Mutex<HashMap<SourceId, Run>>,
    changed: Arc<Notify>,
}

struct Run {
    cancel: CancellationToken,
    handle: tokio::task::JoinHandle<()>,
}

impl Supervisor {
    pub(crate) fn is_running(&self, source: SourceId) -> bool {
        let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.get(&source).is_some_and(|run| !run.handle.is_finished())
    }

    /// Compares what runs with the list of sources at once.
    pub(crate) fn wake(&self) {
        self.changed.notify_one();
    }

    fn stop(&self, source: SourceId) {
        let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(run) = runs.get(&source) {
            run.cancel.cancel();
        }
    }

    fn stop_missing(&self, present: &[Source]) {
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.retain(|id, run| {
            let wanted = present.iter().any(|source| source.id == *id && wants_to_run(source.state));
            if !wanted {
                run.cancel.cancel();
            }
            !run.handle.is_finished()
        });
    }
}

const fn wants_to_run(state: SourceState) -> bool {
    matches!(state, SourceState::Starting | SourceState::Running | SourceState::Silent | SourceState::Failing)
}

impl Pipeline {
    /// A source was added, changed, paused or deleted: its run is stopped and, where due, started anew.
    pub fn source_changed(&self, _workspace: WorkspaceId, source: SourceId) {
        self.inner.supervisor.stop(source);
        self.inner.supervisor.wake();
    }

    /// Tries settings without storing anything; answers what was found, in a sentence. At most 20 s.
    pub async fn probe(&self, draft: &SourceDraft) -> Result<String, ConnectorError> {
        let Some(connector) = self.inner.connector(&draft.connector) else {
            return Err(ConnectorError::invalid("connector", format!("there is no connector `{}`", draft.connector)));
        };
        let settings = Settings::new(draft.settings.clone(), draft.secrets.clone());
        if let Some(problem) =
            settings.check_with(connector.descriptor().settings, connector.oauth()).into_iter().next()
        {
            return Err(problem.into());
        }
        let session = self.passing_session(&draft.connector, "probe".to_owned(), settings);
        tokio::time::timeout(PROBE_LIMIT, connector.probe(&session)).await.unwrap_or_else(|_elapsed| {
            Err(ConnectorError::Transient { message: "no answer within 20 s".to_owned(), retry_after: None })
        })
    }

    /// Takes back what its connector set up on the network for a source that is about to be deleted. At most 10 s; what failed.
    pub async fn disconnect(&self, source: &Source) -> Result<(), ConnectorError> {
        let Some(connector) = self.inner.connector(&source.connector) else { return Ok(()) };
        let secrets = self.inner.storage.source_secrets(source.workspace, source.id).await;
        let secrets =
            secrets.map_err(|error| ConnectorError::NotStored(format!("the secrets cannot be opened: {error}")))?;
        let settings = Settings::new(source.settings.clone(), secrets);
        let session = self.passing_session(&source.connector, source.id.to_string(), settings);
        tokio::time::timeout(DISCONNECT_LIMIT, connector.disconnect(&session)).await.unwrap_or_else(|_elapsed| {
            Err(ConnectorError::Transient { message: "no answer within 10 s".to_owned(), retry_after: None })
        })
    }

    /// Where a network calls a source: the address of [`molva_connectors::webhook::address`] at the public origin of this Molva.
    #[must_use]
    pub fn webhook_address(&self, connector: &str, source_key: &str, settings: &Settings) -> Option<String> {
        let origin = self.inner.options.public_origin.as_deref()?;
        Some(format!("{origin}{}", address::path(connector, source_key, settings)))
    }

    /// For what is asked of a network once: nothing is stored.
    pub(crate) fn passing_session(&self, connector: &str, source_key: String, settings: Settings) -> Session {
        Session {
            webhook_address: self.webhook_address(connector, &source_key, &settings),
            topics: Some(self.sought()),
            source_key,
            settings,
            cursor: None,
            clock: Arc::new(SystemClock),
            http: self.inner.http.clone(),
            cancel: self.inner.cancel.child_token(),
            delivery: Arc::new(NowhereDelivery),
            time_scale: 1.0,
        }
    }

    pub(crate) fn supervise(&self) {
        let pipeline = self.clone();
        tokio::spawn(async move {
            let mut silence_due = tokio::time::Instant::now() + SILENCE_EVERY;
            loop {
                if let Err(error) = pipeline.reconcile().await {
                    tracing::warn!(%error, "reading the sources failed, trying again");
                }
                if tokio::time::Instant::now() >= silence_due {
                    silence_due = tokio::time::Instant::now() + SILENCE_EVERY;
                    if let Err(error) = silence::check(&pipeline.inner).await {
                        tracing::warn!(%error, "looking for silent sources failed, trying again");
                    }
                }
                tokio::select! {
                    () = pipeline.inner.cancel.cancelled() => return,
                    () = pipeline.inner.supervisor.changed.notified() => {}
                    () = tokio::time::sleep(RECONCILE_EVERY) => {}
                }
            }
        });
        let pipeline = self.clone();
        tokio::spawn(async move { pipeline.expire_kept_from_time_to_time().await });
    }

    async fn reconcile(&self) -> Result<(), molva_storage::StorageError> {
        let workspace = self.inner.options.workspace;
        let sources = self.inner.storage.sources(workspace).await?;
        self.inner.supervisor.stop_missing(&sources);
        let now = self.inner.storage.now();
        for source in sources {
            if self.is_due(&source, now) {
                self.start_run(source);
            }
        }
        Ok(())
    }

    fn is_due(&self, source: &Source, now: Timestamp) -> bool {
        // A running source's next attempt is its own business; a failing one waits for it here.
        let waits = source.state == SourceState::Failing && source.next_attempt_at.is_some_and(|at| at > now);
        wants_to_run(source.state) && !waits && !self.inner.supervisor.is_running(source.id) && self.listens(source)
    }

    /// Files are read by the import command, pushes arrive by themselves; the others are listened to.
    fn listens(&self, source: &Source) -> bool {
        self.inner
            .connector(&source.connector)
            .is_some_and(|connector| matches!(connector.descriptor().mode, Mode::Poll | Mode::Stream))
    }

    fn start_run(&self, source: Source) {
        let id = source.id;
        let cancel = self.inner.cancel.child_token();
        let handle = tokio::spawn(run(self.clone(), source, cancel.clone()));
        let mut runs = self.inner.supervisor.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.insert(id, Run { cancel, handle });
    }

    async fn expire_kept_from_time_to_time(&self) {
        loop {
            match self.inner.storage.expire_kept(self.inner.options.workspace).await {
                Ok(0) => {}
                Ok(bytes) => tracing::info!(bytes, "dropped the oldest part of the kept stream"),
                Err(error) => tracing::warn!(%error, "expiring the kept stream failed, trying again in a minute"),
            }
            tokio::select! {
                () = self.inner.cancel.cancelled() => return,
                () = tokio::time::sleep(Duration::from_secs(60)) => {}
            }
        }
    }
}
