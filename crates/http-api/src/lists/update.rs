use axum::extract::State;
use molva_domain::ListId;

use crate::access::caller::Caller;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::lists::{check, check_topics, unknown};
use crate::request::{Json, PathId};
use crate::wire::List;
use crate::wire::list::ListDraft;

/// Replaces a list. Topics that use it match by the new entries when the answer comes; mentions they have stay.
#[utoipa::path(
    put, path = "/api/lists/{id}", operation_id = "updateList", tag = "lists", params(("id" = String, Path)),
    request_body = ListDraft,
    responses(
        (status = 200, body = List),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`name_taken`, `version_conflict`, `list_in_use` when a used list would get another name"),
        (status = 422, description = "`invalid_fields`: `entries.3` is the fourth entry"),
    ),
)]
pub(crate) async fn update_list(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId<ListId>,
    Json(new): Json<ListDraft>,
) -> Answer<List> {
    let (draft, read) = check(&new.name, new.kind.0, new.entries).await?;
    check_topics(&api, id, new.version, &read).await?;
    let changed = api.storage().update_list(api.workspace(), caller.actor(), id, new.version, draft).await?;
    let list = changed.ok_or_else(unknown)?;
    api.pipeline().list_changed(api.workspace(), &read).await?;
    ok(List::of(list, api.storage().uses_of_list(api.workspace(), id).await?))
}
