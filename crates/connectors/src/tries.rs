//! One question asked again while its failure may pass, each time after a longer pause.

use std::time::Duration;

use molva_domain::Timestamp;

use crate::error::ConnectorError;
use crate::session::Session;

/// The tries of one question that changes nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tries {
    made: u32,
    most: u32,
    /// Half the first pause.
    shortest: Duration,
    /// Where the network asks for a longer pause, nothing more is asked.
    longest: Duration,
    /// A network that says to the moment when it takes questions again is not left alone for longer.
    exact: bool,
}

impl Tries {
    pub(crate) const fn new(most: u32, longest: Duration) -> Self {
        Self { made: 1, most, shortest: Duration::from_secs(1), longest, exact: false }
    }

    pub(crate) fn no_sooner_than(self, shortest: Duration) -> Self {
        Self { shortest: self.shortest.max(shortest), ..self }
    }

    pub(crate) const fn exact(self) -> Self {
        Self { exact: true, ..self }
    }

    /// How many were made, the one that just failed among them.
    pub(crate) const fn made(&self) -> u32 {
        self.made
    }

    /// How long to wait before the next; `None` where nothing is won by it.
    pub(crate) fn pause(&mut self, error: &ConnectorError, now: Timestamp) -> Option<Duration> {
        let own = self.shortest.saturating_mul(1 << self.made);
        let pause = match error {
            ConnectorError::RateLimited { until: Some(until) } if self.exact => until.since(now),
            ConnectorError::RateLimited { until: Some(until) } => until.since(now).max(own),
            ConnectorError::Transient { retry_after, .. } => retry_after.unwrap_or_default().max(own),
            ConnectorError::Unreachable(_) | ConnectorError::Protocol(_) => own,
            _ => return None,
        };
        if self.made == self.most || pause > self.longest {
            return None;
        }
        self.made += 1;
        Some(pause)
    }

    /// Waits for the next.
    ///
    /// # Errors
    /// The failure itself where nothing is won by asking again.
    pub(crate) async fn bear(&mut self, session: &Session, error: ConnectorError) -> Result<(), ConnectorError> {
        match self.pause(&error, session.now()) {
            Some(pause) => session.pause(pause).await,
            None => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

    fn limited(seconds: u64) -> ConnectorError {
        ConnectorError::RateLimited { until: Some(NOW.plus(Duration::from_secs(seconds))) }
    }

    fn pauses(mut tries: Tries, error: &ConnectorError) -> Vec<u64> {
        std::iter::from_fn(|| tries.pause(error, NOW)).map(|pause| pause.as_secs()).collect()
    }

    #[test]
    fn pauses_double_and_are_as_long_as_the_network_asks() {
        let tries = Tries::new(4, Duration::from_secs(300));
        assert_eq!(pauses(tries, &ConnectorError::Unreachable("x".to_owned())), [2, 4, 8]);
        assert_eq!(pauses(tries, &limited(5)), [5, 5, 8]);
        assert_eq!(pauses(tries.exact(), &limited(1)), [1, 1, 1]);
        assert_eq!(pauses(tries.no_sooner_than(Duration::from_secs(3)), &limited(5)), [6, 12, 24]);
        let told = ConnectorError::Transient { message: "x".to_owned(), retry_after: Some(Duration::from_secs(7)) };
        assert_eq!(pauses(tries, &told), [7, 7, 8]);
    }

    #[test]
    fn what_does_not_pass_or_asks_for_too_long_a_pause_is_not_asked_again() {
        let tries = Tries::new(4, Duration::from_secs(300));
        for error in [limited(301), ConnectorError::AuthExpired, ConnectorError::RateLimited { until: None }] {
            assert_eq!(pauses(tries, &error), [0; 0], "{error}");
        }
    }
}
