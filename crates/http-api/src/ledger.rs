//! Where every item ended.

pub(crate) mod get;
