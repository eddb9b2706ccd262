use std::time::Duration;

use axum::extract::State;
use molva_domain::SourceId;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::request::PathId;
use crate::sources::stored;
use crate::wire::ledger::{self, RejectionCount, SourceLedger};
use crate::wire::words::Word;

/// How far back hours and gaps go.
const LOOK_BACK: Duration = Duration::from_secs(14 * 24 * 3_600);

/// Where the items of a source ended, what may be missing, and what was rejected and why.
#[utoipa::path(
    get, path = "/api/sources/{id}/ledger", operation_id = "getSourceLedger", tag = "ledger", params(("id" = String, Path)),
    responses((status = 200, body = SourceLedger), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn get_source_ledger(State(api): State<Api>, PathId(id): PathId<SourceId>) -> Answer<SourceLedger> {
    stored(&api, id).await?;
    let (storage, workspace) = (api.storage(), api.workspace());
    let since = api.now().minus(LOOK_BACK);
    let totals = storage.ledger_totals(workspace).await?;
    let total = totals.into_iter().find(|(source, _)| *source == id).map(|(_, tally)| tally).unwrap_or_default();
    let rejections = storage.rejections(workspace, id).await?;
    let hours = storage.ledger_hours(workspace, Some(id), since).await?;
    let gaps = storage.gaps(workspace, id, since).await?;
    let quarantine = storage.quarantine(workspace, id).await?;
    ok(SourceLedger {
        total: total.into(),
        rejections: rejections
            .into_iter()
            .map(|(reason, count)| RejectionCount { reason: Word(reason), count })
            .collect(),
        hours: ledger::hours(&hours),
        gaps: gaps.into_iter().map(Into::into).collect(),
        quarantine: quarantine.into_iter().map(Into::into).collect(),
    })
}
