use std::collections::HashMap;

use axum::extract::State;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::wire::{Source, SourceList};

/// All sources with their state, and what to do about those that do not collect.
#[utoipa::path(get, path = "/api/sources", operation_id = "listSources", tag = "sources", responses((status = 200, body = SourceList)))]
pub(crate) async fn list_sources(State(api): State<Api>, locale: Locale) -> Answer<SourceList> {
    let tallies: HashMap<_, _> = api.storage().ledger_totals(api.workspace()).await?.into_iter().collect();
    let sources = api.storage().sources(api.workspace()).await?;
    let shown = sources.into_iter().map(|source| {
        let tally = tallies.get(&source.id).copied().unwrap_or_default();
        Source::of(source, tally, locale)
    });
    ok(shown.collect())
}
