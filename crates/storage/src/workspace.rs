//! Tenants.

use molva_domain::WorkspaceId;

use crate::{Result, Storage};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    pub id: WorkspaceId,
    pub name: String,
}

impl Storage {
    /// The first workspace, made as `name` when there is none. Safe to call from two processes at once.
    pub async fn ensure_workspace(&self, _name: &str) -> Result<Workspace> {
        todo!()
    }
}
