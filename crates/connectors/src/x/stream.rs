//! The filtered stream: our rules are set, the stream is opened, what was missed is searched for while its lines wait, then it is
//! followed.
//!
//! Until what was missed is read, nothing counts as heard: the cursor stays, and the next run searches from there.

use std::collections::HashSet;
use std::time::Duration;

use molva_domain::{Rejection, RejectionReason};
use tokio::time::{Instant, timeout_at};

use super::backoff::{Backoff, Cause};
use super::client::{Ask, Client, Failure};
use super::fields;
use super::lines::{Lines, transient};
use super::look::{self, Look, Place};
use super::read::{self, Found};
use super::sync;
use super::wanted::{self, Wanted};
use super::wire::StreamLine;
use crate::error::ConnectorError;
use crate::session::{Item, Report, Session};

const ADDRESS: &str = "/2/tweets/search/stream";
/// X sends an empty line every twenty seconds.
const SILENCE: Duration = Duration::from_secs(25);
/// However fast the network's time passes.
const SHORTEST_SILENCE: Duration = Duration::from_millis(1_000);
const BATCH_ITEMS: usize = 200;
const BATCH_TIME: Duration = Duration::from_millis(250);
/// What was said just before the stream began may not be in the index yet when it is searched for first.
const LOOK_AGAIN: Duration = Duration::from_secs(30);
const FOLLOW_UP: Duration = Duration::from_secs(60);
const ALIVE_EVERY: Duration = Duration::from_secs(15);
/// A stream that ended sooner was none.
const LASTED: Duration = Duration::from_secs(10);

fn places(wanted: &Wanted) -> Vec<Place> {
    wanted.queries.iter().cloned().map(Place::Search).collect()
}

/// Waits until the topics look for something else; for ever where nothing is asked for them.
async fn topics_changed(session: &Session) -> Result<(), ConnectorError> {
    let changed = async {
        match &session.topics {
            Some(topics) if wanted::of_topics(&session.settings) => topics.changed().await,
            _ => std::future::pending().await,
        }
    };
    tokio::select! {
        () = session.cancel.cancelled() => Err(ConnectorError::Cancelled),
        () = changed => Ok(()),
    }
}

/// What a run of the stream needs.
pub(super) struct Stream<'a> {
    session: &'a Session,
    client: &'a Client,
    wanted: Wanted,
    look: Look<'a>,
    /// Ids of our rules, once they are set.
    ours: Option<HashSet<String>>,
    backoff: Backoff,
    connections: u64,
}

/// Why a connection ended, and whether there was one.
struct End {
    cause: Cause,
    error: ConnectorError,
}

impl<'a> Stream<'a> {
    pub(super) fn new(session: &'a Session, client: &'a Client, wanted: Wanted) -> Self {
        let look = Look::new(session, client, places(&wanted));
        Self { session, client, wanted, look, ours: None, backoff: Backoff::default(), connections: 0 }
    }

    /// Listens until cancelled.
    pub(super) async fn listen(mut self) -> Result<(), ConnectorError> {
        let session = self.session;
        loop {
            let End { cause, error } = self.connect().await;
            if look::ends(&error) {
                return Err(error);
            }
            let now = session.now();
            let own = self.backoff.pause(cause);
            let pause = match &error {
                ConnectorError::RateLimited { until: Some(until) }
                | ConnectorError::QuotaExhausted { until: Some(until) } => own.max(until.since(now)),
                ConnectorError::Transient { retry_after: Some(wait), .. } => own.max(*wait),
                _ => own,
            };
            session.report(Report::Quota(self.look.ledger.quota(now))).await;
            session.report(Report::Problem(error)).await;
            session.rest(pause).await?;
        }
    }

