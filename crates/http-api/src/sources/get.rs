use axum::extract::State;
use molva_domain::SourceId;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::request::PathId;
use crate::sources::{shown, stored};
use crate::wire::Source;

/// One source.
#[utoipa::path(
    get, path = "/api/sources/{id}", operation_id = "getSource", tag = "sources", params(("id" = String, Path)),
    responses((status = 200, body = Source), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn get_source(State(api): State<Api>, locale: Locale, PathId(id): PathId<SourceId>) -> Answer<Source> {
    let source = stored(&api, id).await?;
    ok(shown(&api, source, locale).await?)
}
