//! Failures in a row of a run that goes on by itself: each is said aloud and waited out, longer and longer, until a person has to act.

use std::time::Duration;

use crate::error::ConnectorError;
use crate::feed::schedule;
use crate::session::{Report, Session};

/// Failures in a row before a run is given up that does nothing but wait for news.
const MOST: u32 = 10;

#[derive(Debug)]
pub(crate) struct Patience {
    failures: u32,
    /// The pause after the first failure.
    shortest: Duration,
}

impl Patience {
    pub(crate) const fn new(shortest: Duration) -> Self {
        Self { failures: 0, shortest }
    }

    /// It went well.
    pub(crate) const fn restore(&mut self) {
        self.failures = 0;
    }

    /// Whether nothing is won by asking again.
    pub(crate) const fn is_over(&self, error: &ConnectorError) -> bool {
        matches!(error, ConnectorError::Cancelled) || error.needs_a_person() || self.failures >= MOST
    }

    /// Reports a failure; how long to wait after it.
    pub(crate) async fn after(&mut self, session: &Session, error: ConnectorError) -> Duration {
        self.failures += 1;
        let pause = schedule::after_failure(&error, self.failures, self.shortest, session.now(), rand::random());
        session.report(Report::Problem(error)).await;
        pause
    }

    /// Reports a failure and waits: no longer than the network says where it says how long.
    ///
    /// # Errors
    /// The failure itself when it is the end.
    pub(crate) async fn bear(&mut self, session: &Session, error: ConnectorError) -> Result<(), ConnectorError> {
        if self.is_over(&error) {
            return Err(error);
        }
        let told = match &error {
            ConnectorError::RateLimited { until } => until.map(|until| until.since(session.now())),
            _ => None,
        };
        let own = self.after(session, error).await;
        session.rest(told.map_or(own, |told| told.mul_f64(1.05) + Duration::from_millis(200))).await
    }
}
