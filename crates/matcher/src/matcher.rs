//! The set of live queries and how it changes.
//!
//! A large index and a small one: a change rebuilds the small one only, and when that has grown a thread of its own makes
//! a new large one of both while matching and further changes go on.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use hashbrown::HashMap;
use molva_query::Query;
use molva_text::{Analysis, PrefixFilter};

use crate::compile::{Program, compile};
use crate::frequency::Frequencies;
use crate::index::{Index, Source};
use crate::lists::Lists;
use crate::snapshot::{Part, Snapshot};

/// Changed queries beside the large index before they are merged into it.
const MOST_CHANGES: usize = 256;

/// Queries are posted anew each time so many times more words have been counted.
const ANCHORING_GROWTH: u32 = 4;

/// What their words may ask for in all: one query with a list of thousands of words weighs as much as many others.
const MOST_ATOMS: usize = 20_000;

/// The set of live queries. Cheap to clone: clones are the same set.
#[derive(Clone, Debug, Default)]
pub struct Matcher(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// Told when a merge has ended.
    merged: Condvar,
    current: ArcSwap<Snapshot>,
    frequencies: Arc<Frequencies>,
    /// When so many words have been counted, queries are posted anew: by then more is known of what is rare.
    next_anchoring: AtomicU32,
    lists: Arc<Lists>,
}

#[derive(Debug, Default)]
struct State {
    base: Arc<Index>,
    /// Queries of the large index that are gone, a bit each.
    dead: Vec<u64>,
    base_alive: usize,
    /// Put since the large index was built.
    changed: HashMap<i64, Arc<Program>, foldhash::fast::FixedState>,
    /// What their words ask for, counted when it was last made visible.
    changed_atoms: usize,
    merging: bool,
}

impl Default for Shared {
    fn default() -> Self {
        let (frequencies, lists) = (Arc::<Frequencies>::default(), Arc::<Lists>::default());
        let empty = Snapshot {
            parts: [Part::default(), Part::default()],
            filter: PrefixFilter::default(),
            frequencies: Arc::clone(&frequencies),
            lists: Arc::clone(&lists),
        };
        Self {
            state: Mutex::default(),
            merged: Condvar::new(),
            current: ArcSwap::from_pointee(empty),
            frequencies,
            lists,
            next_anchoring: AtomicU32::new(Frequencies::ENOUGH),
        }
    }
}

impl Matcher {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a query or replaces the one of that id; seen by snapshots taken from now on.
    pub fn put(&self, id: i64, query: &Query) {
        let program = Arc::new(compile(id, query, &self.0.frequencies, &self.0.lists));
        let mut state = self.0.lock();
        state.bury(id);
        state.changed.insert(id, program);
        self.0.publish(&mut state);
        self.merge_if_grown(state);
    }

