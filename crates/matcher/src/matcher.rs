//! The set of live queries and how it changes.
//!
//! A large index and a small one: changes rebuild the small one only, and when it has grown they are merged.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use hashbrown::HashMap;
use molva_query::Query;
use molva_text::PrefixFilter;

use crate::compile::{Program, compile};
use crate::frequency::Frequencies;
use crate::index::Index;
use crate::snapshot::{Part, Snapshot};

/// Changed queries beside the large index before they are merged into it; a share of its size once it is large.
const MOST_CHANGES: usize = 256;

/// The set of live queries.
#[derive(Debug)]
pub struct Matcher {
    state: Mutex<State>,
    current: ArcSwap<Snapshot>,
    frequencies: Arc<Frequencies>,
}

#[derive(Debug, Default)]
struct State {
    base: Arc<Index>,
    /// Where each query of the large index stands.
    base_numbers: HashMap<i64, u32, foldhash::fast::FixedState>,
    dead: Vec<u64>,
    base_alive: usize,
    changed: HashMap<i64, Arc<Program>, foldhash::fast::FixedState>,
}

impl Default for Matcher {
    fn default() -> Self {
        let frequencies = Arc::<Frequencies>::default();
        let empty = Snapshot {
            parts: [Part::default(), Part::default()],
            filter: PrefixFilter::default(),
            frequencies: Arc::clone(&frequencies),
        };
        Self { state: Mutex::default(), current: ArcSwap::from_pointee(empty), frequencies }
    }
}

impl Matcher {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a query or replaces the one of that id; seen by snapshots taken from now on.
    pub fn put(&self, id: i64, query: &Query) {
        let program = compile(id, query);
        let mut state = self.lock();
        state.bury(id);
        state.changed.insert(id, program);
        self.publish(&mut state);
    }

    /// Adds or replaces many queries at once, in one step.
    pub fn put_all<'a>(&self, queries: impl IntoIterator<Item = (i64, &'a Query)>) {
        let programs: Vec<_> = queries.into_iter().map(|(id, query)| compile(id, query)).collect();
        let mut state = self.lock();
        for program in programs {
            state.bury(program.id);
            state.changed.insert(program.id, program);
        }
        self.publish(&mut state);
    }

    /// Removes a query; what is not there is no matter.
    pub fn remove(&self, id: i64) {
        let mut state = self.lock();
        state.bury(id);
        state.changed.remove(&id);
        self.publish(&mut state);
    }

    /// The set as it is now; cheap.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held left a whole state: it is only ever replaced piece by piece.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self, state: &mut State) {
        if state.changed.len() > MOST_CHANGES.max(state.base_alive / 64) {
            state.merge(&self.frequencies);
        }
        let mut changed: Vec<_> = state.changed.values().cloned().collect();
        changed.sort_unstable_by_key(|program| program.id);
        let alive = changed.len();
        let delta = Arc::new(Index::build(changed, &self.frequencies));
        let mut filter = state.base.filter.clone();
        filter.merge(&delta.filter);
        let base = Part { index: Arc::clone(&state.base), dead: state.dead.as_slice().into(), alive: state.base_alive };
        let delta = Part { index: delta, dead: Arc::new([]), alive };
        let frequencies = Arc::clone(&self.frequencies);
        self.current.store(Arc::new(Snapshot { parts: [base, delta], filter, frequencies }));
    }
}

impl State {
    /// Marks the query of the large index as gone.
    fn bury(&mut self, id: i64) {
        if let Some(number) = self.base_numbers.remove(&id) {
            self.dead[number as usize >> 6] |= 1 << (number & 63);
            self.base_alive -= 1;
        }
    }

    fn merge(&mut self, frequencies: &Frequencies) {
        let mut programs: Vec<_> = self
            .base_numbers
            .values()
            .map(|number| Arc::clone(&self.base.programs[*number as usize]))
            .chain(self.changed.drain().map(|(_, program)| program))
            .collect();
        programs.sort_unstable_by_key(|program| program.id);
        self.base_numbers = programs.iter().enumerate().map(|(number, program)| (program.id, number as u32)).collect();
        self.base_alive = programs.len();
        self.dead = vec![0; programs.len().div_ceil(64)];
        self.base = Arc::new(Index::build(programs, frequencies));
    }
}
