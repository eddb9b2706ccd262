use axum::extract::State;
use molva_connectors::Localized;
use molva_domain::{PostId, StoryId};

use crate::access::caller::Caller;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::{Message, text};
use crate::problem::Problem;
use crate::request::{Checks, Json, PathId};
use crate::wire::story::{Story, StorySplit};

const MAX_POSTS: usize = 200;

/// Takes posts out of a story into one of their own, which is answered. The story keeps its first post: where that is named, the
/// others leave instead.
#[utoipa::path(
    post, path = "/api/stories/{id}/split", operation_id = "splitStory", tag = "stories",
    params(("id" = String, Path)), request_body = StorySplit,
    responses(
        (status = 200, body = Story),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`invalid_fields`; `nothing_to_split` when no post would leave or none would stay"),
    ),
)]
pub(crate) async fn split_story(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId<StoryId>,
    Json(body): Json<StorySplit>,
) -> Answer<Story> {
    let mut checks = Checks::default();
    if body.post_ids.is_empty() || body.post_ids.len() > MAX_POSTS {
        checks.wrong("post_ids", "out_of_range", Message::with(HOW_MANY, [&MAX_POSTS.to_string()]));
    }
    let posts: Vec<PostId> =
        checks.each("post_ids", body.post_ids.iter().map(String::as_str).take(MAX_POSTS), |id| id.parse().ok());
    checks.finish()?;
    let story = api.storage().story(api.workspace(), id).await?.ok_or_else(super::unknown)?;
    let split = api.pipeline().split_story(api.workspace(), caller.actor(), story.id, &posts).await?;
    ok(split.ok_or_else(|| Problem::field("post_ids", "nothing_to_split", NOTHING))?.into())
}

const HOW_MANY: Localized =
    text("takes 1 to {0} entries", "принимает от 1 до {0} значений", "приймає від 1 до {0} значень");
const NOTHING: Localized = text(
    "names no post of the story, or all of them; name those that do not belong to it",
    "не называет ни одной записи сюжета или называет все; назовите те, что к нему не относятся",
    "не називає жодного допису сюжету або називає всі; назвіть ті, що до нього не належать",
);
