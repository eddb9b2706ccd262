use axum::extract::State;
use molva_domain::MentionId;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::request::PathId;
use crate::wire::Mention;

/// One mention.
#[utoipa::path(
    get, path = "/api/mentions/{id}", operation_id = "getMention", tag = "mentions", params(("id" = String, Path)),
    responses((status = 200, body = Mention), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn get_mention(State(api): State<Api>, PathId(id): PathId<MentionId>) -> Answer<Mention> {
    let mention = api.storage().mention(api.workspace(), id).await?;
    ok(mention.ok_or_else(super::unknown)?.into())
}
