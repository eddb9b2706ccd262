//! Time on a core.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Time this thread was on a core, where Linux tells it: other programs do not count. Elsewhere the time of day.
pub(crate) fn cpu_time() -> Duration {
    let scheduled = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let on_core = scheduled.and_then(|text| text.split_whitespace().next()?.parse().ok());
    on_core.map_or_else(|| STARTED.elapsed(), Duration::from_nanos)
}
