use axum::extract::State;
use molva_connectors::Localized;
use molva_domain::{MachineJudgement, MentionId, Post, Span as Place};
use molva_pipeline::{Evidence, Explained, Reason as Found};

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::{Locale, text};
use crate::mentions::signs;
use crate::problem::Problem;
use crate::request::PathId;
use crate::wire::explanation::{
    ExplainingModel, Explanation, IntentReasons, Reason, ReasonKind, SpamReasons, StageReasons, ToneReasons,
};
use crate::wire::judgement::{score, words_of};
use crate::wire::words::Word;
use crate::wire::{Id, post};

/// Why the machine judges a mention as it does: the words and signs that decided, in the caller's language.
#[utoipa::path(
    get, path = "/api/mentions/{id}/explanation", operation_id = "explainMention", tag = "mentions",
    params(("id" = String, Path)),
    responses(
        (status = 200, body = Explanation),
        (status = 404, description = "`not_found`: the mention, or the words of a post that its network deleted"),
    ),
)]
pub(crate) async fn explain_mention(
    State(api): State<Api>,
    locale: Locale,
    PathId(id): PathId<MentionId>,
) -> Answer<Explanation> {
    let mention = api.storage().mention(api.workspace(), id).await?.ok_or_else(super::unknown)?;
    let (post, model) = (mention.post.clone(), api.pipeline().models());
    let explained = api.pipeline().explain(mention).await.ok_or_else(|| Problem::not_found(DELETED))?;
    let version = model.models.version().to_owned();
    ok(said(&explained, &post, version, locale))
}

fn said(explained: &Explained, post: &Post, version: String, locale: Locale) -> Explanation {
    let Explained { model, judgement, reasons: found } = explained;
    let MachineJudgement { tone, tone_scores, intent_scores, stage, stage_score, spam, motive, .. } = judgement;
    let reasons = |found: &[Found]| found.iter().map(|found| reason(found, post, locale)).collect();
    Explanation {
        tone: ToneReasons { label: Word(*tone), score: score(tone_scores.of(*tone)), reasons: reasons(&found.tone) },
        intents: found
            .intents
            .iter()
            .map(|(intent, found)| IntentReasons {
                intent: Word(*intent),
                score: score(intent_scores[*intent as usize]),
                reasons: reasons(found),
            })
            .collect(),
        stage: stage.map(|stage| StageReasons {
            stage: Word(stage),
            score: score(*stage_score),
            reasons: reasons(&found.stage),
        }),
        spam: SpamReasons { score: score(*spam), reasons: reasons(&found.spam) },
        motive: motive.and_then(|span| words_of(span, post)),
        motive_spans: post::spans(motive.as_slice(), post),
        model: ExplainingModel { id: Id::of(model), version },
    }
}

fn reason(found: &Found, post: &Post, locale: Locale) -> Reason {
    let at = |spans: &[molva_pipeline::Place]| -> Vec<Place> {
        spans.iter().map(|span| Place { in_title: span.in_title, start: span.start, end: span.end }).collect()
    };
    let weight = score(found.weight);
    let words = |spans: &[molva_pipeline::Place]| {
        let places = at(spans);
        let text = places.first().and_then(|place| words_of(*place, post)).unwrap_or_default();
        Reason { kind: ReasonKind::Words, text, spans: post::spans(&places, post), sign: None, weight }
    };
    match &found.what {
        Evidence::Words(spans) | Evidence::Object(spans) => words(spans),
        Evidence::Sign(sign) => Reason {
            kind: ReasonKind::Sign,
            text: locale.of(signs::sentence(*sign)).to_owned(),
            spans: Vec::new(),
            sign: Some(sign.as_str().to_owned()),
            weight,
        },
    }
}

const DELETED: Localized = text(
    "the post was deleted at its network: its words are not there any more",
    "запись удалена в своей сети: её слов больше нет",
    "допис видалено у своїй мережі: його слів більше немає",
);
