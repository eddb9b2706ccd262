//! One run of one source: lease, session, the connector in a task of its own, and what its end means.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use molva_connectors::connector::BoxFuture;
use molva_connectors::{Batch, ConnectorError, Delivery, Mode, Report, Session, Settings};
use molva_domain::{Actor, GapCause, SourceState, SystemClock, Tally, Timestamp};
use molva_storage::oauth::GrantOwner;
use molva_storage::source::{Lease, Problem, Source, SourceDraft, SourceReport};
use tokio_util::sync::CancellationToken;

use crate::ingest::{Incoming, IngestError, Pipeline};

const LEASE: Duration = Duration::from_secs(30);
const RENEW_EVERY: Duration = Duration::from_secs(10);
/// First and longest wait after a failure.
const BACK_OFF: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(300));
/// A success is written down at most so often; batches carry their own time.
const SUCCESS_EVERY: Duration = Duration::from_secs(5);
/// A stream that was down longer than this may have missed something.
const GAP_WORTH_NOTING: Duration = Duration::from_secs(30);

/// Takes the lease, listens until the end, and writes down what the end means.
pub(crate) async fn run(pipeline: Pipeline, source: Source, cancel: CancellationToken) {
    let storage = pipeline.storage().clone();
    let owner = storage.process_name();
    let lease = match storage.take_lease(source.workspace, source.id, &owner, LEASE).await {
        Ok(Some(lease)) => lease,
        Ok(None) => return,
        Err(error) => {
            return tracing::warn!(source = %source.id, %error, "taking the lease of a source failed, trying again");
        }
    };
    // What was read before the lease was ours may be stale: another process may have moved the cursor.
    let source = match storage.source(source.workspace, source.id).await {
        Ok(Some(source)) => source,
        Ok(None) => return,
        Err(error) => return tracing::warn!(source = %source.id, %error, "reading a source failed, trying again"),
    };
    let end = listen(&pipeline, &source, lease, &cancel).await;
    let refused = matches!(end, End::Failed(ConnectorError::AuthExpired | ConnectorError::AuthRevoked(_)));
    write_end(&pipeline, &source, end).await;
    if refused {
        pipeline.token_refused(GrantOwner::Source(source.id)).await;
    }
    if let Err(error) = storage.release_lease(source.workspace, lease).await {
        tracing::debug!(source = %source.id, %error, "the lease of a source was not released, it runs out by itself");
    }
}

/// How a run ended.
enum End {
    Finished,
    Stopped,
    Failed(ConnectorError),
    Panicked,
}

async fn listen(pipeline: &Pipeline, source: &Source, lease: Lease, cancel: &CancellationToken) -> End {
    let Some(connector) = pipeline.inner.connector(&source.connector) else {
        let message = format!("this version has no connector `{}`", source.connector);
        return End::Failed(ConnectorError::invalid("connector", message));
    };
    let secrets = match pipeline.storage().source_secrets(source.workspace, source.id).await {
        Ok(secrets) => secrets,
        Err(error) => return End::Failed(ConnectorError::NotStored(format!("the secrets cannot be opened: {error}"))),
    };
    note_stop_gap(pipeline, source, connector.descriptor().mode).await;
    let stop = cancel.child_token();
    let settings = Settings::new(source.settings.clone(), secrets);
    let session = Session {
        webhook_address: pipeline.webhook_address(&source.connector, &source.id.to_string(), &settings),
        topics: Some(pipeline.sought()),
        source_key: source.id.to_string(),
        settings,
        cursor: source.cursor.clone(),
        clock: Arc::new(SystemClock),
        http: pipeline.inner.http.clone(),
        cancel: stop.clone(),
        delivery: Arc::new(PipelineDelivery::new(pipeline.clone(), source.clone(), lease)),
        time_scale: pipeline.inner.options.time_scale,
    };
    let listening = tokio::spawn(async move { AssertUnwindSafe(connector.listen(&session)).catch_unwind().await });
    let abort = listening.abort_handle();
    tokio::pin!(listening);
    loop {
        tokio::select! {
            ended = &mut listening => return match ended {
                Ok(Ok(Ok(()))) => End::Finished,
                Ok(Ok(Err(ConnectorError::Cancelled))) => End::Stopped,
                Ok(Ok(Err(error))) => End::Failed(error),
                Ok(Err(_)) | Err(_) => if cancel.is_cancelled() { End::Stopped } else { End::Panicked },
            },
            () = tokio::time::sleep(RENEW_EVERY) => {
                if let Err(error) = pipeline.storage().renew_lease(source.workspace, lease, LEASE).await {
                    tracing::warn!(source = %source.id, %error, "the lease of a source was lost, another process may go on");
                    stop.cancel();
                }
            }
            () = cancelled_for(cancel, Duration::from_secs(5)) => {
                // It was asked to stop and did not: nothing it still does can be stored without the lease.
                abort.abort();
            }
        }
    }
}

