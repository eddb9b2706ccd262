use axum::extract::State;

use crate::access::caller::Caller;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::wire::{View, ViewList};

/// One's own views and those that others share, by name. A token sees the shared ones.
#[utoipa::path(get, path = "/api/views", operation_id = "listViews", tag = "views", responses((status = 200, body = ViewList)))]
pub(crate) async fn list_views(State(api): State<Api>, caller: Caller) -> Answer<ViewList> {
    let seen_by = caller.user();
    let views = api.storage().views(api.workspace(), seen_by).await?;
    ok(views.into_iter().map(|view| View::of(view, seen_by)).collect())
}
