//! What the parts of an emulator share: the world, what goes wrong, what is counted.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use molva_domain::Clock;
use tokio::sync::Notify;

use crate::consent::Grants;
use crate::counts::Counts;
use crate::faults::{Fault, Faults};
use crate::limits::Limits;
use crate::uploads::Uploads;
use crate::vk::callback::Server;
use crate::world::World;

/// Everything that changes.
#[derive(Debug, Default)]
pub struct Inside {
    pub world: World,
    pub faults: Faults,
    pub counts: Counts,
    pub uploads: Uploads,
    pub(crate) limits: Limits,
    pub(crate) grants: Grants,
    /// Servers that VK calls.
    pub(crate) vk_servers: Vec<Server>,
    /// The number of the newest of them.
    pub(crate) last_server: u64,
}

impl Inside {
    /// What goes wrong with this answer; counted.
    pub(crate) fn draw(&mut self, fitting: &[Fault]) -> Option<Fault> {
        let fault = self.faults.draw(fitting)?;
        *self.counts.faults.entry(fault.name()).or_default() += 1;
        Some(fault)
    }
}

/// Clones share one world.
#[derive(Clone)]
pub struct Sandbox(Arc<Shared>);

struct Shared {
    inside: Mutex<Inside>,
    changed: Notify,
    clock: Arc<dyn Clock>,
    time_scale: f64,
}

impl Sandbox {
    /// An empty world. `time_scale` is how many seconds of the network's limits and waits pass in a second.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, time_scale: f64) -> Self {
        let inside = Mutex::new(Inside::default());
        Self(Arc::new(Shared { inside, changed: Notify::new(), clock, time_scale: time_scale.max(1e-6) }))
    }

    /// The world and the rest, while nobody else touches them.
    pub fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Unix seconds by the network's clock, which may be wrong.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.0.clock.now().as_secs() + self.inside().faults.clock_skew_s
    }

    /// So much of the network's time, in ours.
    pub(crate) fn scaled(&self, duration: Duration) -> Duration {
        duration.div_f64(self.0.time_scale)
    }

    /// Wakes those who wait for news.
    pub fn changed(&self) {
        self.0.changed.notify_waiters();
    }

    /// Until [`Self::changed`], or for so long of our time.
    pub(crate) async fn news(&self, longest: Duration) {
        let _ = tokio::time::timeout(longest, self.0.changed.notified()).await;
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").finish_non_exhaustive()
    }
}
