//! What an archive holds and how far it has come: one small file, replaced as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::archive::Inner;
use crate::error::Error;
use crate::schema::FORMAT;

const NAME: &str = "archive.json";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: u32,
    /// The last event whose effects are all in the slices that are not wanted; `None` until a first fill has begun.
    pub(crate) applied: Option<i64>,
    /// When that event happened, microseconds: tells another history with the same numbers.
    pub(crate) applied_at: Option<i64>,
    /// Slices that must be there, and the version of each; see [`crate::slice::Shelf`].
    pub(crate) slices: BTreeMap<String, u32>,
    /// Slices to be built from the storage. Those of them that are in `slices` answer and follow meanwhile.
    pub(crate) wanted: BTreeSet<String>,
    /// Those of `wanted` that were damaged.
    pub(crate) lost: BTreeSet<String>,
}

impl Manifest {
    pub(crate) const fn new() -> Self {
        Self {
            format: FORMAT,
            applied: None,
            applied_at: None,
            slices: BTreeMap::new(),
            wanted: BTreeSet::new(),
            lost: BTreeSet::new(),
        }
    }

    /// `None` when there is no archive yet.
    pub(crate) fn load(root: &Path) -> Result<Option<Self>, Error> {
        let path = root.join(NAME);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::file("read", &path)(error)),
        };
        let outdated = |reason: String| Error::Outdated { path: root.to_owned(), reason };
        #[derive(Deserialize)]
        struct Version {
            format: u32,
        }
        let unreadable = |error: serde_json::Error| outdated(format!("`{NAME}` cannot be read: {error}"));
        let version: Version = serde_json::from_str(&text).map_err(unreadable)?;
        if version.format != FORMAT {
            return Err(outdated(format!("it has format {}, this version writes {FORMAT}", version.format)));
        }
        serde_json::from_str(&text).map(Some).map_err(unreadable)
    }

    /// Replaces what is there; on the disk when it returns.
    pub(crate) fn store(&self, root: &Path) -> Result<(), Error> {
        let (path, fresh) = (root.join(NAME), root.join(format!("{NAME}.new")));
        let write = || {
            let mut file = File::create(&fresh)?;
            file.write_all(&serde_json::to_vec(self)?)?;
            file.sync_all()?;
            fs::rename(&fresh, &path)?;
            File::open(root)?.sync_all()
        };
        write().map_err(Error::file("write", &path))
    }
}

impl Inner {
    /// Changes the manifest, on the disk first. There is one writer, so nobody else changes it meanwhile.
    pub(crate) fn change_manifest(&self, change: impl FnOnce(&mut Manifest)) -> Result<(), Error> {
        let mut manifest = self.read().manifest.clone();
        change(&mut manifest);
        manifest.store(&self.root)?;
        self.write().manifest = manifest;
        Ok(())
    }
}
