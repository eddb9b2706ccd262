//! The live screen: the event log as server-sent events.

pub(crate) mod feed;
pub(crate) mod frame;
pub(crate) mod hub;
pub(crate) mod stream;
