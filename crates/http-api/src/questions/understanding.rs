use axum::extract::State;
use molva_archive::FacetCounts;
use molva_domain::{Intent, Stage, StoryId, Tone};
use molva_insights::measure::{self, net_sentiment};
use molva_insights::understanding::{self, UnderstandingQuestion, Understood};

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::labelling::audited::{self, Audited};
use crate::locale::Locale;
use crate::problem::Problem;
use crate::request::{Checks, Json};
use crate::search::months;
use crate::selection::{self, Selected};
use crate::wire::Id;
use crate::wire::estimate::ToneEstimates;
use crate::wire::questions::understanding as shape;
use crate::wire::questions::understanding::{
    IntentCounts, IntentShare, NetSentiment, OverTime, ShareBefore, SpamShare, StageShare, StoryMentions, ToneShare,
    Understanding, UnderstandingRequest,
};
use crate::wire::story::networks;
use crate::wire::words::Word;

/// Stories of the panel.
const STORIES: usize = 10;

/// In which mood it is said and what for: tones, intents, stages, spam and stories.
#[utoipa::path(
    post, path = "/api/questions/understanding", operation_id = "askUnderstanding", tag = "questions",
    request_body = UnderstandingRequest,
    responses(
        (status = 200, body = Understanding),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`; `too_many_buckets` of `unit`"),
        (status = 503, description = "`busy`; `Retry-After` says when to ask again"),
    ),
)]
pub(crate) async fn ask_understanding(
    State(api): State<Api>,
    locale: Locale,
    Json(body): Json<UnderstandingRequest>,
) -> Answer<Understanding> {
    let mut checks = Checks::default();
    let compare = super::stretch(&mut checks, "compare", body.compare.as_ref());
    checks.finish()?;
    let selected = selection::read(&api, &body.selection, locale).await?;
    let zone = super::zone(&api).await?;
    let audited = audited::read(&api, &selected, None).await?;
    let with_spam = understanding::with_spam(&selected.filter);
    let audited_with_spam =
        audited::read(&api, &Selected { query: selected.query.clone(), filter: with_spam }, None).await?;
    let (unit, now) = (body.unit.map(|unit| unit.0), api.now());
    let understood = api
        .ask_archive(move |archive| {
            let question = UnderstandingQuestion { of: selected.of(), zone, unit, compare, stories: STORIES, now };
            understanding::understanding(archive, &question)
        })
        .await?;
    let (now, before) = (&understood.now, understood.before.as_ref());
    let tones = audited.tones(&now.tones);
    ok(Understanding {
        period: now.stretch.map(Into::into),
        mentions: now.mentions,
        unjudged: now.tones.unjudged,
        judged_by_people: now.by_people,
        before_mentions: before.map(|before| before.mentions),
        tones: Tone::ALL.iter().map(|tone| tone_share(*tone, now, before, tones.as_ref())).collect(),
        net_sentiment: NetSentiment {
            value: net_sentiment(&now.tones),
            estimate: tones.and_then(|tones| tones.net_sentiment),
            before: before.and_then(|before| net_sentiment(&before.tones)),
        },
        intents: intents(now, before, &audited),
        without_intent: now.without_intent,
        stages: Stage::ALL.iter().map(|stage| stage_share(*stage, now, before, &audited)).collect(),
        without_stage: now.without_stage,
        spam: SpamShare {
            mentions: now.spam.spam,
            share: measure::share(now.spam.spam, now.spam.mentions),
            estimate: audited_with_spam.spam(now.spam.spam, now.spam.mentions),
            before: before.map(|before| share_before(before.spam.spam, before.spam.mentions)),
        },
        over_time: OverTime {
            unit: Word(understood.unit),
            time_zone: zone.name().to_owned(),
            buckets: understood.buckets.iter().map(bucket).collect(),
        },
        stories_distinct: understood.stories.distinct,
        stories: stories(&api, &understood.stories).await?,
        incomplete: api.incomplete(),
        missing: months(&understood.missing),
    })
}

fn share_before(mentions: u64, whole: u64) -> ShareBefore {
    ShareBefore { mentions, share: measure::share(mentions, whole) }
}

fn tone_share(
    tone: Tone,
    now: &Understood,
    before: Option<&Understood>,
    estimates: Option<&ToneEstimates>,
) -> ToneShare {
    let of = |understood: &Understood| match tone {
        Tone::Negative => understood.tones.negative,
        Tone::Neutral => understood.tones.neutral,
        Tone::Positive => understood.tones.positive,
    };
    ToneShare {
        tone: Word(tone),
        mentions: of(now),
        share: measure::share(of(now), now.mentions),
        estimate: estimates.and_then(|estimates| match tone {
            Tone::Negative => estimates.negative,
            Tone::Neutral => estimates.neutral,
            Tone::Positive => estimates.positive,
        }),
        before: before.map(|before| share_before(of(before), before.mentions)),
    }
}

fn intents(now: &Understood, before: Option<&Understood>, audited: &Audited) -> Vec<IntentShare> {
    let share = |intent: &Intent| IntentShare {
        intent: Word(*intent),
        mentions: now.intents[*intent as usize],
        share: measure::share(now.intents[*intent as usize], now.mentions),
        estimate: audited.intent(*intent, now.intents[*intent as usize], now.mentions),
        before: before.map(|before| share_before(before.intents[*intent as usize], before.mentions)),
    };
    let mut shares: Vec<IntentShare> = Intent::ALL.iter().map(share).collect();
    shares.sort_by_key(|share| std::cmp::Reverse(share.mentions));
    shares
}

fn stage_share(stage: Stage, now: &Understood, before: Option<&Understood>, audited: &Audited) -> StageShare {
    let of = |understood: &Understood| understood.stages[stage as usize];
    StageShare {
        stage: Word(stage),
        mentions: of(now),
        share: measure::share(of(now), now.mentions),
        estimate: audited.stage(Some(stage), of(now), now.mentions),
        before: before.map(|before| share_before(of(before), before.mentions)),
    }
}

fn bucket(bucket: &understanding::UnderstandingBucket) -> shape::UnderstandingBucket {
    shape::UnderstandingBucket {
        from: bucket.stretch.from.into(),
        to: bucket.stretch.before.into(),
        mentions: bucket.mentions,
        negative: bucket.tones.negative,
        neutral: bucket.tones.neutral,
        positive: bucket.tones.positive,
        unjudged: bucket.tones.unjudged,
        intents: IntentCounts::of(&bucket.intents),
    }
}

/// A story that was deleted since is left out.
async fn stories(api: &Api, counts: &FacetCounts) -> Result<Vec<StoryMentions>, Problem> {
    let ids: Vec<StoryId> = counts.values.iter().filter_map(|value| value.value.parse().ok()).collect();
    let stories = api.storage().stories_without_topics(api.workspace(), &ids).await?;
    let told = counts.values.iter().filter_map(|value| {
        let story = stories.get(&value.value.parse().ok()?)?;
        Some(StoryMentions {
            story_id: Id::of(&value.value),
            title: story.title.clone(),
            mentions: value.mentions,
            posts: story.posts,
            first_at: story.first_at.into(),
            last_at: story.last_at.into(),
            networks: networks(story.networks.clone()),
        })
    });
    Ok(told.collect())
}
