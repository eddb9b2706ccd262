//! Whoever asks a network: a source that listens, or an account that answers.

use std::time::Duration;

use molva_domain::{Clock, Timestamp};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::error::ConnectorError;
use crate::http::{HttpClient, Request, Response};
use crate::pace::{Lane, Turn};
use crate::reply::AccountSession;
use crate::session::Session;
use crate::settings::Settings;

/// What a request needs of whoever asks.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    http: &'a HttpClient,
    clock: &'a dyn Clock,
    settings: &'a Settings,
    cancel: &'a CancellationToken,
    /// How many seconds of the network's schedule pass in a second.
    time_scale: f64,
}

impl<'a> From<&'a Session> for Line<'a> {
    fn from(session: &'a Session) -> Self {
        let Session { http, clock, settings, cancel, time_scale, .. } = session;
        Self { http, clock: &**clock, settings, cancel, time_scale: *time_scale }
    }
}

impl<'a> From<&'a AccountSession> for Line<'a> {
    fn from(account: &'a AccountSession) -> Self {
        let AccountSession { http, clock, settings, cancel, .. } = account;
        Self { http, clock: &**clock, settings, cancel, time_scale: 1.0 }
    }
}

impl Line<'_> {
    /// Asks the network, or until cancelled.
    pub(crate) async fn send(&self, request: Request) -> Result<Response, ConnectorError> {
        tokio::select! {
            () = self.cancel.cancelled() => Err(ConnectorError::Cancelled),
            answer = self.http.send(request) => answer.map(|answer| answer.forget(self.settings.secrets())),
        }
    }

    /// Waits for its turn in a lane, or until cancelled; `gap` is of the network's time.
    pub(crate) async fn turn(&self, lane: Lane, gap: Duration) -> Result<Turn, ConnectorError> {
        tokio::select! {
            () = self.cancel.cancelled() => Err(ConnectorError::Cancelled),
            turn = Turn::take(lane, self.scaled(gap)) => Ok(turn),
        }
    }

    /// See [`HttpClient::check_lead`].
    pub(crate) fn check_lead(&self, from: &Url, to: &Url) -> Result<(), ConnectorError> {
        self.http.check_lead(from, to)
    }

    pub(crate) const fn settings(&self) -> &Settings {
        self.settings
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A stretch of the network's time, in ours.
    pub(crate) fn scaled(&self, duration: Duration) -> Duration {
        duration.div_f64(self.time_scale.max(1e-6))
    }

    /// When a stretch of the network's time that begins now will be over, by our clock.
    pub(crate) fn after(&self, duration: Duration) -> Timestamp {
        self.now().plus(self.scaled(duration))
    }
}
