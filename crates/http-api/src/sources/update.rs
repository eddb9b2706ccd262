use axum::extract::State;
use molva_connectors::Localized;
use molva_domain::SourceId;

use crate::access::caller::Caller;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::{Locale, text};
use crate::problem::Problem;
use crate::request::{Json, PathId};
use crate::sources::{draft, moved, shown, stored, unknown};
use crate::wire::Source;
use crate::wire::source::SourceDraft;

/// Replaces name and settings and starts the source anew; secrets that are not given stay, unless the source moves to another server.
#[utoipa::path(
    put, path = "/api/sources/{id}", operation_id = "updateSource", tag = "sources", params(("id" = String, Path)),
    request_body = SourceDraft,
    responses(
        (status = 200, body = Source),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`name_taken`"),
        (status = 422, description = "`invalid_fields`: `errors` names each setting as `settings.KEY`."),
    ),
)]
pub(crate) async fn update_source(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    PathId(id): PathId<SourceId>,
    Json(body): Json<SourceDraft>,
) -> Answer<Source> {
    let before = stored(&api, id).await?;
    let mut draft = draft::read(body)?;
    if draft.stored.connector != before.connector {
        return Err(Problem::field("connector", "cannot_change", CONNECTOR_STAYS));
    }
    draft.take_in_place_of_consent();
    let kept = api.storage().source_secrets(api.workspace(), id).await?;
    draft.check(kept.clone())?;
    if let Some(connector) = molva_connectors::find(&before.connector) {
        let (settings, given) = (&draft.stored.settings, &draft.stored.secrets);
        moved::check(connector, &before.settings, settings, &kept, given).finish()?;
    }
    let updated = api.storage().update_source(api.workspace(), caller.actor(), id, draft.stored).await?;
    let source = updated.ok_or_else(unknown)?;
    api.called_sources.forget(id);
    api.pipeline().source_changed(api.workspace(), id);
    ok(shown(&api, source, locale).await?)
}

const CONNECTOR_STAYS: Localized = text(
    "a source stays with its network; delete it and add another",
    "источник остаётся в своей сети; удалите его и добавьте другой",
    "джерело лишається у своїй мережі; видаліть його і додайте інше",
);
