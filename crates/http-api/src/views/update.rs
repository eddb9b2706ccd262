use axum::extract::State;
use molva_domain::{Actor, ViewId};

use crate::access::caller::Person;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::request::{Json, PathId};
use crate::views::{access, check, out_of_reach};
use crate::wire::View;
use crate::wire::view::ViewDraft;

/// Replaces one's own view; an owner or admin of the workspace also one that somebody shares.
#[utoipa::path(
    put, path = "/api/views/{id}", operation_id = "updateView", tag = "views", params(("id" = String, Path)),
    request_body = ViewDraft,
    responses(
        (status = 200, body = View),
        (status = 403, description = "`not_yours`"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`name_taken`"),
    ),
)]
pub(crate) async fn update_view(
    State(api): State<Api>,
    person: Person,
    PathId(id): PathId<ViewId>,
    Json(new): Json<ViewDraft>,
) -> Answer<View> {
    let (user, draft) = (&person.user, check(new)?);
    let changed = api.storage().update_view(api.workspace(), Actor::User(user.id), access(user), id, draft).await?;
    match changed {
        Some(view) => ok(View::of(view, Some(user.id))),
        None => Err(out_of_reach(&api, user, id).await),
    }
}
