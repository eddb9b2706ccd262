//! Looking at queries without storing anything.

pub(crate) mod check;
pub(crate) mod preview;
pub(crate) mod suggest;

use molva_connectors::Localized;
use molva_query::Parsed;

use crate::locale::{Locale, Message, text};
use crate::request::{Checks, REQUIRED};
use crate::wire;

const MAX_QUERY_BYTES: usize = 20_000;

/// Not blank, not endless.
pub(crate) fn check_length(checks: &mut Checks, query: &str) {
    if query.trim().is_empty() {
        checks.wrong("query", "required", REQUIRED);
    } else if query.len() > MAX_QUERY_BYTES {
        checks.wrong("query", "too_long", Message::with(TOO_LONG, [&MAX_QUERY_BYTES.to_string()]));
    }
}

/// What is to be said about a query, for an editor in a browser.
pub(crate) fn diagnostics(parsed: &Parsed, query: &str, locale: Locale) -> Vec<wire::Diagnostic> {
    parsed.diagnostics.iter().map(|diagnostic| wire::Diagnostic::of(diagnostic, query, locale)).collect()
}

const TOO_LONG: Localized = text(
    "is longer than {0} bytes; split it into several topics",
    "длиннее {0} байт; разделите на несколько тем",
    "довше за {0} байтів; поділіть на кілька тем",
);
