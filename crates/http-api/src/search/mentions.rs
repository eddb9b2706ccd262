use axum::extract::State;
use molva_archive::{Archive, Position};
use molva_domain::MentionId;
use molva_query::Query;
use molva_storage::StorageError;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::problem::Problem;
use crate::request::{Checks, Json};
use crate::search::months;
use crate::selection::{self, Selected};
use crate::wire::Mention;
use crate::wire::search::{SearchOrder, SearchPage, SearchRequest};

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;

/// Mentions of the whole history that are found, page by page.
#[utoipa::path(
    post, path = "/api/search", operation_id = "searchMentions", tag = "search", request_body = SearchRequest,
    responses(
        (status = 200, body = SearchPage),
        (status = 400, description = "`invalid_cursor`"),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
        (status = 503, description = "`busy`; `Retry-After` says when to ask again"),
    ),
)]
pub(crate) async fn search_mentions(
    State(api): State<Api>,
    locale: Locale,
    Json(body): Json<SearchRequest>,
) -> Answer<SearchPage> {
    let mut checks = Checks::default();
    let limit = checks.within("limit", body.limit, DEFAULT_LIMIT, MAX_LIMIT) as usize;
    checks.finish()?;
    let order = body.order;
    let after = body.cursor.as_deref().map(|cursor| read_cursor(cursor, order)).transpose()?;
    let Selected { query, filter } = selection::read(&api, &body.selection, locale).await?;
    let asked = query.clone();
    let search =
        move |archive: &Archive| archive.search(asked.as_ref(), &filter, order.order(), after.as_ref(), limit + 1);
    let mut found = api.ask_archive(search).await?;
    let more = found.hits.len() > limit;
    found.hits.truncate(limit);
    let next_cursor = found.hits.last().filter(|_| more).map(|hit| format!("{}{}", order.letter(), hit.position));
    let ids: Vec<MentionId> = found.hits.iter().map(|hit| hit.id).collect();
    ok(SearchPage {
        items: rows(&api, &ids, query).await?,
        next_cursor,
        incomplete: api.incomplete(),
        missing: months(&found.missing),
    })
}

/// The mentions as they are now, in the order given, with the places of the query's words. Those deleted since are left out.
pub(crate) async fn rows(api: &Api, ids: &[MentionId], query: Option<Query>) -> Result<Vec<Mention>, Problem> {
    let mentions = api.storage().mentions_by_id(api.workspace(), ids).await?;
    let Some(query) = query else { return Ok(mentions.into_iter().map(Mention::from).collect()) };
    let placed = api.pipeline().places_in(api.workspace(), query, mentions).await?;
    Ok(placed.into_iter().map(|(mention, places)| Mention::found(mention, &places)).collect())
}

fn read_cursor(cursor: &str, order: SearchOrder) -> Result<Position, Problem> {
    let position = cursor.strip_prefix(order.letter()).and_then(|position| position.parse().ok());
    position.ok_or_else(|| StorageError::InvalidCursor.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_of_another_order_is_no_cursor() {
        let read = |cursor: &str, order| read_cursor(cursor, order).map_err(|problem| problem.code());
        assert!(read("n-1.5.6", SearchOrder::Newest).is_ok());
        for (cursor, order) in [
            ("n-1.5.6", SearchOrder::Reach),
            ("-1.5.6", SearchOrder::Newest),
            ("n", SearchOrder::Newest),
            ("", SearchOrder::Newest),
            ("я", SearchOrder::Relevance),
        ] {
            assert_eq!(read(cursor, order).err(), Some("invalid_cursor"), "{cursor}");
        }
    }
}
