//! Looking at queries without storing anything.

pub(crate) mod check;
pub(crate) mod effects;
pub(crate) mod format;
pub(crate) mod import;
pub(crate) mod language;
pub(crate) mod preview;
pub(crate) mod suggest;

use std::sync::Arc;

use axum::http::StatusCode;
use molva_connectors::Localized;
use molva_pipeline::WorkspaceLists;
use molva_query::{MAX_CHARACTERS, Parsed, Query, Reading, Scope, parse_with};

use crate::api::Api;
use crate::lists::off_the_runtime;
use crate::locale::{Locale, Message, text};
use crate::problem::Problem;
use crate::request::{Checks, REQUIRED};
use crate::wire::{self, utf16::Utf16};

/// What the language calls a list it cannot find.
const UNKNOWN_LIST: [&str; 2] = ["unknown_list", "unknown_list_near"];
/// Diagnostics told at once.
const MAX_DIAGNOSTICS: usize = 500;

/// Not blank, not endless.
pub(crate) fn check_length(checks: &mut Checks, query: &str) {
    if query.trim().is_empty() {
        checks.wrong("query", "required", REQUIRED);
    } else if query.chars().nth(MAX_CHARACTERS).is_some() {
        checks.wrong("query", "too_long", Message::with(TOO_LONG, [&MAX_CHARACTERS.to_string()]));
    }
}

/// Reads a query with the workspace's lists, also with one that another process made a moment ago.
pub(crate) async fn read(api: &Api, query: &str, scope: Scope) -> Result<Parsed, Problem> {
    let parsed = read_with(query, scope, api.pipeline().lists()).await?;
    if !parsed.diagnostics.iter().any(|diagnostic| UNKNOWN_LIST.contains(&diagnostic.code)) {
        return Ok(parsed);
    }
    let known = api.pipeline().lists();
    api.pipeline().lists_changed(api.workspace()).await?;
    let lists = api.pipeline().lists();
    if Arc::ptr_eq(&known, &lists) { Ok(parsed) } else { read_with(query, scope, lists).await }
}

async fn read_with(query: &str, scope: Scope, lists: Arc<WorkspaceLists>) -> Result<Parsed, Problem> {
    let query = query.to_owned();
    off_the_runtime(move || parse_with(&query, &Reading { scope, lists: &*lists })).await
}

/// The same for one that must be sound: 422 with its diagnostics when it is not.
pub(crate) async fn read_sound(api: &Api, query: &str, scope: Scope, locale: Locale) -> Result<Query, Problem> {
    let mut checks = Checks::default();
    check_length(&mut checks, query);
    checks.finish()?;
    let parsed = read(api, query, scope).await?;
    let diagnostics = diagnostics(&parsed, &Utf16::of(query), locale);
    parsed.query.ok_or_else(|| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "query_has_errors", QUERY_HAS_ERRORS)
            .with_diagnostics(diagnostics)
    })
}

/// What is to be said about a query, for an editor in a browser: the first of it, when there is very much.
pub(crate) fn diagnostics(parsed: &Parsed, offsets: &Utf16<'_>, locale: Locale) -> Vec<wire::Diagnostic> {
    let first = parsed.diagnostics.iter().take(MAX_DIAGNOSTICS);
    first.map(|diagnostic| wire::Diagnostic::of(diagnostic, offsets, locale)).collect()
}

const TOO_LONG: Localized = text(
    "is longer than {0} characters; split it into several topics, or put words into a list",
    "длиннее {0} знаков; разделите на несколько тем или вынесите слова в список",
    "довше за {0} знаків; поділіть на кілька тем або винесіть слова до списку",
);
const QUERY_HAS_ERRORS: Localized = text(
    "the query has errors; `diagnostics` shows each place and what to write instead",
    "в запросе ошибки; в `diagnostics` указано каждое место и что там написать",
    "у запиті помилки; у `diagnostics` вказано кожне місце і що там написати",
);
