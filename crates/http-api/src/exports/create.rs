use axum::extract::State;

use crate::access::caller::Caller;
use crate::answer::{Created, created};
use crate::api::Api;
use crate::exports::file_name::file_name;
use crate::exports::{Rows, prepare, title};
use crate::locale::Locale;
use crate::request::Json;
use crate::wire::export::{ExportRequest, ExportTicket};

/// Asks for a file of mentions or figures, of any length.
///
/// Nothing is written yet: the ticket's address streams the file while it is made. CSV is UTF-8 with a byte order mark; texts that a
/// spreadsheet would run as a formula have an apostrophe in front. XLSX has dates in the workspace's time zone, a further sheet after
/// 1,048,575 rows and a last one about the export. JSON lines and Parquet have times in UTC.
#[utoipa::path(
    post, path = "/api/exports", operation_id = "createExport", tag = "exports", request_body = ExportRequest,
    responses(
        (status = 201, body = ExportTicket),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
        (status = 503, description = "`busy`: too many tickets are open, or too much is asked of the archive."),
    ),
)]
pub(crate) async fn create_export(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    Json(request): Json<ExportRequest>,
) -> Created<ExportTicket> {
    let prepared = prepare(&api, &request, locale).await?;
    let (rows, missing) = match &prepared.rows {
        Rows::Mentions(selected) => {
            let counted = selected.count(&api).await?;
            (counted.mentions, counted.missing.iter().map(ToString::to_string).collect())
        }
        Rows::Figures(block, missing) => (block.len() as u64, missing.clone()),
    };
    let topic = match &request.selection.topic[..] {
        [topic] => topic.parse().ok(),
        _ => None,
    };
    let topics = api.storage().topics_by_id(api.workspace(), topic.as_slice()).await?;
    let topic = topics.first().map_or("", |topic| topic.name.as_str());
    let day = molva_exports::day(api.now(), prepared.table.zone);
    let name = file_name(&[locale.of(title(request.what)), topic, &day], request.format.into());
    let id = api.exports.put(request, name.clone(), locale, caller.actor(), api.now())?;
    let url = format!("/api/exports/{id}");
    let incomplete = api.incomplete();
    created(url.clone(), ExportTicket { id, url, file_name: name, rows: Some(rows), incomplete, missing })
}
