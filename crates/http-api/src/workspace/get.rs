use axum::extract::State;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::wire::Workspace;

/// The workspace.
#[utoipa::path(
    get, path = "/api/workspace", operation_id = "getWorkspace", tag = "workspace", responses((status = 200, body = Workspace)),
)]
pub(crate) async fn get_workspace(State(api): State<Api>) -> Answer<Workspace> {
    ok(super::stored(&api).await?.into())
}
