//! When to ask again: as often as the feed has something to say, never more often than told.

use std::time::Duration;

use molva_domain::Timestamp;

use crate::error::ConnectorError;

/// A feed that lives is not left alone for longer than this unless told.
const LONGEST: Duration = Duration::from_secs(3_600);
/// Without any date there is no rhythm to follow.
const UNKNOWN: Duration = Duration::from_secs(900);
/// `ttl`, `sy:updatePeriod` and `max-age` are obeyed up to a day: many are set once and forgotten. `Retry-After` has no such end.
const LONGEST_TOLD: Duration = Duration::from_secs(86_400);
/// Ends of back-off: for what may heal by itself, and for what probably will not.
const LONGEST_BACKOFF: Duration = Duration::from_secs(6 * 3_600);
const LONGEST_BACKOFF_MISSING: Duration = Duration::from_secs(86_400);
const FIRST_BACKOFF_MISSING: Duration = Duration::from_secs(3_600);

/// The usual distance between entries: the median over the newest twenty.
pub(crate) fn rhythm(mut published: Vec<Timestamp>) -> Option<Duration> {
    published.sort_unstable_by(|a, b| b.cmp(a));
    published.truncate(20);
    let mut gaps: Vec<_> = published.windows(2).map(|pair| pair[0].since(pair[1])).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).copied()
}

/// The pause after an answer: a quarter of the feed's rhythm, longer when it has been silent for long (a twentieth of the
/// silence), between `shortest` and an hour; and never shorter than `told`. `jitter` in 0..1 spreads feeds apart, to the
/// later side only.
pub(crate) fn after_answer(
    rhythm: Option<Duration>,
    silence: Option<Duration>,
    shortest: Duration,
    told: Option<Duration>,
    jitter: f64,
) -> Duration {
    let own = match (rhythm, silence) {
        (None, None) => UNKNOWN,
        (rhythm, silence) => (rhythm.unwrap_or_default() / 4).max(silence.unwrap_or_default() / 20),
    };
    let own = own.clamp(shortest, LONGEST.max(shortest));
    let told = told.unwrap_or_default().min(LONGEST_TOLD);
    own.max(told).mul_f64(1.0 + jitter * 0.1)
}

/// The pause after the `failures`-th failure in a row: doubling, with jitter, never shorter than the feed's own pause and than
/// what the server asked for.
pub(crate) fn after_failure(
    error: &ConnectorError,
    failures: u32,
    own: Duration,
    now: Timestamp,
    jitter: f64,
) -> Duration {
    let (first, longest) = match error {
        ConnectorError::NotFound(_) | ConnectorError::Forbidden(_) => {
            (FIRST_BACKOFF_MISSING.max(own), LONGEST_BACKOFF_MISSING)
        }
        ConnectorError::RateLimited { .. } => (UNKNOWN.max(own), LONGEST_BACKOFF),
        _ => (own, LONGEST_BACKOFF),
    };
    let doubled = first.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(longest.max(own));
    let told = match error {
        ConnectorError::RateLimited { until } | ConnectorError::QuotaExhausted { until } => {
            until.map(|until| until.since(now))
        }
        ConnectorError::Transient { retry_after, .. } => *retry_after,
        _ => None,
    };
    doubled.mul_f64(1.0 + jitter * 0.25).max(told.unwrap_or_default().mul_f64(1.0 + jitter * 0.05))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn the_rhythm_is_the_median_and_forgives_outliers() {
        let at = |minutes: &[i64]| minutes.iter().map(|minute| Timestamp::from_secs(minute * 60)).collect::<Vec<_>>();
        assert_eq!(rhythm(at(&[0, 10, 20, 30, 5_000])), Some(MINUTE * 10));
        assert_eq!((rhythm(at(&[5])), rhythm(Vec::new())), (None, None));
    }

    #[test]
    fn a_lively_feed_is_asked_often_and_a_quiet_one_seldom() {
        let pause = |rhythm: u32, silence: u32| {
            after_answer(Some(MINUTE * rhythm), Some(MINUTE * silence), MINUTE * 5, None, 0.0)
        };
        assert_eq!(pause(1, 1), MINUTE * 5);
        assert_eq!(pause(80, 10), MINUTE * 20);
        assert_eq!(pause(1, 600), MINUTE * 30);
        assert_eq!(pause(100_000, 100_000), MINUTE * 60);
        assert_eq!(after_answer(None, None, MINUTE * 5, None, 0.0), MINUTE * 15);
    }

    #[test]
    fn what_was_told_is_never_undercut() {
        let pause = |told: Duration, jitter: f64| after_answer(Some(MINUTE), None, MINUTE, Some(told), jitter);
        assert_eq!(pause(MINUTE * 30, 0.0), MINUTE * 30);
        assert!(pause(MINUTE * 30, 0.9) > MINUTE * 30);
        assert_eq!(pause(MINUTE * 60 * 24 * 365, 0.0), LONGEST_TOLD);
        let limited = ConnectorError::RateLimited { until: Some(Timestamp::from_secs(7_200)) };
        assert_eq!(after_failure(&limited, 1, MINUTE, Timestamp::from_secs(0), 0.0), MINUTE * 120);
        let busy = ConnectorError::Transient { message: String::new(), retry_after: Some(MINUTE * 600) };
        assert_eq!(after_failure(&busy, 1, MINUTE, Timestamp::from_secs(0), 0.0), MINUTE * 600);
    }

    #[test]
    fn failures_double_the_pause_up_to_an_end() {
        let broken = ConnectorError::Transient { message: String::new(), retry_after: None };
        let pauses: Vec<_> = [1, 2, 3, 4, 10, 1_000]
            .map(|n| after_failure(&broken, n, MINUTE * 5, Timestamp::from_secs(0), 0.0) / 60)
            .to_vec();
        assert_eq!(pauses, [5, 10, 20, 40, 360, 360].map(Duration::from_secs));
        let missing = ConnectorError::NotFound(String::new());
        assert_eq!(after_failure(&missing, 1, MINUTE, Timestamp::from_secs(0), 0.0), MINUTE * 60);
    }
}
