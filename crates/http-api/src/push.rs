//! Posts that are handed to us.

mod body;
pub(crate) mod receive;
