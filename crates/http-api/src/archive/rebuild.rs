use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use crate::api::Api;
use crate::problem::Problem;
use crate::wire::archive::ArchiveStatus;

/// Makes the archive anew from what is stored, while the old one answers. It takes minutes a million mentions; `GET` tells how far
/// it is. One that is running goes on.
#[utoipa::path(
    post, path = "/api/archive/rebuild", operation_id = "rebuildArchive", tag = "archive",
    responses((status = 202, body = ArchiveStatus)),
)]
pub(crate) async fn rebuild_archive(State(api): State<Api>) -> Result<(StatusCode, Json<ArchiveStatus>), Problem> {
    api.pipeline().rebuild_archive().map_err(Problem::internal)?;
    Ok((StatusCode::ACCEPTED, Json(api.pipeline().archive_status().await?.into())))
}
