//! How the calls of each source went since this server started.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use molva_domain::{SourceId, Timestamp};

/// Sources that are remembered; the ones called before go when there are more.
const MOST: usize = 1_024;

/// How calls of one source went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CallTally {
    pub(crate) taken: u64,
    pub(crate) repeated: u64,
    pub(crate) refused: u64,
    /// Whatever became of it.
    pub(crate) last_at: Option<Timestamp>,
    pub(crate) last_refusal: Option<(Timestamp, &'static str)>,
}

/// Of every source; each has an entry only when it exists and was called.
pub(crate) struct CallTallies {
    since: Timestamp,
    by_source: Mutex<HashMap<SourceId, CallTally>>,
}

impl CallTallies {
    pub(crate) fn new(since: Timestamp) -> Self {
        Self { since, by_source: Mutex::default() }
    }

    pub(crate) const fn since(&self) -> Timestamp {
        self.since
    }

    pub(crate) fn of(&self, source: SourceId) -> CallTally {
        self.by_source.lock().unwrap_or_else(PoisonError::into_inner).get(&source).copied().unwrap_or_default()
    }

    /// `outcome` is the word of `molva_webhooks_total`.
    pub(super) fn add(&self, source: SourceId, outcome: &'static str, now: Timestamp) {
        let mut by_source = self.by_source.lock().unwrap_or_else(PoisonError::into_inner);
        if by_source.len() >= MOST && !by_source.contains_key(&source) {
            by_source.clear();
        }
        let tally = by_source.entry(source).or_default();
        tally.last_at = Some(now);
        match outcome {
            "kept" | "question" | "paused" => tally.taken += 1,
            "replayed" => tally.repeated += 1,
            refusal => {
                tally.refused += 1;
                tally.last_refusal = Some((now, refusal));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_by_what_became_of_them() {
        let tallies = CallTallies::new(Timestamp::from_secs(1));
        for (second, outcome) in (2..).zip(["question", "kept", "replayed", "forged", "kept"]) {
            tallies.add(SourceId(7), outcome, Timestamp::from_secs(second));
        }
        let expected = CallTally {
            taken: 3,
            repeated: 1,
            refused: 1,
            last_at: Some(Timestamp::from_secs(6)),
            last_refusal: Some((Timestamp::from_secs(5), "forged")),
        };
        assert_eq!(tallies.of(SourceId(7)), expected);
        assert_eq!(tallies.of(SourceId(8)), CallTally::default());
    }
}
