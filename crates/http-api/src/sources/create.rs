use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use molva_connectors::{Mode, push};

use crate::access::caller::Caller;
use crate::access::idempotency::ShowsSecret;
use crate::answer::created;
use crate::api::Api;
use crate::locale::Locale;
use crate::problem::Problem;
use crate::request::Json;
use crate::sources::draft;
use crate::wire::Source;
use crate::wire::source::SourceDraft;

/// Adds a source and starts it. For `push` the answer carries the secret its sender signs with, this once.
#[utoipa::path(
    post, path = "/api/sources", operation_id = "createSource", tag = "sources", request_body = SourceDraft,
    responses(
        (status = 201, body = Source),
        (status = 409, description = "`name_taken`"),
        (status = 422, description = "`invalid_fields`: `errors` names each setting as `settings.KEY`."),
    ),
)]
pub(crate) async fn create_source(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    Json(body): Json<SourceDraft>,
) -> Result<Response, Problem> {
    let mut draft = draft::read(body)?;
    let push_secret = match draft.secret_key() {
        Some(key) if draft.descriptor.mode == Mode::Push => {
            let secret = draft.stored.secrets.entry(key.to_owned()).or_insert_with(push::new_secret);
            Some(secret.expose().to_owned())
        }
        _ => None,
    };
    draft.check(BTreeMap::new())?;
    draft.make_webhook_secrets();
    let source = api.storage().create_source(api.workspace(), caller.actor(), draft.stored).await?;
    api.pipeline().source_changed(api.workspace(), source.id);
    let location = format!("/api/sources/{}", source.id);
    let shows_secret = push_secret.is_some();
    let shown = Source { push_secret, ..Source::of(source, molva_domain::Tally::default(), locale) };
    let mut response = created(location, shown).into_response();
    if shows_secret {
        response.extensions_mut().insert(ShowsSecret);
    }
    Ok(response)
}
