use axum::extract::State;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::wire::{Topic, TopicList};

/// All topics, by name.
#[utoipa::path(get, path = "/api/topics", operation_id = "listTopics", tag = "topics", responses((status = 200, body = TopicList)))]
pub(crate) async fn list_topics(State(api): State<Api>) -> Answer<TopicList> {
    let topics = api.storage().topics(api.workspace()).await?;
    ok(topics.into_iter().map(Topic::from).collect())
}
