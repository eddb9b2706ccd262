//! Where the time goes, by the processor's clock: what other programs take does not count.

use std::ops::AddAssign;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Processor time of all threads by what they did.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spent {
    /// What every post goes through: words, language, copies.
    pub(super) every_post: Duration,
    /// Finding objects and judging.
    pub(super) judging: Duration,
    /// Unpacking, reading and writing lines.
    pub(super) lines: Duration,
}

impl Spent {
    pub(super) fn all(&self) -> Duration {
        self.every_post + self.judging + self.lines
    }
}

impl AddAssign for Spent {
    fn add_assign(&mut self, other: Self) {
        self.every_post += other.every_post;
        self.judging += other.judging;
        self.lines += other.lines;
    }
}

/// Runs while its thread is on a core.
pub(super) struct Watch(Duration);

impl Watch {
    pub(super) fn start() -> Self {
        Self(on_core())
    }

    /// Adds the time since the start, or since the last lap.
    pub(super) fn lap(&mut self, spent: &mut Duration) {
        let now = on_core();
        *spent += now.saturating_sub(self.0);
        self.0 = now;
    }
}

fn on_core() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}
