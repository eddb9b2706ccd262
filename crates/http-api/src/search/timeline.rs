use axum::extract::State;
use molva_archive::{Archive, Ask, Error, Figures, Filter, Order};
use molva_connectors::Localized;
use molva_domain::Timestamp;
use molva_insights::calendar::{MAX_BUCKETS, TooManyBuckets, Unit, Zone, edges};
use molva_query::Query;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::{Locale, Message, text};
use crate::problem::Problem;
use crate::request::Json;
use crate::search::months;
use crate::selection::{self, Selected};
use crate::wire::search::{Timeline, TimelineBucket, TimelineRequest};
use crate::wire::words::Word;
use crate::workspace;

/// What is found over time, in buckets of the workspace's time zone. Where the selection says no beginning or end, the oldest
/// and newest mention found do; with a beginning alone it reaches to the present.
#[utoipa::path(
    post, path = "/api/search/timeline", operation_id = "searchTimeline", tag = "search", request_body = TimelineRequest,
    responses(
        (status = 200, body = Timeline),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`: `too_many_buckets` of `unit`"),
        (status = 503, description = "`busy`; `Retry-After` says when to ask again"),
    ),
)]
pub(crate) async fn search_timeline(
    State(api): State<Api>,
    locale: Locale,
    Json(body): Json<TimelineRequest>,
) -> Answer<Timeline> {
    let Selected { query, filter } = selection::read(&api, &body.selection, locale).await?;
    let zone = Zone::parse(&workspace::stored(&api).await?.time_zone).unwrap_or(Zone::UTC);
    let (unit, now) = (body.unit.map(|word| word.0), api.now());
    let asked = move |archive: &Archive| count(archive, query.as_ref(), &filter, zone, unit, now);
    let counted = api.ask_archive(asked).await?.map_err(|TooManyBuckets { .. }| {
        Problem::field("unit", "too_many_buckets", Message::with(TOO_MANY_BUCKETS, [&MAX_BUCKETS.to_string()]))
    })?;
    let buckets = counted.edges.windows(2).zip(&counted.figures.buckets);
    ok(Timeline {
        unit: Word(counted.unit),
        time_zone: zone.name().to_owned(),
        buckets: buckets
            .map(|(edges, bucket)| TimelineBucket {
                from: edges[0].into(),
                to: edges[1].into(),
                mentions: bucket.mentions,
            })
            .collect(),
        incomplete: api.incomplete(),
        missing: months(&counted.figures.missing),
    })
}

struct Counts {
    unit: Unit,
    edges: Vec<Timestamp>,
    figures: Figures,
}

fn count(
    archive: &Archive,
    query: Option<&Query>,
    filter: &Filter,
    zone: Zone,
    unit: Option<Unit>,
    now: Timestamp,
) -> Result<Result<Counts, TooManyBuckets>, Error> {
    let first = |order| -> Result<Option<Timestamp>, Error> {
        Ok(archive.search(query, filter, order, None, 1)?.hits.first().map(|hit| hit.at))
    };
    let from = match filter.from {
        Some(from) => Some(from),
        None => first(Order::Oldest)?.map(|at| Timestamp::from_millis(at.as_millis())),
    };
    // Edges are told in milliseconds: whoever asks for the rows between two of them must find all.
    let behind = |at: Timestamp| Timestamp::from_millis(at.as_millis() + 1);
    let before = match (filter.before, filter.from) {
        (Some(before), _) => Some(before),
        (None, Some(_)) => Some(first(Order::Newest)?.map_or(now, |at| behind(at).max(now))),
        (None, None) => first(Order::Newest)?.map(behind),
    };
    let (from, before) = from.zip(before).unwrap_or((now, now));
    let unit = unit.unwrap_or_else(|| Unit::suited(from, before));
    let edges = match edges(zone, unit, from, before) {
        Ok(edges) => edges,
        Err(too_many) => return Ok(Err(too_many)),
    };
    let figures = archive.figures(query, filter, &Ask { edges: edges.clone(), ..Ask::default() })?;
    Ok(Ok(Counts { unit, edges, figures }))
}

const TOO_MANY_BUCKETS: Localized = text(
    "cuts the period into more than {0} pieces; choose a longer one, or a shorter period",
    "делит период больше чем на {0} частей; выберите единицу крупнее или период короче",
    "ділить період більше ніж на {0} частин; виберіть більшу одиницю або коротший період",
);
