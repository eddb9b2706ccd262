use axum::extract::State;
use molva_insights::volume::{self, TopicVolume, VolumeFigures, VolumeQuestion};

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::labelling::audited::{self, Audited};
use crate::locale::Locale;
use crate::request::{Checks, Json};
use crate::search::months;
use crate::selection;
use crate::wire::Id;
use crate::wire::questions::volume as shape;
use crate::wire::questions::volume::{Volume, VolumeRequest};
use crate::wire::words::Word;

/// How much is said, of which topics, and what share of it is ours.
#[utoipa::path(
    post, path = "/api/questions/volume", operation_id = "askVolume", tag = "questions", request_body = VolumeRequest,
    responses(
        (status = 200, body = Volume),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
        (status = 503, description = "`busy`; `Retry-After` says when to ask again"),
    ),
)]
pub(crate) async fn ask_volume(
    State(api): State<Api>,
    locale: Locale,
    Json(body): Json<VolumeRequest>,
) -> Answer<Volume> {
    let mut checks = Checks::default();
    let compare = super::stretch(&mut checks, "compare", body.compare.as_ref());
    checks.finish()?;
    let selected = selection::read(&api, &body.selection, locale).await?;
    let audited = audited::read(&api, &selected, None).await?;
    let audited_before = match compare {
        Some(compare) => audited::read(&api, &selected, Some(compare)).await?,
        None => Audited::default(),
    };
    let topics = api.storage().topics(api.workspace()).await?;
    let topics: Vec<_> = topics.into_iter().map(|topic| (topic.id, topic.kind, topic.level)).collect();
    let now = api.now();
    let volume = api
        .ask_archive(move |archive| {
            volume::volume(archive, &VolumeQuestion { of: selected.of(), topics: &topics, compare, now })
        })
        .await?;
    ok(Volume {
        figures: figures(volume.now, &audited),
        before: volume.before.map(|before| figures(before, &audited_before)),
        incomplete: api.incomplete(),
        missing: months(&volume.missing),
    })
}

fn figures(figures: VolumeFigures, audited: &Audited) -> shape::VolumeFigures {
    shape::VolumeFigures {
        period: figures.stretch.map(Into::into),
        mentions: figures.mentions,
        authors: figures.authors,
        potential_reach: figures.potential_reach,
        reach_unknown: figures.reach_unknown,
        views: figures.views,
        estimates: audited.tones(&figures.tones),
        tones: figures.tones.into(),
        net_sentiment: figures.net_sentiment,
        per_day: figures.per_day,
        share_of_voice: figures.share_of_voice,
        share_of_voice_weighted: figures.share_of_voice_weighted,
        topics: figures.topics.into_iter().map(|own| topic(own, audited)).collect(),
    }
}

fn topic(topic: TopicVolume, audited: &Audited) -> shape::TopicVolume {
    shape::TopicVolume {
        topic_id: Id::of(topic.topic),
        kind: Word(topic.kind),
        level: Word(topic.level),
        selected: topic.selected,
        mentions: topic.mentions,
        reach: topic.reach,
        share: topic.share,
        share_weighted: topic.share_weighted,
        // Labelled mentions of topics that are not selected were not asked for.
        estimates: topic.selected.then(|| audited.of_topic(topic.topic).tones(&topic.tones)).flatten(),
        tones: topic.tones.into(),
        net_sentiment: topic.net_sentiment,
    }
}