    /// One connection, from the rules to its end.
    async fn connect(&mut self) -> End {
        let begun = Instant::now();
        let refused = |error| End { cause: Cause::Refused, error };
        // A day's money that is spent closes the stream as well.
        if let Err(error) = self.look.ledger.room(self.session.now(), 1) {
            return refused(error);
        }
        if let Err(error) = self.set_rules().await {
            return refused(error);
        }
        let mut lines = match self.open().await {
            Ok(lines) => lines,
            Err(Failure::Waiting(until)) => {
                let wait = self.session.pause_until(until).await;
                let error = wait.err().unwrap_or_else(|| transient("waited for the stream's window"));
                return End { cause: Cause::Dropped, error };
            }
            Err(failure) => {
                let cause = if matches!(failure, Failure::Broken(_)) { Cause::Network } else { Cause::Refused };
                // Without rules there is no stream: somebody took them away.
                if matches!(&failure, Failure::Refused(problem) if problem.status == 409) {
                    self.ours = None;
                }
                return End { cause, error: failure.error("words", self.session.now()) };
            }
        };
        self.connections += 1;
        let error = self.follow(&mut lines).await;
        let lasted = begun.elapsed().mul_f64(self.session.time_scale) >= LASTED;
        if lasted {
            self.backoff.connected();
        }
        End { cause: if lasted { Cause::Dropped } else { Cause::Network }, error }
    }

    /// Sees to it that the rules are those that are wanted now, the new ones first; waits while nothing is.
    async fn set_rules(&mut self) -> Result<(), ConnectorError> {
        let session = self.session;
        loop {
            let wanted = wanted::now(session).await?;
            if self.ours.is_none() || wanted.rules != self.wanted.rules {
                self.ours = None;
                self.wanted = wanted;
                self.ours = Some(sync::sync(session, self.client, &self.wanted.rules).await?);
                self.look.at(places(&self.wanted));
            }
            if !self.wanted.rules.is_empty() {
                return Ok(());
            }
            session.report(Report::Alive).await;
            topics_changed(session).await?;
        }
    }

    async fn open(&self) -> Result<Lines, Failure> {
        let backfill = self.session.settings.number("backfill_minutes").unwrap_or(0).clamp(0, 5);
        let backfill = if self.connections > 0 && backfill > 0 { backfill.to_string() } else { String::new() };
        let mut query = fields::OLD.to_vec();
        query.push(("backfill_minutes", &backfill));
        let silence = SILENCE.div_f64(self.session.time_scale.max(1e-6)).max(SHORTEST_SILENCE);
        let opened = self.client.open(self.session, &Ask::get(ADDRESS, ADDRESS, &query), silence).await?;
        Ok(Lines::of(opened))
    }

    /// Until it ends, and why it did.
    async fn follow(&mut self, lines: &mut Lines) -> ConnectorError {
        let session = self.session;
        let mut whole = match self.catch_up().await {
            Ok(whole) => whole,
            Err(error) => return error,
        };
        let mut again = Box::pin(session.pause(LOOK_AGAIN));
        let mut looked_again = false;
        let mut follow_up = Box::pin(session.pause(FOLLOW_UP));
        let mut alive = tokio::time::interval(ALIVE_EVERY);
        loop {
            let done = tokio::select! {
                () = session.cancel.cancelled() => Err(ConnectorError::Cancelled),
                line = lines.next() => match line {
                    Ok(line) => self.take(line, lines, whole).await,
                    Err(error) => Err(error),
                },
                waited = &mut again, if !looked_again => match waited {
                    Err(error) => Err(error),
                    Ok(()) => self.catch_up().await.map(|read| {
                        whole = read;
                        looked_again = read;
                        again = Box::pin(session.pause(FOLLOW_UP));
                    }),
                },
                waited = &mut follow_up => {
                    follow_up = Box::pin(session.pause(FOLLOW_UP));
                    match waited {
                        Err(error) => Err(error),
                        Ok(()) => self.follow_up().await,
                    }
                }
                changed = topics_changed(session) => match changed {
                    Err(error) => Err(error),
                    // The open stream goes by the new rules at once; what was said before them is searched for.
                    Ok(()) => match self.set_rules().await {
                        Err(error) => Err(error),
                        Ok(()) => {
                            looked_again = false;
                            self.catch_up().await.map(|read| whole &= read)
                        }
                    },
                },
                _ = alive.tick() => {
                    session.report(Report::Alive).await;
                    session.report(Report::Quota(self.look.ledger.quota(session.now()))).await;
                    Ok(())
                }
            };
            if let Err(error) = done {
                return error;
            }
        }
    }

