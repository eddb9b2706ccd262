use std::collections::HashSet;

use axum::extract::State;
use molva_archive::{Archive, Ask, Error, Facet, FacetAsk, FacetCounts, Figures, Filter};
use molva_connectors::Localized;
use molva_domain::MentionState;
use molva_query::Query;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::{Locale, text};
use crate::request::{Checks, Json};
use crate::search::{labels, months};
use crate::selection::{self, Selected};
use crate::wire::search::{FacetName, FacetsRequest, SearchFacets};

const DEFAULT_LIMIT: u32 = 20;
const MAX_LIMIT: u32 = 100;

/// What there is to choose from: the values of facets with their counts. A facet's own choice does not narrow it.
#[utoipa::path(
    post, path = "/api/search/facets", operation_id = "searchFacets", tag = "search", request_body = FacetsRequest,
    responses(
        (status = 200, body = SearchFacets),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
        (status = 503, description = "`busy`; `Retry-After` says when to ask again"),
    ),
)]
pub(crate) async fn search_facets(
    State(api): State<Api>,
    locale: Locale,
    Json(body): Json<FacetsRequest>,
) -> Answer<SearchFacets> {
    let mut checks = Checks::default();
    let limit = checks.within("limit", body.limit, DEFAULT_LIMIT, MAX_LIMIT) as usize;
    let mut seen = HashSet::new();
    if body.facets.iter().any(|name| !seen.insert(Facet::from(*name))) {
        checks.wrong("facets", "named_twice", NAMED_TWICE);
    }
    checks.finish()?;
    let Selected { query, filter } = selection::read(&api, &body.selection, locale).await?;
    let wanted: Vec<Facet> = body.facets.iter().map(|name| Facet::from(*name)).collect();
    let asked = move |archive: &Archive| ask(archive, query.as_ref(), &filter, &wanted, limit);
    let (figures, facets) = api.ask_archive(asked).await?;
    ok(SearchFacets {
        count: figures.mentions,
        facets: labels::label(&api, body.facets.into_iter().zip(facets).collect::<Vec<(FacetName, _)>>()).await?,
        incomplete: api.incomplete(),
        missing: months(&figures.missing),
    })
}

/// The figures of the whole selection, and the facets in the order wanted.
fn ask(
    archive: &Archive,
    query: Option<&Query>,
    filter: &Filter,
    wanted: &[Facet],
    limit: usize,
) -> Result<(Figures, Vec<FacetCounts>), Error> {
    let facet_ask = |facet: Facet| FacetAsk { facet, limit, details: false };
    // Those the selection does not narrow are counted together.
    let together = wanted.iter().copied().filter(|facet| lifted(filter, *facet).is_none()).map(facet_ask).collect();
    let mut figures = archive.figures(query, filter, &Ask { facets: together, ..Ask::default() })?;
    let mut together = std::mem::take(&mut figures.facets).into_iter();
    let mut facets = Vec::with_capacity(wanted.len());
    for facet in wanted {
        let counts = match lifted(filter, *facet) {
            None => together.next(),
            Some(filter) => {
                let alone = Ask { facets: vec![facet_ask(*facet)], ..Ask::default() };
                archive.figures(query, &filter, &alone)?.facets.pop()
            }
        };
        facets.extend(counts);
    }
    Ok((figures, facets))
}

/// The filter without what it chooses of a facet; `None` when it chooses nothing of it.
fn lifted(filter: &Filter, facet: Facet) -> Option<Filter> {
    let mut lifted = filter.clone();
    match facet {
        Facet::Topic => lifted.topics.clear(),
        Facet::State => {
            // Who chooses binned ones knows of them and goes on seeing their number.
            lifted.states = if filter.states.is_empty() || filter.states.contains(&MentionState::Binned) {
                Vec::new()
            } else {
                selection::not_binned()
            };
        }
        Facet::Spam => {
            // What is left out unless it is asked for shows how much it is.
            lifted.without_spam = false;
            lifted.facets.retain(|(chosen, _)| *chosen != facet);
        }
        _ => lifted.facets.retain(|(chosen, _)| *chosen != facet),
    }
    (lifted != *filter).then_some(lifted)
}

const NAMED_TWICE: Localized = text(
    "names a facet twice; name each once",
    "называет один признак дважды; назовите каждый один раз",
    "називає одну ознаку двічі; назвіть кожну один раз",
);

#[cfg(test)]
mod tests {
    use molva_domain::TopicId;

    use super::*;

    #[test]
    fn a_facets_own_choice_is_lifted_and_nothing_else() {
        let filter = Filter {
            topics: vec![TopicId(1)],
            states: selection::not_binned(),
            facets: vec![(Facet::Tag, vec!["a".to_owned()]), (Facet::City, vec![String::new()])],
            without_copies: true,
            ..Filter::default()
        };
        assert_eq!(lifted(&filter, Facet::Network), None);
        assert_eq!(lifted(&filter, Facet::State), None, "the usual states are no choice");
        assert_eq!(lifted(&filter, Facet::Topic), Some(Filter { topics: Vec::new(), ..filter.clone() }));
        let without_tag = vec![(Facet::City, vec![String::new()])];
        assert_eq!(lifted(&filter, Facet::Tag), Some(Filter { facets: without_tag, ..filter.clone() }));
        let kept = Filter { states: vec![MentionState::Kept], ..filter.clone() };
        assert_eq!(lifted(&kept, Facet::State), Some(filter.clone()));
        let spam = Filter { without_spam: true, ..filter.clone() };
        assert_eq!(lifted(&spam, Facet::Spam), Some(filter.clone()));
        let binned = Filter { states: vec![MentionState::Binned], ..filter.clone() };
        assert_eq!(lifted(&binned, Facet::State), Some(Filter { states: Vec::new(), ..filter }));
    }
}
