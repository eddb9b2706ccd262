use axum::extract::State;
use molva_query::{FIELDS, Lists as _, OPERATORS};

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::wire::language::{LanguageField, LanguageList, LanguageOperator, QueryLanguage};

/// The words of the query language, for completion and help.
#[utoipa::path(
    get, path = "/api/queries/language", operation_id = "queryLanguage", tag = "queries",
    responses((status = 200, body = QueryLanguage)),
)]
pub(crate) async fn query_language(State(api): State<Api>, locale: Locale) -> Answer<QueryLanguage> {
    let lists = api.pipeline().lists();
    let named = lists.names().into_iter().filter_map(|name| lists.list(&name));
    ok(QueryLanguage {
        fields: FIELDS.iter().map(|field| LanguageField::of(field, locale)).collect(),
        operators: OPERATORS.iter().map(|operator| LanguageOperator::of(operator, locale)).collect(),
        lists: named.map(|list| LanguageList::of(&list)).collect(),
    })
}
