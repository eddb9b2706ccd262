use axum::extract::State;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::wire::{List, ListList};

/// All lists, by name.
#[utoipa::path(get, path = "/api/lists", operation_id = "listLists", tag = "lists", responses((status = 200, body = ListList)))]
pub(crate) async fn list_lists(State(api): State<Api>) -> Answer<ListList> {
    let lists = api.storage().lists(api.workspace()).await?;
    let uses = api.storage().list_uses(api.workspace()).await?;
    ok(List::all(lists, uses).collect())
}
