//! Matching buffers that travel between threads instead of being made anew.

use std::sync::{Mutex, PoisonError};

use molva_matcher::Scratch;

/// At most one scratch a thread that matches at the same time; a poisoned lock is of no consequence for buffers.
#[derive(Default)]
pub(crate) struct ScratchPool(Mutex<Vec<Scratch>>);

impl ScratchPool {
    pub(crate) fn take(&self) -> Scratch {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    pub(crate) fn give_back(&self, scratch: Scratch) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(scratch);
    }
}