async fn cancelled_for(cancel: &CancellationToken, grace: Duration) {
    cancel.cancelled().await;
    tokio::time::sleep(grace).await;
}

/// While Molva was not running a stream went on without us.
async fn note_stop_gap(pipeline: &Pipeline, source: &Source, mode: Mode) {
    let (Mode::Stream, Some(last)) = (mode, source.last_success_at) else { return };
    let storage = pipeline.storage();
    if storage.now().since(last) > GAP_WORTH_NOTING {
        note(storage.open_gap(source.workspace, source.id, last, GapCause::Stopped).await, source);
    }
}

async fn write_end(pipeline: &Pipeline, source: &Source, end: End) {
    let storage = pipeline.storage();
    let (state, problem, wait) = match end {
        End::Stopped => return,
        End::Finished => (SourceState::Finished, None, None),
        End::Panicked => {
            metrics::counter!("molva_connector_panics_total", "connector" => source.connector.clone()).increment(1);
            tracing::error!(source = %source.id, connector = source.connector, "a connector panicked; the others go on");
            let message = "the connector failed inside; it is started again, please report it".to_owned();
            let problem = Problem { code: "panic".to_owned(), message };
            (SourceState::Failing, Some(problem), Some(back_off(storage.now(), source)))
        }
        End::Failed(error) => {
            let problem = Problem { code: error.code().to_owned(), message: error.to_string() };
            if error.needs_a_person() {
                (SourceState::Stopped, Some(problem), None)
            } else {
                let wait = told_wait(&error, storage.now()).unwrap_or_else(|| back_off(storage.now(), source));
                (SourceState::Failing, Some(problem), Some(wait))
            }
        }
    };
    if let Some(problem) = &problem {
        tracing::warn!(source = %source.id, connector = source.connector, code = problem.code, "a source stopped listening");
        let from = source.last_success_at.unwrap_or(source.created_at);
        note(storage.open_gap(source.workspace, source.id, from, GapCause::Failing).await, source);
    }
    let report = SourceReport {
        state: Some(state),
        problem: Some(problem),
        next_attempt_at: Some(wait),
        ..SourceReport::default()
    };
    note(storage.report_source(source.workspace, source.id, report).await, source);
}

/// When the network said to come back.
fn told_wait(error: &ConnectorError, now: Timestamp) -> Option<Timestamp> {
    match error {
        ConnectorError::RateLimited { until } | ConnectorError::QuotaExhausted { until } => *until,
        ConnectorError::Transient { retry_after, .. } => retry_after.map(|wait| now.plus(wait)),
        _ => None,
    }
}

/// Twice the time the trouble has lasted, between two seconds and five minutes, with a tenth of jitter by the source's id.
fn back_off(now: Timestamp, source: &Source) -> Timestamp {
    let lasted = source.problem_since.map_or(Duration::ZERO, |since| now.since(since));
    let wait = lasted.clamp(BACK_OFF.0, BACK_OFF.1);
    let jitter = wait.mul_f64(f64::from(u32::try_from(source.id.0 & 0xff).unwrap_or(0)) / 2_560.0);
    now.plus(wait + jitter)
}

fn note(result: Result<(), molva_storage::StorageError>, source: &Source) {
    if let Err(error) = result {
        tracing::warn!(source = %source.id, %error, "the state of a source was not written down");
    }
}

/// Whether five seconds have passed since it was last written down; if so, that is now.
fn due(written_us: &AtomicI64, now: Timestamp) -> bool {
    let written = Timestamp::from_micros(written_us.load(Ordering::Relaxed));
    let due = now.since(written) >= SUCCESS_EVERY;
    if due {
        written_us.store(now.as_micros(), Ordering::Relaxed);
    }
    due
}

/// The pipeline's end of a session.
struct PipelineDelivery {
    pipeline: Pipeline,
    source: Source,
    lease: Lease,
    /// Settings as they are now; a feed may have moved.
    settings: Mutex<Source>,
    alive_written_us: AtomicI64,
    lag_written_us: AtomicI64,
    troubled: AtomicBool,
}

impl PipelineDelivery {
    fn new(pipeline: Pipeline, source: Source, lease: Lease) -> Self {
        let troubled = AtomicBool::new(source.problem_code.is_some() || source.state != SourceState::Running);
        Self {
            pipeline,
            settings: Mutex::new(source.clone()),
            source,
            lease,
            alive_written_us: AtomicI64::new(0),
            lag_written_us: AtomicI64::new(0),
            troubled,
        }
    }

