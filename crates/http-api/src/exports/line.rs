//! Who writes a file now and who waits: few at once, fewer of one person, and nobody waits for long.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use molva_domain::Actor;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::Problem;

/// Files that are written at once. Each holds up to some tens of megabytes, and a core while it is read fast.
const AT_ONCE: usize = 4;
/// Of one person or token.
const OF_ONE: usize = 2;
/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// When those who waited in vain may ask again.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// The line in front of the files; first come, first served.
pub(crate) struct Line {
    all: Arc<Semaphore>,
    /// Of those who write or wait now.
    own: Mutex<Vec<(Actor, Weak<Semaphore>)>>,
    patience: Duration,
}

/// Leave to write one file, until it is dropped.
pub(crate) struct Turn {
    _own: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

impl Line {
    pub(crate) fn new() -> Self {
        Self::with_patience(PATIENCE)
    }

    fn with_patience(patience: Duration) -> Self {
        Self { all: Arc::new(Semaphore::new(AT_ONCE)), own: Mutex::default(), patience }
    }

    /// Waits for a turn; 503 `busy` when none comes in time.
    pub(crate) async fn turn(&self, owner: Actor) -> Result<Turn, Problem> {
        let own = self.own(owner);
        let both = async {
            // One's own first: who asks for many files stands in the line of all with two of them.
            let own = own.acquire_owned().await?;
            let all = Arc::clone(&self.all).acquire_owned().await?;
            Ok::<_, tokio::sync::AcquireError>(Turn { _own: own, _all: all })
        };
        let turn = tokio::time::timeout(self.patience, both).await;
        turn.map_err(|_elapsed| Problem::busy(RETRY_AFTER))?.map_err(Problem::internal)
    }

    fn own(&self, owner: Actor) -> Arc<Semaphore> {
        // A thread that panicked left the line whole: every change of it is one call.
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        own.retain(|(_, turns)| turns.strong_count() > 0);
        let known = own.iter().find(|(actor, _)| *actor == owner).and_then(|(_, turns)| turns.upgrade());
        known.unwrap_or_else(|| {
            let turns = Arc::new(Semaphore::new(OF_ONE));
            own.push((owner, Arc::downgrade(&turns)));
            turns
        })
    }
}

#[cfg(test)]
mod tests {
    use molva_domain::UserId;

    use super::*;

    fn person(number: i64) -> Actor {
        Actor::User(UserId(number))
    }

    async fn code(line: &Line, owner: Actor) -> Result<Turn, &'static str> {
        line.turn(owner).await.map_err(|problem| problem.code())
    }

    #[tokio::test]
    async fn one_person_writes_two_files_and_all_together_four() {
        let line = Line::with_patience(Duration::from_millis(20));
        let first = code(&line, person(1)).await.expect("a turn");
        let second = code(&line, person(1)).await.expect("a turn");
        assert_eq!(code(&line, person(1)).await.err(), Some("busy"));
        let others = [code(&line, person(2)).await.expect("a turn"), code(&line, person(3)).await.expect("a turn")];
        assert_eq!(code(&line, person(4)).await.err(), Some("busy"));
        drop(first);
        code(&line, person(4)).await.expect("a turn");
        drop((second, others));
        code(&line, person(1)).await.expect("a turn");
        assert_eq!(line.own.lock().expect("the line").len(), 1, "those who left are forgotten");
    }

    #[tokio::test]
    async fn who_waits_gets_the_turn_that_is_given_back() {
        let line = Arc::new(Line::with_patience(Duration::from_secs(30)));
        let turns = [line.turn(person(1)).await.ok(), line.turn(person(1)).await.ok()];
        let waiting = tokio::spawn({
            let line = Arc::clone(&line);
            async move { line.turn(person(1)).await.is_ok() }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(turns);
        assert!(waiting.await.expect("no panic"));
    }
}
