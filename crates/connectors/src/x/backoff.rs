//! When to connect again, as X asks: <https://docs.x.com/x-api/fundamentals/handling-disconnections>.

use std::time::Duration;

/// Why there is no stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// It was there and broke.
    Dropped,
    /// No connection, or none that lasted.
    Network,
    /// X answered and refused.
    Refused,
}

/// What was tried since the last good connection.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    network: u32,
    refused: u32,
}

impl Backoff {
    pub(super) const fn connected(&mut self) {
        self.network = 0;
        self.refused = 0;
    }

    /// At once after a break; by a quarter of a second more each time up to 16 s without a connection; 5 s doubled up to 320 s after
    /// refusals.
    pub(super) fn pause(&mut self, cause: Cause) -> Duration {
        match cause {
            Cause::Dropped => Duration::ZERO,
            Cause::Network => {
                self.network += 1;
                Duration::from_millis(250).saturating_mul(self.network).min(Duration::from_secs(16))
            }
            Cause::Refused => {
                self.refused += 1;
                Duration::from_secs(5).saturating_mul(1 << (self.refused - 1).min(6))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_those_x_asks_for() {
        let mut backoff = Backoff::default();
        let mut after = |cause, times: usize| (0..times).map(|_| backoff.pause(cause).as_millis()).collect::<Vec<_>>();
        assert_eq!(after(Cause::Network, 3), [250, 500, 750]);
        assert_eq!(after(Cause::Network, 100).last(), Some(&16_000));
        assert_eq!(after(Cause::Refused, 8), [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 320_000]);
        assert_eq!(after(Cause::Dropped, 1), [0]);
        backoff.connected();
        assert_eq!(backoff.pause(Cause::Refused), Duration::from_secs(5));
    }
}
