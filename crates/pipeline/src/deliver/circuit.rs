//! What failures of one reply mean for the others of its account: a network that is down is not asked for each of them.

use std::time::Duration;

use molva_domain::Timestamp;

/// Failures in a row after which the account rests.
const FAILURES: u32 = 3;
/// First and longest rest.
const REST: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(300));

/// How a turn went, as far as the account's other replies are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pulse {
    /// The network answered, whatever it said of the reply.
    Well,
    /// It did not, or wants no more for now; until then where it said so.
    Trouble { until: Option<Timestamp> },
}

/// Of one account; of this process alone, for it costs little to find out anew.
#[derive(Debug, Default)]
pub(super) struct Circuit {
    failures: u32,
    rests_until: Option<Timestamp>,
}

impl Circuit {
    pub(super) fn is_open(&self, now: Timestamp) -> bool {
        self.rests_until.is_some_and(|until| until > now)
    }

    pub(super) const fn is_closed_for_good(&self) -> bool {
        self.failures == 0
    }

    /// After a rest one reply goes first; as there is one at a time an account, that needs no care here.
    pub(super) fn note(&mut self, pulse: Pulse, now: Timestamp, scaled: impl Fn(Duration) -> Duration) {
        match pulse {
            Pulse::Well => *self = Self::default(),
            Pulse::Trouble { until } => {
                self.failures = self.failures.saturating_add(1);
                let doubled = self.failures.checked_sub(FAILURES).map(|over| 1_u32 << over.min(10));
                let rest = doubled.map(|times| now.plus(scaled(REST.0.saturating_mul(times).min(REST.1))));
                self.rests_until = until.max(rest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_rests_after_three_failures_longer_each_time_and_recovers_at_once() {
        let now = Timestamp::from_secs(1_800_000_000);
        let mut circuit = Circuit::default();
        let mut rests = Vec::new();
        for _ in 0..12 {
            circuit.note(Pulse::Trouble { until: None }, now, |stretch| stretch);
            rests.push(circuit.rests_until.map_or(0, |until| until.since(now).as_secs()));
        }
        assert_eq!(rests, [0, 0, 5, 10, 20, 40, 80, 160, 300, 300, 300, 300]);
        assert!(circuit.is_open(now) && !circuit.is_open(now.plus(REST.1)));
        circuit.note(Pulse::Well, now, |stretch| stretch);
        assert!(!circuit.is_open(now) && circuit.is_closed_for_good());
    }

    #[test]
    fn an_account_rests_as_long_as_its_network_says() {
        let (now, until) = (Timestamp::from_secs(10), Timestamp::from_secs(900));
        let mut circuit = Circuit::default();
        circuit.note(Pulse::Trouble { until: Some(until) }, now, |stretch| stretch);
        assert_eq!(circuit.rests_until, Some(until));
    }
}