    /// Searches for what came while there was no stream; `false` when that has to be done again. The stream goes on meanwhile.
    async fn catch_up(&mut self) -> Result<bool, ConnectorError> {
        match self.look.at_all().await {
            Ok(()) => Ok(true),
            Err(error @ (ConnectorError::QuotaExhausted { .. } | ConnectorError::AuthRevoked(_))) => Err(error),
            Err(error @ (ConnectorError::Cancelled | ConnectorError::NotStored(_))) => Err(error),
            Err(error) => {
                self.session.report(Report::Problem(error)).await;
                Ok(false)
            }
        }
    }

    async fn follow_up(&mut self) -> Result<(), ConnectorError> {
        match self.look.follow_up().await {
            Err(
                error @ (ConnectorError::Cancelled | ConnectorError::NotStored(_) | ConnectorError::AuthRevoked(_)),
            ) => Err(error),
            Err(error) => {
                self.session.report(Report::Problem(error)).await;
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Takes a line and those that follow at once, and delivers them together.
    async fn take(&mut self, first: Vec<u8>, lines: &mut Lines, whole: bool) -> Result<(), ConnectorError> {
        let mut found = Vec::new();
        let deadline = Instant::now() + BATCH_TIME;
        let mut next = Some(Ok(first));
        let mut end = Ok(());
        while let Some(line) = next.take() {
            end = line.and_then(|line| self.read(&line, &mut found));
            if end.is_ok() && found.len() < BATCH_ITEMS {
                next = timeout_at(deadline, lines.next()).await.ok();
            }
        }
        if !found.is_empty() {
            let newest = found.iter().filter_map(|one| one.published).max();
            self.look.heard(found, whole).await?;
            if let Some(newest) = newest {
                self.session.report(Report::Lag(self.session.now().since(newest))).await;
            }
        }
        end.and_then(|()| self.look.ledger.room(self.session.now(), 1).map(drop))
    }

    fn read(&self, line: &[u8], found: &mut Vec<Found>) -> Result<(), ConnectorError> {
        let now = self.session.now();
        let line: StreamLine = match serde_json::from_slice(line) {
            Ok(line) => line,
            Err(error) => {
                let sample = String::from_utf8_lossy(&line[..line.len().min(2 * Rejection::MAX_SAMPLE_BYTES)]);
                let message = format!("it is not as X promises: {error}");
                let rejection = Rejection::new(RejectionReason::Malformed, "stream", message, &sample);
                found.push(Found {
                    id: 0,
                    name: sample.into_owned(),
                    published: None,
                    item: Item::Rejected(rejection),
                });
                return Ok(());
            }
        };
        let Some(data) = line.data else {
            return match line.errors.first() {
                Some(error) => Err(transient(&format!("X ends the stream: {}", error.sentence()))),
                None => Ok(()),
            };
        };
        self.look.ledger.came(now, read::paid(std::slice::from_ref(&data), &line.includes));
        // Rules of other programs bring their posts to everybody who listens with the application.
        let rules = &line.matching_rules;
        let for_us = |id: &String| self.ours.as_ref().is_none_or(|ours| ours.contains(id));
        if rules.is_empty() || rules.iter().any(|rule| for_us(&rule.id)) {
            found.push(read::post(&data, &line.includes, now, "stream"));
        }
        Ok(())
    }
}
