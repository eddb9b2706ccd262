//! What an archive holds and how far it has come: one small file, replaced as a whole.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::schema::FORMAT;

const NAME: &str = "archive.json";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: u32,
    /// The last event whose effects are all in; `None` until a first fill is complete.
    pub(crate) applied: Option<i64>,
    /// Slices that must be there.
    pub(crate) slices: BTreeSet<String>,
    /// Slices that were emptied to be filled anew and are not full again.
    pub(crate) incomplete: BTreeSet<String>,
}

impl Manifest {
    pub(crate) const fn new() -> Self {
        Self { format: FORMAT, applied: None, slices: BTreeSet::new(), incomplete: BTreeSet::new() }
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
        let manifest: Self =
            serde_json::from_str(&text).map_err(|error| outdated(format!("`{NAME}` cannot be read: {error}")))?;
        if manifest.format != FORMAT {
            return Err(outdated(format!("it has format {}, this version writes {FORMAT}", manifest.format)));
        }
        Ok(Some(manifest))
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
