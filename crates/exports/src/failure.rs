use std::io;

/// Why an export was not finished.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Nobody reads what is written any more.
    #[error("the reader of the export has gone")]
    ReaderGone,
    /// The source of the rows stopped without saying that they were all.
    #[error("the rows of the export broke off before their end; run it again")]
    BrokenOff,
    #[error("the rows of the export cannot be read from the store")]
    Storage(#[from] molva_storage::StorageError),
    #[error("the rows of the export cannot be found in the archive")]
    Archive(#[from] molva_archive::Error),
    /// The file cannot be written.
    #[error("the export cannot be written")]
    Write(#[from] io::Error),
}

impl Failure {
    /// The reader went away: nobody is to be told and nothing is to be mended.
    #[must_use]
    pub fn is_reader_gone(&self) -> bool {
        match self {
            Self::ReaderGone => true,
            Self::Write(error) => error.kind() == io::ErrorKind::BrokenPipe,
            Self::BrokenOff | Self::Storage(_) | Self::Archive(_) => false,
        }
    }
}
