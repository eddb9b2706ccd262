//! The archive that search and figures read: how it is, and making it anew.

pub(crate) mod get;
pub(crate) mod rebuild;
