use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::manifest::Manifest;
use crate::schema::Fields;
use crate::slice::{Damage, Shelf, Slice};
use crate::vocabulary::Vocabularies;

/// The mentions of one workspace, open for searching. Cheap to clone; a [`crate::Writer`] changes it while it is searched.
#[derive(Clone)]
pub struct Archive {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) root: PathBuf,
    pub(crate) fields: Fields,
    pub(crate) state: RwLock<State>,
    pub(crate) vocabularies: Vocabularies,
    /// A writer is at work.
    pub(crate) writing: AtomicBool,
    /// Slices that were begun anew: none of them gets the folder of one that was given up and may still be written to.
    pub(crate) builds: AtomicU32,
}

pub(crate) struct State {
    pub(crate) manifest: Manifest,
    pub(crate) shelves: BTreeMap<Slice, Shelf>,
    pub(crate) damaged: BTreeMap<Slice, String>,
}

impl Archive {
    /// Slices that cannot be searched and have to be rebuilt; see [`Archive::to_build`].
    #[must_use]
    pub fn damaged(&self) -> Vec<Damage> {
        let damage = |(slice, reason): (&Slice, &String)| Damage { slice: *slice, reason: reason.clone() };
        self.inner.read().damaged.iter().map(damage).collect()
    }

    /// The slices that can be searched, oldest first.
    #[must_use]
    pub fn slices(&self) -> Vec<Slice> {
        self.inner.read().shelves.keys().copied().collect()
    }

    /// Mentions that can be found.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.inner.read().shelves.values().map(|shelf| shelf.reader.searcher().num_docs()).sum()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads every file and compares checksums. Slices that differ are left out from now on and told by
    /// [`Archive::damaged`]. Takes about as long as reading the archive from the disk.
    pub fn verify(&self) {
        for slice in self.slices() {
            self.verify_slice(slice);
        }
    }

    /// The same for one slice; answers whether it is whole.
    pub fn verify_slice(&self, slice: Slice) -> bool {
        let Some(shelf) = self.inner.read().shelves.get(&slice).cloned() else { return true };
        let Some(reason) = shelf.damage() else { return true };
        let mut state = self.inner.write();
        if state.shelves.get(&slice).is_none_or(|now| now.version != shelf.version) {
            return true;
        }
        tracing::warn!(%slice, reason, "a slice of the archive is damaged");
        state.shelves.remove(&slice);
        state.damaged.insert(slice, reason);
        false
    }
}

impl Inner {
    // A thread that panicked left the state whole: every change of it is one assignment.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}
