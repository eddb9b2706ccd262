use std::time::Duration;

use axum::extract::State;

use crate::access::caller::Caller;
use crate::answer::{Created, created};
use crate::api::Api;
use crate::locale::Locale;
use crate::request::Json;
use crate::topics::{backfill, check, unknown};
use crate::wire::Topic;
use crate::wire::topic::{NewTopic, TopicDraft};

/// How long the answer waits for the look-back that was asked for; it goes on without it.
const BACKFILL_PATIENCE: Duration = Duration::from_secs(10);

/// Makes a topic and listens for it from now on; with `backfill` it looks back over the kept stream too.
#[utoipa::path(
    post, path = "/api/topics", operation_id = "createTopic", tag = "topics", request_body = NewTopic,
    responses(
        (status = 201, body = Topic),
        (status = 409, description = "`name_taken`"),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
    ),
)]
pub(crate) async fn create_topic(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    Json(new): Json<NewTopic>,
) -> Created<Topic> {
    let NewTopic { name, level, kind, query, backfill: looks_back } = new;
    let draft = check(&api, TopicDraft { name, level, kind, query }, locale).await?;
    let mut topic = api.storage().create_topic(api.workspace(), caller.actor(), draft).await?;
    api.pipeline().topics_changed(api.workspace(), &[topic.id]).await?;
    if looks_back {
        // The topic exists whatever becomes of the look-back; a failure is logged there and it may be asked for again.
        let _ = backfill::run(&api, topic.id, BACKFILL_PATIENCE).await;
        topic = api.storage().topic(api.workspace(), topic.id).await?.ok_or_else(unknown)?;
    }
    created(format!("/api/topics/{}", topic.id), topic.into())
}
