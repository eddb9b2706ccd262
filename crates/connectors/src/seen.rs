//! What was delivered in this run, so that an overlap is not delivered again. What a restart brings again is known by its URN.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// Names remembered.
const MOST: usize = 50_000;

#[derive(Debug, Default)]
pub(crate) struct Seen {
    names: HashSet<u64>,
    order: VecDeque<u64>,
}

impl Seen {
    /// Whether it is the first time.
    pub(crate) fn first(&mut self, name: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        let name = hasher.finish();
        if !self.names.insert(name) {
            return false;
        }
        self.order.push_back(name);
        if self.order.len() > MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.names.remove(&oldest);
        }
        true
    }
}
