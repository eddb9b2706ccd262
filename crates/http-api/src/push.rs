//! Posts that are handed to us.

pub(crate) mod receive;
