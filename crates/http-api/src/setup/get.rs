use axum::extract::State;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::wire::session::Setup;

/// Whether the owner is still to be made.
#[utoipa::path(get, path = "/api/setup", operation_id = "getSetup", tag = "setup", responses((status = 200, body = Setup)))]
pub(crate) async fn get_setup(State(api): State<Api>) -> Answer<Setup> {
    let needed = !api.storage().has_users(api.workspace()).await?;
    ok(Setup { needed, version: crate::VERSION.to_owned() })
}
