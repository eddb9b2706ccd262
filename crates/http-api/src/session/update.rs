use axum::extract::State;

use crate::access::caller::Person;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::request::Json;
use crate::session::me;
use crate::wire::Me;
use crate::wire::session::MeChange;

/// Changes the language of the interface and of messages.
#[utoipa::path(
    patch, path = "/api/session", operation_id = "updateMe", tag = "session", request_body = MeChange,
    responses((status = 200, body = Me)),
)]
pub(crate) async fn update_me(State(api): State<Api>, mut person: Person, Json(change): Json<MeChange>) -> Answer<Me> {
    if let Some(locale) = change.locale {
        api.storage().set_locale(api.workspace(), person.user.id, locale.as_str()).await?;
        person.user.locale = locale.as_str().to_owned();
    }
    ok(me(&api, &person.user).await?)
}
