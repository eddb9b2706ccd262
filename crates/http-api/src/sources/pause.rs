use axum::extract::State;
use molva_domain::SourceId;

use crate::access::caller::Caller;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::request::PathId;
use crate::sources::{shown, unknown};
use crate::wire::Source;

/// Switches a source off until it is resumed.
#[utoipa::path(
    post, path = "/api/sources/{id}/pause", operation_id = "pauseSource", tag = "sources", params(("id" = String, Path)),
    responses((status = 200, body = Source), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn pause_source(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    PathId(id): PathId<SourceId>,
) -> Answer<Source> {
    let changed = api.storage().set_source_paused(api.workspace(), caller.actor(), id, true).await?;
    let source = changed.ok_or_else(unknown)?;
    api.pipeline().source_changed(api.workspace(), id);
    ok(shown(&api, source, locale).await?)
}
