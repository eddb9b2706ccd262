use axum::extract::State;
use molva_archive::Tones;
use molva_insights::rhythm::{self, RhythmQuestion};

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::labelling::audited;
use crate::locale::Locale;
use crate::questions::collection;
use crate::request::{Checks, Json};
use crate::search::months;
use crate::selection;
use crate::wire::questions::rhythm::{Rhythm, RhythmBucket, RhythmRequest};
use crate::wire::words::Word;

/// When it is said: over time and over the hours of the week, with the gaps of collection.
#[utoipa::path(
    post, path = "/api/questions/rhythm", operation_id = "askRhythm", tag = "questions", request_body = RhythmRequest,
    responses(
        (status = 200, body = Rhythm),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`; `too_many_buckets` of `unit`"),
        (status = 503, description = "`busy`; `Retry-After` says when to ask again"),
    ),
)]
pub(crate) async fn ask_rhythm(
    State(api): State<Api>,
    locale: Locale,
    Json(body): Json<RhythmRequest>,
) -> Answer<Rhythm> {
    let mut checks = Checks::default();
    let compare = super::stretch(&mut checks, "compare", body.compare.as_ref());
    checks.finish()?;
    let selected = selection::read(&api, &body.selection, locale).await?;
    let zone = super::zone(&api).await?;
    let audited = audited::read(&api, &selected, None).await?;
    let collection = collection::read(&api, selected.filter.from, selected.filter.before).await?;
    let (unit, now) = (body.unit.map(|unit| unit.0), api.now());
    let rhythm = api
        .ask_archive(move |archive| {
            let question = RhythmQuestion { of: selected.of(), zone, unit, compare, collection: &collection, now };
            rhythm::rhythm(archive, &question)
        })
        .await?;
    let tones = rhythm.buckets.iter().fold(Tones::default(), |all, bucket| Tones {
        negative: all.negative + bucket.tones.negative,
        neutral: all.neutral + bucket.tones.neutral,
        positive: all.positive + bucket.tones.positive,
        unjudged: all.unjudged + bucket.tones.unjudged,
    });
    let bucket = |bucket: rhythm::RhythmBucket| RhythmBucket {
        from: bucket.stretch.from.into(),
        to: bucket.stretch.before.into(),
        mentions: bucket.mentions,
        negative: bucket.tones.negative,
        neutral: bucket.tones.neutral,
        positive: bucket.tones.positive,
        unjudged: bucket.tones.unjudged,
        gap: bucket.gap,
        before: bucket.before.map(|(_, mentions)| mentions),
        before_from: bucket.before.map(|(stretch, _)| stretch.from.into()),
        before_to: bucket.before.map(|(stretch, _)| stretch.before.into()),
    };
    ok(Rhythm {
        unit: Word(rhythm.unit),
        time_zone: zone.name().to_owned(),
        estimates: audited.tones(&tones),
        buckets: rhythm.buckets.into_iter().map(bucket).collect(),
        heat: rhythm.heat.chunks(24).map(<[u64]>::to_vec).collect(),
        gaps: collection::gaps(rhythm.gaps),
        incomplete: api.incomplete(),
        missing: months(&rhythm.missing),
    })
}
