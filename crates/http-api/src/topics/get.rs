use axum::extract::State;
use molva_domain::TopicId;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::request::PathId;
use crate::wire::Topic;

/// One topic.
#[utoipa::path(
    get, path = "/api/topics/{id}", operation_id = "getTopic", tag = "topics", params(("id" = String, Path)),
    responses((status = 200, body = Topic), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn get_topic(State(api): State<Api>, PathId(id): PathId<TopicId>) -> Answer<Topic> {
    let topic = api.storage().topic(api.workspace(), id).await?;
    ok(topic.ok_or_else(super::unknown)?.into())
}
