use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use molva_domain::TopicId;

use crate::api::Api;
use crate::problem::Problem;
use crate::request::PathId;
use crate::wire::topic::Backfilled;

/// How long the answer waits.
const PATIENCE: Duration = Duration::from_secs(60);

/// Looks back over the kept stream and adds what the topic would have brought.
#[utoipa::path(
    post, path = "/api/topics/{id}/backfill", operation_id = "backfillTopic", tag = "topics", params(("id" = String, Path)),
    responses(
        (status = 202, body = Backfilled),
        (status = 404, description = "`not_found`"),
    ),
)]
pub(crate) async fn backfill_topic(
    State(api): State<Api>,
    PathId(id): PathId<TopicId>,
) -> Result<(StatusCode, Json<Backfilled>), Problem> {
    api.storage().topic(api.workspace(), id).await?.ok_or_else(super::unknown)?;
    Ok((StatusCode::ACCEPTED, Json(run(&api, id, PATIENCE).await?)))
}

/// Runs to the end, in the background when it takes longer than the caller's patience.
pub(crate) async fn run(api: &Api, topic: TopicId, patience: Duration) -> Result<Backfilled, Problem> {
    let (slots, pipeline, workspace) = (api.backfill_slots.clone(), api.pipeline().clone(), api.workspace());
    let task = tokio::spawn(async move {
        let _slot = slots.acquire_owned().await;
        let added = pipeline.backfill(workspace, topic, |_scanned, _all| ()).await;
        if let Err(error) = &added {
            tracing::error!(topic.id = %topic, %error, "a look-back over the kept stream failed");
        }
        added
    });
    match tokio::time::timeout(patience, task).await {
        Ok(ended) => Ok(Backfilled { added: ended.map_err(Problem::internal)??, finished: true }),
        Err(_elapsed) => Ok(Backfilled { added: 0, finished: false }),
    }
}
