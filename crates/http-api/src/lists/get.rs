use axum::extract::State;
use molva_domain::ListId;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::request::PathId;
use crate::wire::List;

/// One list.
#[utoipa::path(
    get, path = "/api/lists/{id}", operation_id = "getList", tag = "lists", params(("id" = String, Path)),
    responses((status = 200, body = List), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn get_list(State(api): State<Api>, PathId(id): PathId<ListId>) -> Answer<List> {
    let list = api.storage().list(api.workspace(), id).await?.ok_or_else(super::unknown)?;
    ok(List::of(list, api.storage().uses_of_list(api.workspace(), id).await?))
}