    /// The network answered well: writes it down now and then, at once when it ends a trouble.
    async fn alive(&self) {
        let storage = self.pipeline.storage();
        let now = storage.now();
        let written = Timestamp::from_micros(self.alive_written_us.load(Ordering::Relaxed));
        let troubled = self.troubled.swap(false, Ordering::Relaxed);
        if !troubled && now.since(written) < SUCCESS_EVERY {
            return;
        }
        self.alive_written_us.store(now.as_micros(), Ordering::Relaxed);
        let report = SourceReport {
            state: Some(SourceState::Running),
            success_at: Some(now),
            problem: Some(None),
            next_attempt_at: troubled.then_some(None),
            ..SourceReport::default()
        };
        let (workspace, id) = (self.source.workspace, self.source.id);
        note(storage.report_source(workspace, id, report).await, &self.source);
        if troubled {
            note(storage.close_gaps(workspace, id, now).await, &self.source);
        }
    }

    async fn write(&self, report: SourceReport) {
        note(self.pipeline.storage().report_source(self.source.workspace, self.source.id, report).await, &self.source);
    }

    async fn moved(&self, setting: &'static str, value: String) {
        let draft = {
            let mut source = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
            source.settings.insert(setting.to_owned(), value);
            SourceDraft {
                connector: source.connector.clone(),
                name: source.name.clone(),
                settings: source.settings.clone(),
                secrets: std::collections::BTreeMap::new(),
            }
        };
        let actor = Actor::Source(self.source.id);
        let (workspace, id) = (self.source.workspace, self.source.id);
        note(self.pipeline.storage().update_source(workspace, actor, id, draft).await.map(drop), &self.source);
    }
}

impl Delivery for PipelineDelivery {
    fn deliver<'a>(&'a self, batch: Batch) -> BoxFuture<'a, Result<Tally, ConnectorError>> {
        Box::pin(async move {
            let incoming = Incoming {
                workspace: self.source.workspace,
                source: self.source.id,
                lease: Some(self.lease),
                items: batch.items,
                cursor: batch.cursor,
                delivery: None,
            };
            // A cursor alone may be that of a try that failed.
            let brings_items = !incoming.items.is_empty();
            let tally = self.pipeline.ingest(incoming).await.map_err(|error| match error {
                IngestError::Stopping => ConnectorError::Cancelled,
                error => ConnectorError::NotStored(error.to_string()),
            })?;
            if brings_items {
                self.alive().await;
            }
            Ok(tally)
        })
    }

    fn report<'a>(&'a self, report: Report) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let (workspace, id) = (self.source.workspace, self.source.id);
            let storage = self.pipeline.storage();
            match report {
                Report::Alive => self.alive().await,
                Report::Lag(lag) => {
                    if due(&self.lag_written_us, storage.now()) {
                        self.write(SourceReport { lag: Some(lag), ..SourceReport::default() }).await;
                    }
                }
                Report::Quota(quota) => {
                    self.write(SourceReport { quota: Some(quota), ..SourceReport::default() }).await
                }
                Report::NextAttempt(at) => {
                    self.write(SourceReport { next_attempt_at: Some(Some(at)), ..SourceReport::default() }).await;
                }
                Report::Problem(error) => {
                    self.troubled.store(true, Ordering::Relaxed);
                    let problem = Problem { code: error.code().to_owned(), message: error.to_string() };
                    let report = SourceReport {
                        state: Some(SourceState::Failing),
                        problem: Some(Some(problem)),
                        ..SourceReport::default()
                    };
                    self.write(report).await;
                    let from = self.source.last_success_at.unwrap_or(self.source.created_at);
                    let from = from.max(Timestamp::from_micros(self.alive_written_us.load(Ordering::Relaxed)));
                    note(storage.open_gap(workspace, id, from, GapCause::Failing).await, &self.source);
                }
                Report::GapOpened { from, cause } => {
                    note(storage.open_gap(workspace, id, from, cause).await, &self.source)
                }
                Report::GapClosed { to } => note(storage.close_gaps(workspace, id, to).await, &self.source),
                Report::Moved { setting, value } => self.moved(setting, value).await,
            }
        })
    }
}

/// For probes: nothing is stored.
pub(crate) struct NowhereDelivery;

impl Delivery for NowhereDelivery {
    fn deliver<'a>(&'a self, _batch: Batch) -> BoxFuture<'a, Result<Tally, ConnectorError>> {
        Box::pin(async { Ok(Tally::default()) })
    }

    fn report<'a>(&'a self, _report: Report) -> BoxFuture<'a, ()> {
        Box::pin(async {})
    }
}
