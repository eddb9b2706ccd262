//! Files that go with replies.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;

/// The largest file any network takes, and its upload.
pub(crate) const MAX_BODY_BYTES: usize = 16 << 20;
