use std::time::Duration;

use axum::extract::State;

use crate::answer::Answer;
use crate::api::Api;
use crate::problem::Problem;
use crate::wire::archive::ArchiveStatus;

/// How far the archive is behind the stored mentions, and what is being done about it.
#[utoipa::path(
    get, path = "/api/archive", operation_id = "getArchive", tag = "archive", responses((status = 200, body = ArchiveStatus)),
)]
pub(crate) async fn get_archive(State(_api): State<Api>) -> Answer<ArchiveStatus> {
    Err(Problem::busy(Duration::from_secs(5)))
}