    /// Adds or replaces many queries at once, in one step.
    pub fn put_all<'a>(&self, queries: impl IntoIterator<Item = (i64, &'a Query)>) {
        let compile = |(id, query)| Arc::new(compile(id, query, &self.0.frequencies, &self.0.lists));
        let programs: Vec<_> = queries.into_iter().map(compile).collect();
        let mut state = self.0.lock();
        for program in programs {
            state.bury(program.id);
            state.changed.insert(program.id, program);
        }
        // Beside a far larger index so many changes wait for a merge, like few.
        if state.changed.len() > MOST_CHANGES.max(state.base_alive / 4) {
            // A running merge is of no use any more: what it brings is found to be outdated.
            let base = Index::build(&state.sources(), &state.base, &self.0.frequencies);
            state.take(base);
        }
        self.0.publish(&mut state);
        self.merge_if_grown(state);
    }

    /// Removes a query; what is not there is no matter.
    pub fn remove(&self, id: i64) {
        let mut state = self.0.lock();
        state.bury(id);
        state.changed.remove(&id);
        self.0.publish(&mut state);
    }

    /// The set as it is now; cheap. From time to time it has the queries posted anew in the background.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        let counted = self.0.frequencies.tokens();
        if counted >= self.0.next_anchoring.load(Ordering::Relaxed) {
            self.anchor_anew(counted);
        }
        self.0.current.load_full()
    }

    #[cold]
    fn anchor_anew(&self, counted: u32) {
        // Somebody who holds the state will not be waited for: the next snapshot asks again.
        let Ok(mut state) = self.0.state.try_lock() else { return };
        if !state.merging {
            self.0.next_anchoring.store(counted.saturating_mul(ANCHORING_GROWTH), Ordering::Relaxed);
            state.merging = true;
            drop(state);
            self.merge_in_background();
        }
    }

    /// Learns from a post how common words are, before there is a stream to learn from.
    pub fn observe(&self, title: &str, text: &str) {
        let mut analysis = Analysis::default();
        analysis.run(title, text, &PrefixFilter::default());
        self.0.frequencies.count(&analysis);
    }

    /// Returns when no merge is under way.
    pub fn settle(&self) {
        let mut state = self.0.lock();
        while state.merging {
            state = self.0.merged.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn merge_if_grown(&self, mut state: MutexGuard<'_, State>) {
        let is_small = state.changed.len() <= MOST_CHANGES && state.changed_atoms <= MOST_ATOMS;
        if state.merging || is_small {
            return;
        }
        state.merging = true;
        drop(state);
        self.merge_in_background();
    }

    fn merge_in_background(&self) {
        let shared = Arc::clone(&self.0);
        let thread = std::thread::Builder::new().name("molva-matcher-merge".into());
        if thread.spawn(move || shared.merge()).is_err() {
            // No thread to be had: the change waits instead.
            self.0.merge();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held left a whole state: it is only ever replaced piece by piece.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the changes visible.
    fn publish(&self, state: &mut State) {
        let mut changed: Vec<_> = state.changed.values().cloned().map(Source::New).collect();
        changed.sort_unstable_by_key(Source::new_id);
        let alive = changed.len();
        let delta = Arc::new(Index::build(&changed, &Index::default(), &self.frequencies));
        state.changed_atoms = delta.atoms.len();
        let mut filter = state.base.atoms.filter.clone();
        filter.merge(&delta.atoms.filter);
        let base = Part { index: Arc::clone(&state.base), dead: state.dead.as_slice().into(), alive: state.base_alive };
        let delta = Part { index: delta, dead: Arc::new([]), alive };
        let frequencies = Arc::clone(&self.frequencies);
        let lists = Arc::clone(&self.lists);
        self.current.store(Arc::new(Snapshot { parts: [base, delta], filter, frequencies, lists }));
    }

    /// Builds a new large index beside the running one and takes it over.
    fn merge(&self) {
        let (sources, base) = {
            let state = self.lock();
            (state.sources(), Arc::clone(&state.base))
        };
        let index = Index::build(&sources, &base, &self.frequencies);
        let mut state = self.lock();
        // Somebody who replaced everything meanwhile was faster.
        if Arc::ptr_eq(&state.base, &base) {
            state.take_over(index, &sources);
            self.publish(&mut state);
        }
        state.merging = false;
        self.merged.notify_all();
    }
}

impl Source {
    /// The id of a new query.
    fn new_id(&self) -> i64 {
        if let Self::New(program) = self { program.id } else { 0 }
    }
}

impl State {
    /// Marks the query of the large index as gone.
    fn bury(&mut self, id: i64) {
        if let Some(number) = self.base.number_of(id) {
            let (word, bit) = (number >> 6, 1 << (number & 63));
            self.base_alive -= usize::from(self.dead[word] & bit == 0);
            self.dead[word] |= bit;
        }
    }

    fn is_dead(&self, number: usize) -> bool {
        (self.dead[number >> 6] >> (number & 63)) & 1 == 1
    }

    /// All live queries by id.
    fn sources(&self) -> Vec<Source> {
        let kept = (0..self.base.len()).filter(|number| !self.is_dead(*number));
        let mut sources: Vec<(i64, Source)> =
            kept.map(|number| (self.base.id(number), Source::Kept(number as u32))).collect();
        sources.extend(self.changed.iter().map(|(id, program)| (*id, Source::New(Arc::clone(program)))));
        sources.sort_unstable_by_key(|(id, _)| *id);
        sources.into_iter().map(|(_, source)| source).collect()
    }

    /// Takes a large index that holds all there is.
    fn take(&mut self, base: Index) {
        self.base_alive = base.len();
        self.dead = vec![0; base.len().div_ceil(64)];
        self.base = Arc::new(base);
        self.changed.clear();
    }

    /// Takes a large index that holds what there was when it was begun; `sources` are its queries.
    fn take_over(&mut self, index: Index, sources: &[Source]) {
        let (old_base, old_dead) = (Arc::clone(&self.base), std::mem::take(&mut self.dead));
        let mut changed = std::mem::take(&mut self.changed);
        self.take(index);
        for (number, source) in sources.iter().enumerate() {
            let current = match source {
                Source::New(program) => {
                    let same = changed.get(&program.id).is_some_and(|now| Arc::ptr_eq(now, program));
                    if same {
                        changed.remove(&program.id);
                    }
                    same
                }
                Source::Kept(old) => {
                    debug_assert!((*old as usize) < old_base.len());
                    (old_dead[*old as usize >> 6] >> (old & 63)) & 1 == 0
                }
            };
            if !current {
                self.bury(self.base.id(number));
            }
        }
        self.changed = changed;
    }
}
