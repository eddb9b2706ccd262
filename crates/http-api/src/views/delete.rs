use axum::extract::State;
use axum::http::StatusCode;
use molva_domain::{Actor, ViewId};

use crate::access::caller::Person;
use crate::answer::Done;
use crate::api::Api;
use crate::request::PathId;
use crate::views::{access, out_of_reach};

/// Deletes one's own view; an owner or admin of the workspace also one that somebody shares.
#[utoipa::path(
    delete, path = "/api/views/{id}", operation_id = "deleteView", tag = "views", params(("id" = String, Path)),
    responses(
        (status = 204),
        (status = 403, description = "`not_yours`"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub(crate) async fn delete_view(State(api): State<Api>, person: Person, PathId(id): PathId<ViewId>) -> Done {
    let user = &person.user;
    if api.storage().delete_view(api.workspace(), Actor::User(user.id), access(user), id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(out_of_reach(&api, user, id).await)
    }
}
