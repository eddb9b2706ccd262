//! The workspace.

use molva_storage::workspace as stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::Id;

/// A workspace.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Workspace {
    pub id: Id,
    pub name: String,
    /// Days and hours are counted in this zone; a name of the IANA database.
    pub time_zone: String,
}

/// A change to the workspace; what is absent stays as it is.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceChange {
    /// At most 120 characters.
    #[serde(default)]
    pub name: Option<String>,
    /// A name of the IANA database: `Europe/Kyiv`.
    #[serde(default)]
    pub time_zone: Option<String>,
}

impl From<stored::Workspace> for Workspace {
    fn from(workspace: stored::Workspace) -> Self {
        Self { id: Id::of(workspace.id), name: workspace.name, time_zone: workspace.time_zone }
    }
}
