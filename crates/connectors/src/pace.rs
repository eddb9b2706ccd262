//! One lane a token, or a chat, for the whole program: some networks count requests by token and tell nobody how many are left.
//!
//! A request waits until the one before has been answered and its pause is over. However long requests are on their way, no more of
//! them reach the network in a second than it allows. Whoever waits longest goes first, so that a reply waits for one request of each source at most.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

/// Lanes nobody uses are forgotten when there are so many.
const MOST: usize = 256;

/// When the next may go.
pub(crate) type Lane = Arc<tokio::sync::Mutex<Option<Instant>>>;

type Lanes = HashMap<[u8; 32], Lane>;

static LANES: LazyLock<Mutex<Lanes>> = LazyLock::new(Mutex::default);

/// The lane of a token at a host, or of a chat of a bot.
pub(crate) fn lane(host: &str, token: &str) -> Lane {
    let mut lanes = LANES.lock().unwrap_or_else(PoisonError::into_inner);
    if lanes.len() >= MOST {
        lanes.retain(|_, lane| Arc::strong_count(lane) > 1);
    }
    Arc::clone(lanes.entry(crate::digest::bytes(&[host, token])).or_default())
}

/// Somebody's turn.
pub(crate) struct Turn {
    free_at: OwnedMutexGuard<Option<Instant>>,
    gap: Duration,
}

impl Turn {
    /// Waits for it. `gap` is the shortest pause after a request.
    pub(crate) async fn take(lane: Lane, gap: Duration) -> Self {
        let mut free_at = lane.lock_owned().await;
        if let Some(at) = *free_at {
            tokio::time::sleep_until(at).await;
        }
        // Whoever is stopped in the middle of a request leaves this behind.
        *free_at = Some(Instant::now() + gap * 2);
        Self { free_at, gap }
    }

    /// The request was answered, or failed; nobody goes before `wait` is over.
    pub(crate) fn end(mut self, wait: Duration) {
        *self.free_at = Some(Instant::now() + self.gap.max(wait));
    }
}

/// When somebody asked lately, where a network counts requests of a stretch of time and bursts are fine.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<VecDeque<Instant>>);

impl Recent {
    /// Counts a request, or says how long to wait where `most` were made within `length`.
    pub(crate) fn come(&self, most: usize, length: Duration) -> Result<(), Duration> {
        let now = Instant::now();
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while asked.front().is_some_and(|at| now.duration_since(*at) >= length) {
            asked.pop_front();
        }
        match asked.front() {
            Some(first) if asked.len() >= most => Err(length.saturating_sub(now.duration_since(*first))),
            _ => {
                asked.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn requests_of_a_token_keep_their_distance_whoever_makes_them() {
        let gap = Duration::from_millis(60);
        let begun = Instant::now();
        let ask = |token: &'static str| async move {
            let turn = Turn::take(lane("pace.test", token), gap).await;
            let at = begun.elapsed();
            tokio::time::sleep(Duration::from_millis(20)).await;
            turn.end(Duration::ZERO);
            at
        };
        let (a, b, c, other) = tokio::join!(ask("a"), ask("a"), ask("a"), ask("b"));
        assert!(
            b - a >= gap + Duration::from_millis(20) && c - b >= gap + Duration::from_millis(20),
            "{a:?} {b:?} {c:?}"
        );
        assert!(other < gap, "{other:?}");
    }

    #[tokio::test]
    async fn no_more_than_so_many_requests_are_made_within_a_stretch() {
        let (recent, stretch) = (Recent::default(), Duration::from_millis(300));
        assert_eq!([recent.come(2, stretch), recent.come(2, stretch)], [Ok(()), Ok(())]);
        let wait = recent.come(2, stretch).expect_err("one too many");
        assert!(wait <= stretch && !wait.is_zero(), "{wait:?}");
        tokio::time::sleep(wait).await;
        assert_eq!(recent.come(2, stretch), Ok(()));
    }
}
