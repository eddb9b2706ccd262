use axum::extract::State;
use molva_domain::MentionId;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::request::PathId;
use crate::wire::{Mention, MentionList};

const MAX_COPIES: u32 = 200;

/// Exact copies of a mention, oldest first, at most 200.
#[utoipa::path(
    get, path = "/api/mentions/{id}/copies", operation_id = "listCopies", tag = "mentions", params(("id" = String, Path)),
    responses((status = 200, body = MentionList), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn list_copies(State(api): State<Api>, PathId(id): PathId<MentionId>) -> Answer<MentionList> {
    api.storage().mention(api.workspace(), id).await?.ok_or_else(super::unknown)?;
    let copies = api.storage().copies(api.workspace(), id, MAX_COPIES).await?;
    ok(copies.into_iter().map(Mention::from).collect())
}
