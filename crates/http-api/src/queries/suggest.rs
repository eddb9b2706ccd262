use crate::answer::{Answer, ok};
use crate::locale::Locale;
use crate::request::{Checks, Json};
use crate::wire::query::{Brand, Suggestion};

const MAX_BRAND_CHARS: usize = 120;

/// Proposes a first query for a brand: spellings in both alphabets, and clauses that keep noise out.
#[utoipa::path(
    post, path = "/api/queries/suggest", operation_id = "suggestQuery", tag = "queries", request_body = Brand,
    responses((status = 200, body = Suggestion)),
)]
pub(crate) async fn suggest_query(locale: Locale, Json(body): Json<Brand>) -> Answer<Suggestion> {
    let mut checks = Checks::default();
    let brand = checks.line("brand", &body.brand, MAX_BRAND_CHARS);
    checks.finish()?;
    ok(molva_query::suggest(&brand, locale.language()).into())
}
