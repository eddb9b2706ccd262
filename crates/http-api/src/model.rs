//! What people taught the models of the workspace, and which of it judges.

pub(crate) mod activate;
pub(crate) mod drift;
pub(crate) mod get;
mod reason;
pub(crate) mod train;
