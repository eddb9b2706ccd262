use axum::extract::State;
use molva_domain::MentionId;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::request::PathId;
use crate::wire::{PostVersion, PostVersionList};

/// What the post of a mention said before its author edited it, oldest first: the first version and the newest of the others,
/// at most 20.
#[utoipa::path(
    get, path = "/api/mentions/{id}/versions", operation_id = "listVersions", tag = "mentions",
    params(("id" = String, Path)),
    responses((status = 200, body = PostVersionList), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn list_versions(State(api): State<Api>, PathId(id): PathId<MentionId>) -> Answer<PostVersionList> {
    let mention = api.storage().mention(api.workspace(), id).await?.ok_or_else(super::unknown)?;
    let versions = api.storage().post_versions(api.workspace(), mention.post_id).await?;
    ok(versions.into_iter().map(PostVersion::from).collect())
}
