use axum::extract::State;

use crate::access::caller::Caller;
use crate::answer::{Created, created};
use crate::api::Api;
use crate::lists::check;
use crate::request::Json;
use crate::wire::List;
use crate::wire::list::NewList;

/// Makes a list. Queries use it as `list:NAME` from now on.
#[utoipa::path(
    post, path = "/api/lists", operation_id = "createList", tag = "lists", request_body = NewList,
    responses(
        (status = 201, body = List),
        (status = 409, description = "`name_taken`, `too_many`"),
        (status = 422, description = "`invalid_fields`: `entries.3` is the fourth entry"),
    ),
)]
pub(crate) async fn create_list(State(api): State<Api>, caller: Caller, Json(new): Json<NewList>) -> Created<List> {
    let (draft, read) = check(&new.name, new.kind.0, new.entries).await?;
    let list = api.storage().create_list(api.workspace(), caller.actor(), draft).await?;
    api.pipeline().list_changed(api.workspace(), &read).await?;
    created(format!("/api/lists/{}", list.id), List::of(list, Vec::new()))
}
