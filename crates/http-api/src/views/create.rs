use axum::extract::State;

use crate::access::caller::Person;
use crate::answer::{Created, created};
use crate::api::Api;
use crate::request::Json;
use crate::views::check;
use crate::wire::View;
use crate::wire::view::ViewDraft;

/// Saves the state of a page under a name. At most 500 in a workspace.
#[utoipa::path(
    post, path = "/api/views", operation_id = "createView", tag = "views", request_body = ViewDraft,
    responses((status = 201, body = View), (status = 409, description = "`name_taken`, `too_many`")),
)]
pub(crate) async fn create_view(State(api): State<Api>, person: Person, Json(new): Json<ViewDraft>) -> Created<View> {
    let owner = person.user.id;
    let view = api.storage().create_view(api.workspace(), owner, check(new)?).await?;
    created(format!("/api/views/{}", view.id), View::of(view, Some(owner)))
}
