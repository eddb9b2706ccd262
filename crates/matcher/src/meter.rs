//! What the costly queries of an index cost: those without a rare word to be posted under.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Counters of the watched queries.
#[derive(Debug, Default)]
pub(crate) struct Meters {
    /// Ascending.
    programs: Vec<u32>,
    meters: Vec<Meter>,
}

#[derive(Debug, Default)]
struct Meter {
    looks: AtomicU64,
    matches: AtomicU64,
    nanoseconds: AtomicU64,
}

/// A query that is looked at for many posts, and what that took since it was last moved in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metered {
    pub query: i64,
    /// Posts it was looked at for.
    pub looks: u64,
    pub matches: u64,
    /// Time spent on it, by all threads together.
    pub spent: Duration,
}

impl Meters {
    pub(crate) fn of(programs: Vec<u32>) -> Self {
        let meters = programs.iter().map(|_| Meter::default()).collect();
        Self { programs, meters }
    }

    #[cold]
    pub(crate) fn note(&self, program: usize, matched: bool, spent: Duration) {
        let Ok(place) = self.programs.binary_search(&(program as u32)) else { return };
        let meter = &self.meters[place];
        meter.looks.fetch_add(1, Ordering::Relaxed);
        meter.matches.fetch_add(u64::from(matched), Ordering::Relaxed);
        meter.nanoseconds.fetch_add(spent.as_nanos() as u64, Ordering::Relaxed);
    }

    /// Each watched program's figures.
    pub(crate) fn read(&self) -> impl Iterator<Item = (usize, Metered)> + '_ {
        self.programs.iter().zip(&self.meters).map(|(program, meter)| {
            let metered = Metered {
                query: 0,
                looks: meter.looks.load(Ordering::Relaxed),
                matches: meter.matches.load(Ordering::Relaxed),
                spent: Duration::from_nanos(meter.nanoseconds.load(Ordering::Relaxed)),
            };
            (*program as usize, metered)
        })
    }

    pub(crate) fn bytes(&self) -> usize {
        self.programs.len() * (4 + size_of::<Meter>())
    }
}
