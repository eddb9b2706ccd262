use axum::extract::State;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::wire::archive::ArchiveStatus;

/// How far the archive is behind the stored mentions, and what is being done about it.
#[utoipa::path(
    get, path = "/api/archive", operation_id = "getArchive", tag = "archive", responses((status = 200, body = ArchiveStatus)),
)]
pub(crate) async fn get_archive(State(api): State<Api>) -> Answer<ArchiveStatus> {
    ok(api.pipeline().archive_status().await?.into())
}
