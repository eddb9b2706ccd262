use std::time::Duration;

use axum::extract::State;
use molva_domain::Tally;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::wire::ledger::{self, Ledger, SourceTally};

/// How far back the hours go.
const LOOK_BACK: Duration = Duration::from_secs(7 * 24 * 3_600);

/// Where every item ended, in total and for each source: received = stored + unmatched + duplicate + updated + rejected.
#[utoipa::path(get, path = "/api/ledger", operation_id = "getLedger", tag = "ledger", responses((status = 200, body = Ledger)))]
pub(crate) async fn get_ledger(State(api): State<Api>) -> Answer<Ledger> {
    let (storage, workspace) = (api.storage(), api.workspace());
    let sources = storage.ledger_totals(workspace).await?;
    let mut total = Tally::default();
    for (_, tally) in &sources {
        total.add(tally);
    }
    let balances = total.balances() && sources.iter().all(|(_, tally)| tally.balances());
    let hours = storage.ledger_hours(workspace, None, api.now().minus(LOOK_BACK)).await?;
    ok(Ledger {
        total: total.into(),
        balances,
        sources: sources.into_iter().map(|(source, tally)| SourceTally::of(source, tally)).collect(),
        kept: storage.kept_status(workspace).await?.into(),
        hours: ledger::hours(&hours),
    })
}
