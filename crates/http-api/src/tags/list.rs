use axum::extract::State;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::wire::TagList;
use crate::wire::mention::TagCount;

/// Tags in use, most used first.
#[utoipa::path(get, path = "/api/tags", operation_id = "listTags", tag = "mentions", responses((status = 200, body = TagList)))]
pub(crate) async fn list_tags(State(api): State<Api>) -> Answer<TagList> {
    let tags = api.storage().tags(api.workspace()).await?;
    ok(tags.into_iter().map(|(tag, count)| TagCount { tag, count }).collect())
}
