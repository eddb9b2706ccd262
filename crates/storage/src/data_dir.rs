//! The folder of the embedded store, and the slot that tells processes apart that share it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::{Result, StorageError};

/// Processes that may share a folder.
const SLOTS: u16 = 8;

/// Makes the folder when it is missing, readable by its owner alone.
pub(crate) fn prepare(data_dir: &Path) -> Result<PathBuf> {
    let failed = |error: io::Error| {
        io::Error::new(error.kind(), format!("the data folder `{}` cannot be used: {error}", data_dir.display()))
    };
    DirBuilder::new().recursive(true).mode(0o700).create(data_dir).map_err(failed)?;
    Ok(fs::canonicalize(data_dir).map_err(failed)?)
}

/// A number that no other live process on this folder has; freed when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct NodeSlot {
    node: u16,
    /// Holds the lock.
    _file: File,
}

impl NodeSlot {
    /// Takes the first free slot of machine `machine`.
    pub(crate) fn take(data_dir: &Path, machine: u16) -> Result<Self> {
        for slot in 0..SLOTS {
            let path = data_dir.join(format!("slot-{slot}.lock"));
            let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
            match file.try_lock() {
                Ok(()) => return Ok(Self { node: (machine % 64) * SLOTS + slot, _file: file }),
                Err(fs::TryLockError::WouldBlock) => {}
                Err(fs::TryLockError::Error(error)) => return Err(error.into()),
            }
        }
        Err(StorageError::Incompatible(format!(
            "{SLOTS} processes use the data folder `{}` already; stop one of them",
            data_dir.display()
        )))
    }

    /// Machine and slot in nine bits, as ids carry it.
    pub(crate) const fn node(&self) -> u16 {
        self.node
    }

    /// Whether files written by `node` lie in this process's folder.
    pub(crate) const fn shares_folder_with(&self, node: i64) -> bool {
        node / SLOTS as i64 == (self.node / SLOTS) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processes_on_one_folder_get_different_nodes() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = NodeSlot::take(folder.path(), 3).expect("a slot");
        let second = NodeSlot::take(folder.path(), 3).expect("a slot");
        assert_eq!((first.node(), second.node()), (24, 25));
        drop(first);
        assert_eq!(NodeSlot::take(folder.path(), 3).expect("a slot").node(), 24);
    }
}
