use axum::extract::State;
use molva_connectors::Localized;
use molva_domain::StoryId;

use crate::access::caller::Caller;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::text;
use crate::problem::Problem;
use crate::request::{Checks, Json, PathId};
use crate::wire::story::{Story, StoryMerge};

/// Says that two stories are one: the posts of the other join this one, for good.
#[utoipa::path(
    post, path = "/api/stories/{id}/merge", operation_id = "mergeStories", tag = "stories",
    params(("id" = String, Path)), request_body = StoryMerge,
    responses(
        (status = 200, body = Story),
        (status = 404, description = "`not_found`: one of them"),
        (status = 422, description = "`invalid_fields`"),
    ),
)]
pub(crate) async fn merge_stories(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId<StoryId>,
    Json(body): Json<StoryMerge>,
) -> Answer<Story> {
    let mut checks = Checks::default();
    let with: Option<StoryId> = checks.each("with", [body.with.as_str()].into_iter(), |id| id.parse().ok()).pop();
    checks.finish()?;
    let known = api.storage().story(api.workspace(), id).await?.ok_or_else(super::unknown)?;
    let other = match with {
        Some(with) => api.storage().story(api.workspace(), with).await?.ok_or_else(super::unknown)?,
        None => return Err(super::unknown()),
    };
    if known.id == other.id {
        return Err(Problem::field("with", "same_story", SAME));
    }
    let merged = api.pipeline().merge_stories(api.workspace(), caller.actor(), other.id, known.id).await?;
    ok(merged.ok_or_else(super::unknown)?.into())
}

const SAME: Localized = text(
    "is this very story; name another one",
    "это тот же самый сюжет; назовите другой",
    "це той самий сюжет; назвіть інший",
);
