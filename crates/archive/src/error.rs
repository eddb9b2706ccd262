use std::io;
use std::path::{Path, PathBuf};

use crate::slice::Slice;

/// What can fail in the archive. None of it touches the truth: the archive can always be rebuilt from the storage.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot {what} in the archive's slice `{slice}`: {source}")]
    Engine {
        what: &'static str,
        slice: Slice,
        #[source]
        source: tantivy::TantivyError,
    },
    #[error("cannot {what} `{}`: {source}", path.display())]
    File {
        what: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// Written by another version, or its manifest is damaged: nothing in the folder can be relied on.
    #[error("the archive in `{}` has to be rebuilt: {reason}", path.display())]
    Outdated { path: PathBuf, reason: String },
    #[error("the archive's slice `{slice}` is damaged; rebuild it before writing to it")]
    Damaged { slice: Slice },
    #[error("another writer is at work in the archive `{}`", path.display())]
    Busy { path: PathBuf },
    #[error("the question cannot be answered: {reason}")]
    Question { reason: &'static str },
}

impl Error {
    pub(crate) fn engine(what: &'static str, slice: Slice) -> impl FnOnce(tantivy::TantivyError) -> Self {
        move |source| Self::Engine { what, slice, source }
    }

    pub(crate) fn file(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { what, path, source }
    }
}
