//! Networks Molva can listen to.

pub(crate) mod list;
