//! The latest events of a run: an edit names what it changes, and a removal what it takes away, but neither tells it again.

use std::collections::{HashMap, VecDeque};

/// Events remembered.
const MOST: usize = 20_000;

/// What is kept of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    Message(Original),
    /// It says what another event says now.
    Edit {
        of: String,
    },
}

/// A message as it was first said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Original {
    pub id: String,
    pub sender: String,
    /// Unix milliseconds.
    pub sent_ms: i64,
    /// The event it answers.
    pub above: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Memory {
    kept: HashMap<String, Kept>,
    order: VecDeque<String>,
}

impl Memory {
    pub(super) fn get(&self, event: &str) -> Option<&Kept> {
        self.kept.get(event)
    }

    pub(super) fn keep(&mut self, event: &str, kept: Kept) {
        if self.kept.insert(event.to_owned(), kept).is_none() {
            self.order.push_back(event.to_owned());
        }
        if self.order.len() > MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.kept.remove(&oldest);
        }
    }
}
