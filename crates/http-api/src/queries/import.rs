use axum::extract::State;
use molva_query::Scope;
use molva_query::dialects::import as rewrite;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::lists::off_the_runtime;
use crate::locale::Locale;
use crate::queries;
use crate::request::{Checks, Json};
use crate::wire::language::{ImportNote, ImportRequest, ImportedQuery};
use crate::wire::utf16::Utf16;

/// Notes told at once.
const MAX_NOTES: usize = 500;

/// Rewrites a query of another product and says what is not as it was.
#[utoipa::path(
    post, path = "/api/queries/import", operation_id = "importQuery", tag = "queries", request_body = ImportRequest,
    responses((status = 200, body = ImportedQuery), (status = 422, description = "`invalid_fields`")),
)]
pub(crate) async fn import_query(
    State(api): State<Api>,
    locale: Locale,
    Json(body): Json<ImportRequest>,
) -> Answer<ImportedQuery> {
    let mut checks = Checks::default();
    queries::check_length(&mut checks, &body.query);
    checks.finish()?;
    let (dialect, foreign) = (body.dialect.into(), body.query.clone());
    let imported = off_the_runtime(move || rewrite(dialect, &foreign)).await?;
    let parsed = queries::read(&api, &imported.query, Scope::Topic).await?;
    let offsets = Utf16::of(&body.query);
    let notes = imported.notes.iter().take(MAX_NOTES).map(|note| ImportNote::of(note, &offsets, locale));
    ok(ImportedQuery {
        notes: notes.collect(),
        diagnostics: if imported.query.trim().is_empty() {
            Vec::new()
        } else {
            queries::diagnostics(&parsed, &Utf16::of(&imported.query), locale)
        },
        query: imported.query,
    })
}
