//! What can go wrong between us and the truth.

/// Errors a caller decides on; everything else is `Database` with its cause.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Another process holds the lease of the source, or it ran out.
    #[error("the lease of source `{0}` is held elsewhere")]
    LeaseLost(molva_domain::SourceId),
    /// The source of a batch was deleted meanwhile.
    #[error("source `{0}` does not exist any more")]
    SourceGone(molva_domain::SourceId),
    /// A unique thing exists already: the field, and what is taken.
    #[error("{field} `{value}` is taken")]
    Taken { field: &'static str, value: String },
    /// Something that is needed does not exist, or not any more.
    #[error("there is no {what} `{name}`")]
    Missing { what: &'static str, name: String },
    /// Something else needs it as it is: the names of the first that do.
    #[error("{what} `{name}` is used by {}", by.join(", "))]
    InUse { what: &'static str, name: String, by: Vec<String> },
    /// It was changed since the caller read it; `version` is what it has now.
    #[error("the {what} was changed meanwhile and has version {version}")]
    Stale { what: &'static str, version: u32 },
    /// There are as many as there may be.
    #[error("there are {most} of kind `{what}` already, and no more may be")]
    Full { what: &'static str, most: u32 },
    /// A page cursor that this server did not make.
    #[error("the page cursor cannot be read")]
    InvalidCursor,
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The data folder or a file in it.
    #[error("data folder: {0}")]
    Kept(#[from] std::io::Error),
    /// The database was written by a newer Molva, or its files are not ours.
    #[error("{0}")]
    Incompatible(String),
}

impl StorageError {
    /// Turns a violated unique index into `Taken`.
    pub(crate) fn or_taken(self, field: &'static str, value: &str) -> Self {
        match self {
            Self::Database(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                Self::Taken { field, value: value.to_owned() }
            }
            other => other,
        }
    }
}
