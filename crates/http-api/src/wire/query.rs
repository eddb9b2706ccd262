//! Queries: diagnostics, previews, suggestions.

use molva_query::Severity;
use serde::Serialize;
use utoipa::ToSchema;

use crate::locale::Locale;
use crate::wire::Time;
use crate::wire::post::{self, Post, Span};
use crate::wire::utf16::Utf16;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DiagnosticSeverity {
    /// The query cannot be used.
    Error,
    /// It can, but may not do what was meant.
    Warning,
}

/// Something to say about a place in a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Diagnostic {
    pub severity: DiagnosticSeverity,
    /// Stable word for machines: `unclosed_bracket`, …
    pub code: String,
    /// UTF-16 code units of the query's text.
    pub start: u32,
    pub end: u32,
    pub message: String,
    /// What to write instead of the place, when that is known.
    #[schema(required)]
    pub replacement: Option<String>,
}

impl Diagnostic {
    pub(crate) fn of(diagnostic: &molva_query::Diagnostic, offsets: &Utf16<'_>, locale: Locale) -> Self {
        Self {
            severity: match diagnostic.severity {
                Severity::Error => DiagnosticSeverity::Error,
                Severity::Warning => DiagnosticSeverity::Warning,
            },
            code: diagnostic.code.to_owned(),
            start: offsets.offset(diagnostic.span.start),
            end: offsets.offset(diagnostic.span.end),
            message: diagnostic.message(locale.language()),
            replacement: diagnostic.replacement.clone(),
        }
    }
}

/// What a query would bring, from a look back over the kept stream and the stored posts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Preview {
    /// Newest first.
    pub hits: Vec<PreviewHit>,
    /// Posts looked at.
    pub scanned: u64,
    pub matched: u64,
    /// Arrival of the oldest post looked at.
    #[schema(required)]
    pub since: Option<Time>,
    /// Mentions a day to expect; null when less than an hour of stream was seen.
    #[schema(required)]
    pub per_day: Option<f64>,
    /// Time ran out before the scan's end; the figures are of what was seen.
    pub cut_short: bool,
}

/// A post that the query matches.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PreviewHit {
    pub post: Post,
    /// Where it matched.
    pub spans: Vec<Span>,
}

impl From<molva_pipeline::Preview> for Preview {
    fn from(preview: molva_pipeline::Preview) -> Self {
        let hits = preview.hits.into_iter().map(|hit| PreviewHit {
            spans: post::spans(&hit.spans, &hit.post.post),
            post: Post::of(hit.post.post, None, false),
        });
        Self {
            hits: hits.collect(),
            scanned: preview.scanned,
            matched: preview.matched,
            since: preview.since.map(Into::into),
            per_day: preview.per_day.filter(|rate| rate.is_finite()),
            cut_short: preview.cut_short,
        }
    }
}

/// A first query for a brand.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Suggestion {
    pub query: String,
    /// The name as people write it, in both alphabets.
    pub spellings: Vec<String>,
    /// Proposed to keep noise out.
    pub exclusions: Vec<Exclusion>,
}

/// A clause that keeps noise out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Exclusion {
    /// As it is written in a query, without the `NOT`.
    pub clause: String,
    pub reason: String,
}

impl From<molva_query::Suggestion> for Suggestion {
    fn from(suggestion: molva_query::Suggestion) -> Self {
        let exclusions = suggestion
            .exclusions
            .into_iter()
            .map(|exclusion| Exclusion { clause: exclusion.clause, reason: exclusion.reason.to_string() });
        Self { query: suggestion.query, spellings: suggestion.spellings, exclusions: exclusions.collect() }
    }
}

/// A query to look at.
#[derive(Clone, Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryText {
    /// At most 100,000 characters.
    pub query: String,
}

/// A query to look back with.
#[derive(Clone, Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewRequest {
    /// At most 100,000 characters.
    pub query: String,
    /// Hits to show.
    #[serde(default = "default_hits")]
    #[schema(minimum = 1, maximum = 50, default = 20)]
    pub limit: u32,
}

const fn default_hits() -> u32 {
    20
}

/// A brand to make a query for.
#[derive(Clone, Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Brand {
    /// As its owner writes it.
    pub brand: String,
}
