use axum::extract::State;
use molva_domain::TopicId;

use crate::access::caller::Caller;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::request::{Json, PathId};
use crate::topics::{check, unknown};
use crate::wire::Topic;
use crate::wire::topic::TopicDraft;

/// Replaces a topic. Mentions it has stay.
#[utoipa::path(
    put, path = "/api/topics/{id}", operation_id = "updateTopic", tag = "topics", params(("id" = String, Path)),
    request_body = TopicDraft,
    responses(
        (status = 200, body = Topic),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`name_taken`"),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
    ),
)]
pub(crate) async fn update_topic(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    PathId(id): PathId<TopicId>,
    Json(draft): Json<TopicDraft>,
) -> Answer<Topic> {
    let draft = check(&api, draft, locale).await?;
    let topic = api.storage().update_topic(api.workspace(), caller.actor(), id, draft).await?.ok_or_else(unknown)?;
    api.pipeline().topics_changed(api.workspace(), &[id]).await?;
    ok(topic.into())
}
