use axum::extract::State;
use molva_domain::AuditId;

use crate::access::caller::Person;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::request::PathId;
use crate::wire::labelling::ToLabel;

/// Takes the caller's answer back, and answers its mention once more; null when that is gone.
#[utoipa::path(
    delete, path = "/api/labelling/{audit_id}", operation_id = "undoLabel", tag = "labelling",
    params(("audit_id" = String, Path)),
    responses((status = 200, body = Option<ToLabel>), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn undo_label(
    State(api): State<Api>,
    person: Person,
    PathId(id): PathId<AuditId>,
) -> Answer<Option<ToLabel>> {
    if !api.storage().undo_audit(api.workspace(), person.user.id, id).await? {
        return Err(super::unknown());
    }
    match api.storage().audit(api.workspace(), id).await? {
        Some(audit) => ok(super::shown(&api, &audit).await?),
        None => ok(None),
    }
}
