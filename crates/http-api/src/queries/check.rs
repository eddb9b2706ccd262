use crate::answer::{Answer, ok};
use crate::locale::Locale;
use crate::queries;
use crate::request::{Checks, Json};
use crate::wire::query::{QueryCheck, QueryText};

/// Says what is wrong with a query and what it means. A blank one is not valid and has no diagnostics.
#[utoipa::path(
    post, path = "/api/queries/check", operation_id = "checkQuery", tag = "queries", request_body = QueryText,
    responses((status = 200, body = QueryCheck)),
)]
pub(crate) async fn check_query(locale: Locale, Json(body): Json<QueryText>) -> Answer<QueryCheck> {
    let query = body.query;
    if query.trim().is_empty() {
        return ok(QueryCheck { valid: false, diagnostics: Vec::new(), explanation: String::new() });
    }
    let mut checks = Checks::default();
    queries::check_length(&mut checks, &query);
    checks.finish()?;
    let parsed = molva_query::parse(&query);
    ok(QueryCheck {
        valid: parsed.query.is_some(),
        diagnostics: queries::diagnostics(&parsed, &query, locale),
        explanation: parsed.query.map(|parsed| parsed.explain(locale.language())).unwrap_or_default(),
    })
}
