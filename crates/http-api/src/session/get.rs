use axum::extract::State;

use crate::access::caller::Person;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::session::me;
use crate::wire::Me;

/// Who is signed in.
#[utoipa::path(get, path = "/api/session", operation_id = "getSession", tag = "session", responses((status = 200, body = Me)))]
pub(crate) async fn get_session(State(api): State<Api>, person: Person) -> Answer<Me> {
    ok(me(&api, &person.user).await?)
}
