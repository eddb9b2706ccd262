use axum::extract::State;

use crate::access::caller::Person;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::wire::labelling::ToLabel;

/// The next mention to label, without what machine or people said of it; null when nothing is left for the caller. A third of a
/// round is shown to two people.
#[utoipa::path(
    get, path = "/api/labelling/next", operation_id = "nextToLabel", tag = "labelling",
    responses((status = 200, body = Option<ToLabel>)),
)]
pub(crate) async fn next_to_label(State(api): State<Api>, person: Person) -> Answer<Option<ToLabel>> {
    ok(super::next_of(&api, person.user.id).await?)
}
