//! The workspace: its name and its time zone.

pub(crate) mod get;
pub(crate) mod update;

use molva_storage::StorageError;
use molva_storage::workspace::Workspace;

use crate::api::Api;
use crate::problem::Problem;

/// The workspace as it is stored.
pub(crate) async fn stored(api: &Api) -> Result<Workspace, Problem> {
    let workspace = api.storage().workspace(api.workspace()).await?;
    workspace.ok_or_else(|| gone(api))
}

fn gone(api: &Api) -> Problem {
    StorageError::Incompatible(format!("there is no workspace `{}`", api.workspace())).into()
}
