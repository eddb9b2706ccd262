//! Places posts are collected from.

pub(crate) mod advice;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod draft;
pub(crate) mod get;
pub(crate) mod ledger;
pub(crate) mod list;
mod moved;
pub(crate) mod pause;
pub(crate) mod probe;
pub(crate) mod resume;
pub(crate) mod said;
pub(crate) mod search;
pub(crate) mod update;
pub(crate) mod webhook;

use molva_connectors::Localized;
use molva_domain::SourceId;
use molva_storage::source::Source;

use crate::api::Api;
use crate::locale::{Locale, text};
use crate::problem::Problem;
use crate::wire;

fn unknown() -> Problem {
    Problem::not_found(UNKNOWN)
}

/// The source that is stored, or 404.
pub(crate) async fn stored(api: &Api, id: SourceId) -> Result<Source, Problem> {
    api.storage().source(api.workspace(), id).await?.ok_or_else(unknown)
}

/// A source with its sums, as it is shown.
async fn shown(api: &Api, source: Source, locale: Locale) -> Result<wire::Source, Problem> {
    let totals = api.storage().ledger_totals(api.workspace()).await?;
    let tally = totals.iter().find(|(id, _)| *id == source.id).map(|(_, tally)| *tally).unwrap_or_default();
    Ok(wire::Source::of(source, tally, locale))
}

pub(crate) const UNKNOWN: Localized = text(
    "there is no source with this id; it may have been deleted, look at the list of sources",
    "источника с таким номером нет; возможно, его удалили — посмотрите список источников",
    "джерела з таким номером немає; можливо, його видалили — перегляньте список джерел",
);
