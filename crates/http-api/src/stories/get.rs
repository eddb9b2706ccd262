use std::collections::BTreeMap;

use axum::extract::State;
use molva_archive::{Archive, Ask, Error, Facet, Figures, Filter};
use molva_domain::{StoryId, Timestamp};
use molva_insights::calendar::{Unit, Zone, edges};

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::request::PathId;
use crate::search::months;
use crate::wire::Mention;
use crate::wire::story::{StoryBucket, StoryDetail, StoryTimeline};
use crate::wire::words::Word;
use crate::workspace;

/// Networks whose spread is told apart.
const NETWORKS: usize = 6;

/// A story: how it began, how it spread over time and networks. An id that was merged into another leads to that one.
#[utoipa::path(
    get, path = "/api/stories/{id}", operation_id = "getStory", tag = "stories", params(("id" = String, Path)),
    responses(
        (status = 200, body = StoryDetail),
        (status = 404, description = "`not_found`"),
        (status = 503, description = "`busy`; `Retry-After` says when to ask again"),
    ),
)]
pub(crate) async fn get_story(State(api): State<Api>, PathId(id): PathId<StoryId>) -> Answer<StoryDetail> {
    let story = api.storage().story(api.workspace(), id).await?.ok_or_else(super::unknown)?;
    let of_first = api.storage().mentions_of_posts(api.workspace(), &[story.first_post]).await?;
    let mut of_first: Vec<_> = of_first.into_iter().map(|sibling| sibling.id).collect();
    of_first.sort_unstable();
    let first = api.storage().mentions_by_id(api.workspace(), &of_first).await?.into_iter().next();
    let zone = Zone::parse(&workspace::stored(&api).await?.time_zone).unwrap_or(Zone::UTC);
    let networks: Vec<String> = story.networks.iter().take(NETWORKS).map(|(network, _)| network.clone()).collect();
    let (of, from, last) = (story.id, story.first_at, story.last_at);
    let spread = api.ask_archive(move |archive: &Archive| spread(archive, of, from, last, zone, &networks)).await?;
    let timeline = spread.timeline(zone);
    ok(StoryDetail {
        story: story.into(),
        first: first.map(Mention::from),
        tones: spread.figures.tones.into(),
        timeline,
        incomplete: api.incomplete(),
        missing: months(&spread.figures.missing),
    })
}

/// Figures of a story.
struct Spread {
    unit: Unit,
    edges: Vec<Timestamp>,
    figures: Figures,
    by_network: Vec<(String, Figures)>,
}

fn spread(
    archive: &Archive,
    story: StoryId,
    first: Timestamp,
    last: Timestamp,
    zone: Zone,
    networks: &[String],
) -> Result<Spread, Error> {
    // Edges are told in milliseconds: whoever asks for the rows between two of them must find all.
    let (from, before) =
        (Timestamp::from_millis(first.as_millis()), Timestamp::from_millis(last.as_millis().saturating_add(1)));
    let unit = Unit::suited(from, before);
    // A suited unit never makes too many.
    let edges = edges(zone, unit, from, before).unwrap_or_else(|_| vec![from, before]);
    let facets = vec![(Facet::Story, vec![story.to_string()])];
    let filter = Filter { from: Some(from), before: Some(before), facets, ..Filter::default() };
    let ask = Ask { edges: edges.clone(), ..Ask::default() };
    let of_network = |network: &String| {
        let mut filter = filter.clone();
        filter.facets.push((Facet::Network, vec![network.to_lowercase()]));
        Ok((network.clone(), archive.figures(None, &filter, &ask)?))
    };
    let by_network = networks.iter().map(of_network).collect::<Result<Vec<_>, Error>>()?;
    Ok(Spread { unit, figures: archive.figures(None, &filter, &ask)?, edges, by_network })
}

impl Spread {
    fn timeline(&self, zone: Zone) -> StoryTimeline {
        let networks = |bucket: usize| -> BTreeMap<String, u64> {
            let of_bucket = self.by_network.iter().filter_map(|(network, figures)| {
                let mentions = figures.buckets.get(bucket)?.mentions;
                (mentions > 0).then(|| (network.clone(), mentions))
            });
            of_bucket.collect()
        };
        let buckets = self.edges.windows(2).zip(&self.figures.buckets).enumerate();
        let buckets = buckets.map(|(number, (edges, bucket))| StoryBucket {
            from: edges[0].into(),
            to: edges[1].into(),
            mentions: bucket.mentions,
            networks: networks(number),
        });
        StoryTimeline { unit: Word(self.unit), time_zone: zone.name().to_owned(), buckets: buckets.collect() }
    }
}
