//! What is listened for.

pub(crate) mod backfill;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod update;

use axum::http::StatusCode;
use molva_connectors::Localized;
use molva_storage::topic::TopicDraft;

use crate::locale::{Locale, text};
use crate::problem::Problem;
use crate::queries;
use crate::request::Checks;
use crate::wire;

const MAX_NAME_CHARS: usize = 120;

/// A draft whose query can be used.
fn check(draft: wire::topic::TopicDraft, locale: Locale) -> Result<TopicDraft, Problem> {
    let mut checks = Checks::default();
    let name = checks.line("name", &draft.name, MAX_NAME_CHARS);
    queries::check_length(&mut checks, &draft.query);
    checks.finish()?;
    let parsed = molva_query::parse(&draft.query);
    if parsed.query.is_none() {
        let diagnostics = queries::diagnostics(&parsed, &draft.query, locale);
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "query_has_errors", QUERY_HAS_ERRORS);
        return Err(problem.with_diagnostics(diagnostics));
    }
    Ok(TopicDraft { name, level: draft.level.0, kind: draft.kind.0, query: draft.query, lists: Vec::new() })
}

fn unknown() -> Problem {
    Problem::not_found(UNKNOWN)
}

const UNKNOWN: Localized = text(
    "there is no topic with this id; it may have been deleted, look at the list of topics",
    "темы с таким номером нет; возможно, её удалили — посмотрите список тем",
    "теми з таким номером немає; можливо, її видалили — перегляньте список тем",
);
pub(crate) const QUERY_HAS_ERRORS: Localized = text(
    "the query has errors; `diagnostics` shows each place and what to write instead",
    "в запросе ошибки; в `diagnostics` указано каждое место и что там написать",
    "у запиті помилки; у `diagnostics` вказано кожне місце і що там написати",
);
