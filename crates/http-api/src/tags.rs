//! Tags in use.

pub(crate) mod list;
