//! What a connection is doing, and since when.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::ConnectionLimits;

/// Told by those who read, write and answer; asked by the floor.
#[derive(Debug)]
pub(super) struct Pulse {
    state: Mutex<State>,
    cut: CancellationToken,
}

#[derive(Debug)]
struct State {
    /// Requests whose answers were not handed over whole.
    under_way: usize,
    /// When the last of them ended, or a part of its answer was taken after that.
    quiet_since: Instant,
    /// When a head began that is not whole yet.
    head_since: Option<Instant>,
    /// Since when the client takes nothing of what is to be written.
    stalled_since: Option<Instant>,
}

/// A request that is being answered, until it is dropped.
#[derive(Debug)]
pub(super) struct UnderWay(Arc<Pulse>);

impl Pulse {
    pub(super) fn new(now: Instant) -> Self {
        let state = State { under_way: 0, quiet_since: now, head_since: None, stalled_since: None };
        Self { state: Mutex::new(state), cut: CancellationToken::new() }
    }

    /// Bytes came. Between requests they are the begin of a head; of HTTP/2 anything may come, and a request has to follow.
    pub(super) fn heard(&self, now: Instant) {
        let mut state = self.lock();
        if state.under_way == 0 {
            state.head_since.get_or_insert(now);
        }
    }

    /// Bytes were taken by the client.
    pub(super) fn wrote(&self, now: Instant) {
        let mut state = self.lock();
        state.stalled_since = None;
        if state.under_way == 0 {
            state.quiet_since = now;
        }
    }

    /// There are bytes that the client does not take now.
    pub(super) fn stalled(&self, now: Instant) {
        self.lock().stalled_since.get_or_insert(now);
    }

    /// A head came whole.
    pub(super) fn begin(this: &Arc<Self>) -> UnderWay {
        let mut state = this.lock();
        state.under_way += 1;
        state.head_since = None;
        drop(state);
        UnderWay(Arc::clone(this))
    }

    /// Since when nothing is asked of us; `None` while something is.
    pub(super) fn waits_since(&self) -> Option<Instant> {
        let state = self.lock();
        (state.under_way == 0).then(|| state.head_since.unwrap_or(state.quiet_since))
    }

    /// What it is late with.
    pub(super) fn late(&self, limits: &ConnectionLimits, now: Instant) -> Option<&'static str> {
        let state = self.lock();
        let over = |since: Option<Instant>, limit| since.is_some_and(|since| now.duration_since(since) >= limit);
        if over(state.stalled_since, limits.stalled) {
            Some("stalled")
        } else if state.under_way > 0 {
            None
        } else if state.head_since.is_some() {
            over(state.head_since, limits.head).then_some("head")
        } else {
            over(Some(state.quiet_since), limits.idle).then_some("idle")
        }
    }

    pub(super) fn cut(&self) {
        self.cut.cancel();
    }

    pub(super) async fn is_cut(&self) {
        self.cut.cancelled().await;
    }

    // A thread that panicked left the state whole: every change of it is a few plain assignments.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.under_way -= 1;
        if state.under_way == 0 {
            state.quiet_since = Instant::now();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_connection_is_late_with_its_head_its_next_request_or_taking_an_answer() {
        let limits = ConnectionLimits::default();
        let start = Instant::now();
        let pulse = Arc::new(Pulse::new(start));
        let late = |since: Instant, seconds| pulse.late(&limits, since + Duration::from_secs(seconds));
        assert_eq!((late(start, 74), late(start, 75)), (None, Some("idle")));

        let request = Pulse::begin(&pulse);
        assert_eq!((late(start, 3_600), pulse.waits_since()), (None, None), "an answer takes as long as it takes");
        drop(request);
        let ended = pulse.waits_since().expect("it waits");
        assert_eq!((late(ended, 74), late(ended, 75)), (None, Some("idle")), "it was kept for later");

        let head = ended + Duration::from_secs(70);
        pulse.heard(head);
        pulse.heard(head + Duration::from_secs(10));
        let more_of_it = (late(head, 14), late(head, 15));
        assert_eq!(more_of_it, (None, Some("head")), "more bytes of a head give it no more time");

        let request = Pulse::begin(&pulse);
        pulse.stalled(head);
        pulse.stalled(head + Duration::from_secs(10));
        assert_eq!((late(head, 29), late(head, 30)), (None, Some("stalled")));
        pulse.wrote(head + Duration::from_secs(30));
        assert_eq!(late(head, 3_600), None);
        drop(request);
    }
}
