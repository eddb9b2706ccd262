use axum::extract::State;
use molva_archive::{Facet, FacetCounts};
use molva_insights::{measure, places};

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::labelling::audited;
use crate::locale::Locale;
use crate::request::{Checks, Json};
use crate::search::months;
use crate::selection;
use crate::wire::questions::places::{Place, PlaceList, Places, PlacesRequest};
use crate::wire::selection::Selection;

/// Where it is said, and where those who say it live.
#[utoipa::path(
    post, path = "/api/questions/places", operation_id = "askPlaces", tag = "questions", request_body = PlacesRequest,
    responses(
        (status = 200, body = Places),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
        (status = 503, description = "`busy`; `Retry-After` says when to ask again"),
    ),
)]
pub(crate) async fn ask_places(
    State(api): State<Api>,
    locale: Locale,
    Json(body): Json<PlacesRequest>,
) -> Answer<Places> {
    let mut checks = Checks::default();
    let limit = checks.within("limit", Some(body.limit), body.limit, super::MAX_ROWS) as usize;
    checks.finish()?;
    answer(&api, locale, &body.selection, limit).await
}

/// The answer with so many rows of each list, also more than the page asks for.
pub(crate) async fn answer(api: &Api, locale: Locale, selection: &Selection, limit: usize) -> Answer<Places> {
    let selected = selection::read(api, selection, locale).await?;
    let audited = audited::read(api, &selected, None).await?;
    let asked = api.ask_archive(move |archive| places::places(archive, selected.of(), limit)).await?;
    let communities = asked.places.iter().filter(|counts| counts.facet == Facet::Community);
    let newest = communities.flat_map(|counts| counts.values.iter().map(|value| value.newest));
    let examples = super::examples(api, newest.collect()).await?;
    let titles = |id| examples.get(&id)?.post.community.as_ref()?.title.clone().filter(|title| !title.is_empty());
    let list = |counts: FacetCounts| PlaceList {
        distinct: counts.distinct,
        others: counts.others,
        without: counts.without,
        values: counts
            .values
            .into_iter()
            .map(|value| Place {
                label: titles(value.newest)
                    .filter(|_| counts.facet == Facet::Community)
                    .unwrap_or_else(|| value.value.clone()),
                mentions: value.mentions,
                share: measure::share(value.mentions, asked.mentions),
                negative: value.tones.negative,
                neutral: value.tones.neutral,
                positive: value.tones.positive,
                unjudged: value.tones.unjudged,
                reach: value.reach,
                value: value.value,
            })
            .collect(),
    };
    let mut lists = asked.places.into_iter().map(list);
    let mut next = || lists.next().unwrap_or_default();
    ok(Places {
        mentions: asked.mentions,
        estimates: audited.tones(&asked.tones),
        networks: next(),
        sites: next(),
        communities: next(),
        countries: next(),
        regions: next(),
        cities: next(),
        incomplete: api.incomplete(),
        missing: months(&asked.missing),
    })
}
