//! First steps: the owner of a new Molva.

pub(crate) mod create_owner;
pub(crate) mod get;
